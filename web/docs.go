package web

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/web/api"
	"haggle/web/static"
)

//go:embed docs.html
var docsText string

// docsPage lists every operation of the API and every refusal; it is made from the same values as the API itself.
var docsPage = template.Must(template.New("docs").Parse(docsText))

type docsSection struct {
	Name       string
	Operations []docsOperation
}

type docsOperation struct {
	Method, Path, Summary string
	Token                 bool // needs one
	Body                  []docsField
	Query                 []docsField
}

type docsField struct {
	Name, Type, Note string
	Required         bool
}

// mountDocs serves the readable page of the API.
func mountDocs(app fiber.Router, doc *huma.OpenAPI) {
	page := renderDocs(doc)
	app.Get("/api/docs", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentSecurityPolicy, policy)
		c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
		return c.Send(page)
	})
}

func renderDocs(doc *huma.OpenAPI) []byte {
	var b bytes.Buffer
	err := docsPage.Execute(&b, map[string]any{
		"Sheet": static.URL("app.css"), "Icon": static.URL("icon.svg"), "Prefix": api.Prefix,
		"Sections": docsSections(doc), "Refusals": fault.Table(),
	})
	if err != nil {
		panic("web: the page of the API: " + err.Error())
	}
	return b.Bytes()
}

// docsSections groups the operations by their tag, in order of path.
func docsSections(doc *huma.OpenAPI) []docsSection {
	var sections []docsSection
	for _, path := range sortedPaths(doc) {
		item := doc.Paths[path]
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if o == nil {
				continue
			}
			name := strings.Join(o.Tags, " ")
			i := slices.IndexFunc(sections, func(s docsSection) bool { return s.Name == name })
			if i < 0 {
				i = len(sections)
				sections = append(sections, docsSection{Name: name})
			}
			sections[i].Operations = append(sections[i].Operations, docsOf(doc, o))
		}
	}
	slices.SortFunc(sections, func(a, b docsSection) int { return strings.Compare(a.Name, b.Name) })
	return sections
}

func sortedPaths(doc *huma.OpenAPI) []string {
	paths := make([]string, 0, len(doc.Paths))
	for p := range doc.Paths {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

func docsOf(doc *huma.OpenAPI, o *huma.Operation) docsOperation {
	d := docsOperation{Method: o.Method, Path: o.Path, Summary: o.Summary, Token: len(o.Security) > 0}
	for _, p := range o.Parameters {
		if p.In == "query" {
			d.Query = append(d.Query, docsField{Name: p.Name, Type: typeOf(p.Schema), Note: p.Description, Required: p.Required})
		}
	}
	if o.RequestBody != nil {
		if m := o.RequestBody.Content["application/json"]; m != nil {
			d.Body = docsFields(doc, m.Schema)
		}
	}
	return d
}

// docsFields lists the fields of an object in order of their names.
func docsFields(doc *huma.OpenAPI, s *huma.Schema) []docsField {
	if s != nil && s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s == nil {
		return nil
	}
	fields := make([]docsField, 0, len(s.Properties))
	for name, p := range s.Properties {
		fields = append(fields, docsField{Name: name, Type: typeOf(p), Note: p.Description, Required: slices.Contains(s.Required, name)})
	}
	slices.SortFunc(fields, func(a, b docsField) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

func typeOf(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	case s.Type == huma.TypeArray:
		return typeOf(s.Items) + "[]"
	case len(s.Enum) > 0:
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(s.Enum), " ", " | "), "[]")
	}
	return s.Type
}
