package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strings"
)

//go:embed en.json zh-TW.json
var files embed.FS

// message is one text in its plural forms; a text that does not depend on a count has only other.
type message struct{ one, other string }

// catalogue is every message of one language by key.
type catalogue map[string]message

var catalogues = load()

func load() map[Lang]catalogue {
	all := map[Lang]catalogue{}
	for _, l := range Langs() {
		raw, err := files.ReadFile(string(l) + ".json")
		if err != nil {
			panic("locale: " + err.Error())
		}
		if all[l], err = parse(raw); err != nil {
			panic(fmt.Sprintf("locale: %s: %v", l, err))
		}
	}
	return all
}

func parse(raw []byte) (catalogue, error) {
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil, err
	}
	c := make(catalogue, len(entries))
	for key, v := range entries {
		m, err := parseMessage(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		c[key] = m
	}
	return c, nil
}

func parseMessage(raw json.RawMessage) (message, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return message{other: text}, nil
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(raw, &forms); err != nil {
		return message{}, err
	}
	if forms.Other == "" {
		return message{}, fmt.Errorf("no form other")
	}
	return message{one: forms.One, other: forms.Other}, nil
}

func (m message) form(n int64) string {
	if n == 1 && m.one != "" {
		return m.one
	}
	return m.other
}

// Has says whether there is a message under this key.
func Has(l Lang, key string) bool { _, ok := catalogues[l][key]; return ok }

// Keys lists every key of a language in order.
func Keys(l Lang) []string {
	keys := make([]string, 0, len(catalogues[l]))
	for k := range catalogues[l] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

var placeholder = regexp.MustCompile(`\{[a-zA-Z]+\}`)

// Placeholders lists the names that a message's forms use, each once, in order.
func Placeholders(l Lang, key string) []string {
	m := catalogues[l][key]
	seen := map[string]bool{}
	for _, p := range placeholder.FindAllString(m.one+m.other, -1) {
		seen[strings.Trim(p, "{}")] = true
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
