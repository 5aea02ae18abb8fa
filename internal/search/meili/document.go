package meili

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/bits"
	"strings"

	"haggle/internal/search"
	"haggle/internal/search/text"
)

// document is what the server stores of one deal.
type document struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Title   string `json:"title"` // as it is; not searched

	Words     string `json:"words"`     // of the title
	Spellings string `json:"spellings"` // of the title: single characters, models joined and split
	Facts     string `json:"facts"`     // names of categories, values of attributes
	Details   string `json:"details"`   // the description

	Kind      string   `json:"kind,omitempty"`
	Status    string   `json:"status,omitempty"`
	Condition string   `json:"condition,omitempty"`
	Owner     string   `json:"owner,omitempty"`
	Category  []string `json:"category,omitempty"`

	Price      int64 `json:"price"`   // 0 = none shown
	PriceUp    int64 `json:"priceUp"` // never = none shown
	Closes     int64 `json:"closes"`  // Unix milliseconds, or never
	Created    int64 `json:"created"` // Unix milliseconds
	Popularity int64 `json:"popularity"`
	Liked      int   `json:"liked"` // doublings of popularity: a difference below one must not hide newer deals
	Tie        int64 `json:"tie"`   // decides among equals
}

// never is larger than any price or time and, like all numbers the server holds exactly, at most 53 bits long.
const never = 1<<53 - 1

func newDocument(d search.Document) document {
	facts := strings.Join(append([]string{d.AttributeText()}, d.CategoryNames...), "\n")
	out := document{
		ID: d.ID, Version: d.Version, Title: d.Title,
		Words: encode(d.Title, text.Asked), Spellings: encode(d.Title, text.Unigram|text.Joined|text.Part),
		Facts: encode(facts, text.Asked), Details: encode(d.Description, text.Asked),
		Kind: d.Kind, Status: d.Status, Condition: d.Condition, Owner: d.Owner, Category: d.Path(),
		Price: exact(int64(d.Price)), PriceUp: never, Closes: never, Created: d.CreatedAt.UnixMilli(),
		Popularity: exact(d.Popularity), Liked: bits.Len64(uint64(max(0, d.Popularity))), Tie: tie(d.ID),
	}
	if d.Price > 0 {
		out.PriceUp = out.Price
	}
	if !d.ClosesAt.IsZero() {
		out.Closes = d.ClosesAt.UnixMilli()
	}
	return out
}

func exact(n int64) int64 { return min(max(n, -never), never-1) }

// tie spreads ids evenly over the numbers the server holds exactly.
func tie(id string) int64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return int64(h.Sum64() & math.MaxInt64 >> 10)
}

// encode writes a text in the server's alphabet: folded Latin words as they are, each Chinese character as six digits
// and each pair of characters as twelve, so that a single character is the beginning of its pairs. Digits, because
// words of digits are never taken as misspelt.
func encode(s string, kinds text.Kinds) string {
	var out []string
	for _, t := range text.Tokens(s, kinds) {
		if t.Kind&(text.Unigram|text.Bigram) == 0 {
			out = append(out, t.Term)
			continue
		}
		var number strings.Builder
		for _, r := range t.Term {
			fmt.Fprintf(&number, "%06d", r)
		}
		out = append(out, number.String())
	}
	return strings.Join(out, " ")
}
