package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"haggle/internal/fault"
	"haggle/internal/search"
)

func TestNormalizeDefaults(t *testing.T) {
	q, err := search.Query{Text: "  red\tchair "}.Normalize()
	if err != nil {
		t.Fatal(err)
	}
	if q.Text != "red chair " || q.Limit != search.DefaultLimit || q.Sort != search.Relevance || len(q.Status) != 1 || q.Status[0] != "open" {
		t.Errorf("got %+v", q)
	}
	if s := (search.Query{Sort: search.Relevance, Text: " "}).Effective(); s != search.Newest {
		t.Errorf("relevance without a text is %s, want newest", s)
	}
}

func TestNormalizeBoundsAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := string(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "bytes")) + strings.Repeat("相", rapid.IntRange(0, 300).Draw(t, "n"))
		q, err := search.Query{Text: in}.Normalize()
		if err != nil || !utf8.ValidString(q.Text) || utf8.RuneCountInString(q.Text) > search.MaxText {
			t.Fatalf("%q became %q, %v", in, q.Text, err)
		}
		again, _ := q.Normalize()
		if again.Text != q.Text {
			t.Fatalf("%q became %q, then %q", in, q.Text, again.Text)
		}
	})
}

func TestCursorBelongsToItsQuery(t *testing.T) {
	q, _ := search.Query{Text: "chair", Limit: 10}.Normalize()
	q.Cursor = search.Cursor{Score: 1.5, Key: -7, Created: 3, Tie: "x", Level: 1}.Encode(q)
	c, err := q.After()
	if err != nil || c.Score != 1.5 || c.Key != -7 || c.Created != 3 || c.Tie != "x" || c.Level != 1 {
		t.Fatalf("got %+v, %v", c, err)
	}
	q.Limit = 20
	if _, err := q.After(); err != nil {
		t.Errorf("with another limit: %v", err)
	}
	q.Text = "table"
	if _, err := q.After(); !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("with another text: %v, want a refusal", err)
	}
}

func TestPath(t *testing.T) {
	for _, c := range []struct {
		doc  search.Document
		want string
	}{
		{search.Document{}, ""},
		{search.Document{Category: "b", CategoryPath: []string{"a"}}, "a b"},
		{search.Document{Category: "b", CategoryPath: []string{"a", "b"}}, "a b"},
	} {
		if got := strings.Join(c.doc.Path(), " "); got != c.want {
			t.Errorf("%+v: path %q, want %q", c.doc, got, c.want)
		}
	}
}
