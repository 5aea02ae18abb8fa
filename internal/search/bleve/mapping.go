package bleve

import (
	"hash/maphash"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"

	"haggle/internal/search"
	"haggle/internal/search/text"
)

// Fields of the inverted index.
const (
	fieldTitle       = "title"
	fieldFacts       = "facts" // names of categories, values of attributes
	fieldDescription = "description"
	fieldLatin       = "latin"    // the Latin words of title and facts: misspellings and beginnings are looked up here
	fieldCategory    = "category" // each category name as one term
	fieldRow         = "row"      // stored, not indexed: the row held in memory
)

// schema names everything that decides what is in an index. Another schema on disk means: rebuild.
const schema = "bleve-1/text-" + text.Version

const (
	analyzerIndexed = "haggle-indexed"
	analyzerAsked   = "haggle-asked"
	analyzerLatin   = "haggle-latin"
)

func init() {
	for name, kinds := range map[string]text.Kinds{
		analyzerIndexed: text.Indexed, analyzerAsked: text.Asked, analyzerLatin: text.Latin,
	} {
		err := registry.RegisterAnalyzer(name, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
			return analyzer(kinds), nil
		})
		if err != nil {
			panic(err)
		}
	}
}

// analyzer gives bleve the tokens of package text.
type analyzer text.Kinds

func (a analyzer) Analyze(input []byte) analysis.TokenStream {
	tokens := text.Tokens(string(input), text.Kinds(a))
	stream := make(analysis.TokenStream, len(tokens))
	for i, t := range tokens {
		stream[i] = &analysis.Token{Term: []byte(t.Term), Start: t.Start, End: t.End, Position: t.Position}
	}
	return stream
}

func newMapping() mapping.IndexMapping {
	deal := bleve.NewDocumentStaticMapping()
	title := indexed(analyzerIndexed)
	title.IncludeTermVectors, title.SkipFreqNorm = true, false // for phrases
	deal.AddFieldMappingsAt(fieldTitle, title)
	deal.AddFieldMappingsAt(fieldFacts, indexed(analyzerIndexed))
	deal.AddFieldMappingsAt(fieldDescription, indexed(analyzerIndexed))
	deal.AddFieldMappingsAt(fieldLatin, indexed(analyzerLatin))
	deal.AddFieldMappingsAt(fieldCategory, indexed(keyword.Name))
	row := indexed(keyword.Name)
	row.Index, row.Store = false, true
	deal.AddFieldMappingsAt(fieldRow, row)

	m := bleve.NewIndexMapping()
	m.DefaultMapping = deal
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

// indexed is a text field of which only the terms are kept.
func indexed(analyzer string) *mapping.FieldMapping {
	f := bleve.NewTextFieldMapping()
	f.Analyzer = analyzer
	f.Store, f.DocValues, f.IncludeInAll, f.IncludeTermVectors, f.SkipFreqNorm = false, false, false, false, true
	return f
}

// fields is the document as bleve reads it.
func fields(d search.Document) map[string]any {
	facts := append([]string{d.AttributeText()}, d.CategoryNames...)
	names := make([]string, len(d.CategoryNames))
	for i, name := range d.CategoryNames {
		names[i] = text.Words(name)
	}
	return map[string]any{
		fieldTitle:       d.Title,
		fieldFacts:       facts,
		fieldDescription: d.Description,
		fieldLatin:       append([]string{d.Title}, facts...),
		fieldCategory:    names,
		fieldRow:         string(storedOf(d).encode()),
	}
}

var seed = maphash.MakeSeed()

// words is a number of all that can be found in a document. Two that differ in their words have another, but for once in 2⁶⁴.
func words(d search.Document) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, part := range append([]string{d.Title, d.Description, d.AttributeText()}, d.CategoryNames...) {
		_, _ = h.WriteString(part)
		_ = h.WriteByte(0xff) // no text has it
	}
	return h.Sum64()
}
