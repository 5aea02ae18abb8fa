package search

import (
	"maps"
	"slices"
	"strings"

	"haggle/internal/fault"
)

// maxID is the longest id an index takes.
const maxID = 64

// ValidID says whether every engine can store this id.
func ValidID(id string) bool {
	return id != "" && len(id) <= maxID && strings.IndexFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) < 0
}

// Path is the category with all its ancestors, root first, each once; empty for a document without a category.
func (d Document) Path() []string {
	path := slices.Clone(d.CategoryPath)
	if d.Category != "" && !slices.Contains(path, d.Category) {
		path = append(path, d.Category)
	}
	return path
}

// AttributeText is the attributes' values in the order of their names, as one searchable text.
func (d Document) AttributeText() string {
	var values []string
	for _, name := range slices.Sorted(maps.Keys(d.Attributes)) {
		values = append(values, d.Attributes[name])
	}
	return strings.Join(values, "\n")
}

// Latest keeps of every id the highest version, the later one among equals, in the order of first appearance.
// An id that no engine can store refuses the whole batch.
func Latest(docs []Document) ([]Document, error) {
	at := make(map[string]int, len(docs))
	var out []Document
	for _, d := range docs {
		if !ValidID(d.ID) {
			return nil, fault.Invalidf("id", "%q: want 1 to %d letters, digits, '-' or '_'", d.ID, maxID)
		}
		i, seen := at[d.ID]
		switch {
		case !seen:
			at[d.ID] = len(out)
			out = append(out, d)
		case d.Version >= out[i].Version:
			out[i] = d
		}
	}
	return out, nil
}
