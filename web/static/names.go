package static

import "sort"

// Version names the content of all assets together.
func Version() string { return version }

// Addresses lists the address of every asset, in order.
func Addresses() []string {
	all := make([]string, 0, len(assets))
	for name := range assets {
		all = append(all, URL(name))
	}
	sort.Strings(all)
	return all
}
