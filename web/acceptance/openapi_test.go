package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// document is the served OpenAPI document, as far as tests walk it.
type document struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct{ Schemas map[string]*schema }
	ops        []operation
}

// schema is a JSON Schema, as far as the API uses it.
type schema struct {
	Ref                  string `json:"$ref"`
	Type                 any    // a name, or a list of names
	Properties           map[string]*schema
	Required             []string
	Items                *schema
	Enum                 []any
	MaxLength            *int
	AdditionalProperties json.RawMessage
}

// is says whether a value of this type fits.
func (s *schema) is(kind string) bool {
	if list, ok := s.Type.([]any); ok {
		return slices.Contains(list, any(kind))
	}
	return s.Type == kind
}

// param is a parameter in path, query or header.
type param struct {
	Name, In string
	Schema   *schema
}

// operation is one method of one path.
type operation struct {
	Method, Path, ID string
	params           []param
	body             *schema // of a JSON body; nil: none
	required         bool
	secured          bool
}

func (o operation) String() string { return o.Method + " " + strings.TrimPrefix(o.Path, "/api/v1") }

// takes says whether there is anything in a request that can be wrong.
func (o operation) takes() bool { return o.body != nil || len(o.params) > 0 }

// document reads /api/v1/openapi.json.
func (m *market) document() (d document) {
	m.t.Helper()
	m.guest().do("GET", "/openapi.json", nil).want(200).into(&d)
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			var raw struct {
				OperationID string
				Parameters  []param
				RequestBody struct {
					Required bool
					Content  map[string]struct{ Schema *schema }
				}
				Security []any
			}
			if err := json.Unmarshal(d.Paths[path][method], &raw); err != nil {
				m.t.Fatalf("%s %s: %v", method, path, err)
			}
			d.ops = append(d.ops, operation{Method: strings.ToUpper(method), Path: path, ID: raw.OperationID, params: raw.Parameters,
				body: raw.RequestBody.Content["application/json"].Schema, required: raw.RequestBody.Required, secured: len(raw.Security) > 0})
		}
	}
	if len(d.ops) < 40 {
		m.t.Fatalf("the document has %d operations", len(d.ops))
	}
	return d
}

func (d document) operations() []operation { return d.ops }

// knows says whether another template of the document matches this path and method: /sessions/{id} answers for
// /sessions/current, too.
func (d document) knows(method, path string) bool {
	for _, o := range d.ops {
		if o.Method == method && matches(o.Path, path) {
			return true
		}
	}
	return false
}

func matches(template, path string) bool {
	a, b := strings.Split(template, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !strings.HasPrefix(a[i], "{") {
			return false
		}
	}
	return true
}

// field is one place in a body.
type field struct {
	path     []any // keys and indexes
	name     string
	schema   *schema
	required bool
}

func (d document) resolve(s *schema) *schema {
	for s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	return s
}

// fields lists every place in a body, those within objects and of a list's first element too.
func (d document) fields(body *schema) []field { return d.within(field{schema: d.resolve(body)}) }

func (d document) within(f field) (out []field) {
	for _, name := range slices.Sorted(maps.Keys(f.schema.Properties)) {
		out = append(out, d.deeper(f, name, f.schema.Properties[name], slices.Contains(f.schema.Required, name))...)
	}
	if s := f.schema.Items; s != nil && (s.Ref != "" || s.Type != nil) {
		out = append(out, d.deeper(f, 0, s, false)...)
	}
	var others schema
	if json.Unmarshal(f.schema.AdditionalProperties, &others) == nil && others.Type != nil {
		out = append(out, d.deeper(f, "other", &others, false)...)
	}
	return out
}

func (d document) deeper(f field, step any, s *schema, required bool) []field {
	child := field{path: append(slices.Clone(f.path), step), schema: d.resolve(s), required: required}
	switch key, isKey := step.(string); {
	case !isKey:
		child.name = fmt.Sprintf("%s[%d]", f.name, step)
	case f.name == "":
		child.name = key
	default:
		child.name = f.name + "." + key
	}
	return append([]field{child}, d.within(child)...)
}

// hole stands where a value goes that no Go value can be.
const hole = "\u2042 here \u2042"

// with is a body as JSON with another value at one place; "" takes the place away. Not ok: what is around the place is
// not there.
func with(body obj, path []any, value string) (string, bool) {
	raw, _ := json.Marshal(body)
	var tree any
	_ = json.Unmarshal(raw, &tree)
	if body == nil {
		tree = map[string]any{}
	}
	if len(path) > 0 && !put(tree, path, value == "") {
		return "", false
	}
	raw, _ = json.Marshal(tree)
	quoted, _ := json.Marshal(hole)
	return strings.Replace(string(raw), string(quoted), value, 1), true
}

func put(tree any, path []any, remove bool) bool {
	for ; len(path) > 1; path = path[1:] {
		switch step := path[0].(type) {
		case string:
			parent, _ := tree.(map[string]any)
			tree = parent[step]
		case int:
			parent, _ := tree.([]any)
			if step >= len(parent) {
				return false
			}
			tree = parent[step]
		}
	}
	switch step := path[0].(type) {
	case string:
		parent, ok := tree.(map[string]any)
		if !ok {
			return false
		}
		if parent[step] = hole; remove {
			delete(parent, step)
		}
	case int:
		parent, _ := tree.([]any)
		if step >= len(parent) {
			return false
		}
		parent[step] = hole
	}
	return true
}
