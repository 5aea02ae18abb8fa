package searchtest

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"haggle/internal/money"
	"haggle/internal/search"
	"haggle/internal/testenv"
)

// Floors are the least an engine must reach on recorded queries.
type Floors struct {
	Ruten      float64 // mean nDCG@10 of Chinese queries for real listings
	RutenEmpty int     // how many of those queries may find nothing
	Chorus     float64 // mean nDCG@10 of English queries for products, graded by people
	// ChorusEmpty is how many of those may find nothing: one asks for a brand that no product has.
	ChorusEmpty int
}

// Quality measures the engine on listings and queries recorded elsewhere, and prints what it reached.
func Quality(t *testing.T, open Opener, floors Floors) {
	t.Run("ruten", func(t *testing.T) {
		set := readRuten(t)
		score := set.run(t, open(t))
		score.report(t, floors.Ruten, floors.RutenEmpty)
	})
	t.Run("chorus", func(t *testing.T) {
		set := readChorus(t)
		score := set.run(t, open(t))
		score.report(t, floors.Chorus, floors.ChorusEmpty)
	})
}

// judged is a set of documents with queries and how good each document is for them.
type judged struct {
	docs    []search.Document
	grades  map[string]map[string]float64 // by query, by id; missing = 0
	queries []string
}

// score gathers what single queries reached.
type score struct {
	docs   int
	graded []graded
	empty  []string // queries without a hit
}

type graded struct {
	query string
	ndcg  float64
}

// String is the query and its score, short.
func (g graded) String() string { return fmt.Sprintf("%s %.2f", g.query, g.ndcg) }

func (s *score) add(query string, hits []search.Hit, grades map[string]float64) {
	if len(hits) == 0 {
		s.empty = append(s.empty, query)
	}
	if value, ok := ndcg(hits, grades); ok {
		s.graded = append(s.graded, graded{query, value})
	}
}

func (s *score) report(t *testing.T, floor float64, emptyAllowed int) {
	t.Helper()
	slices.SortFunc(s.graded, func(a, b graded) int { return cmp.Compare(a.ndcg, b.ndcg) })
	mean := 0.0
	for _, g := range s.graded {
		mean += g.ndcg / float64(len(s.graded))
	}
	t.Logf("%d documents, %d queries with a good answer: nDCG@10 %.4f (floor %.4f); without a hit: %d %v", s.docs, len(s.graded), mean, floor, len(s.empty), s.empty)
	t.Logf("weakest: %v", s.graded[:min(15, len(s.graded))])
	if mean < floor {
		t.Errorf("nDCG@10 is %.4f, want at least %.4f", mean, floor)
	}
	if len(s.empty) > emptyAllowed {
		t.Errorf("%d queries find nothing, at most %d may", len(s.empty), emptyAllowed)
	}
}

// run fills the index and asks every query.
func (j judged) run(t *testing.T, index search.Index) score {
	t.Helper()
	began := time.Now()
	if err := index.Rebuild(context.Background(), feedOf(j.docs...)); err != nil {
		t.Fatal(err)
	}
	t.Logf("built in %v", time.Since(began).Round(time.Millisecond))
	out := score{docs: len(j.docs)}
	began = time.Now()
	for _, q := range j.queries {
		res, err := index.Search(context.Background(), search.Query{Text: q, Limit: 10})
		if err != nil {
			t.Fatalf("%q: %v", q, err)
		}
		out.add(q, res.Hits, j.grades[q])
	}
	t.Logf("%v a query", (time.Since(began) / time.Duration(len(j.queries))).Round(10*time.Microsecond))
	return out
}

// ndcg is the normalised discounted cumulative gain of the first ten hits: gain 2^grade − 1, discount log2(rank + 1)
// (Burges et al., Learning to Rank using Gradient Descent, 2005). There is none, ok is false, for a query without a good document.
func ndcg(hits []search.Hit, grades map[string]float64) (value float64, ok bool) {
	gain := func(grade float64, rank int) float64 { return (math.Exp2(grade) - 1) / math.Log2(float64(rank)+2) }
	var got, ideal float64
	for rank, h := range hits[:min(10, len(hits))] {
		got += gain(grades[h.ID], rank)
	}
	best := make([]float64, 0, len(grades))
	for _, g := range grades {
		best = append(best, g)
	}
	slices.SortFunc(best, func(a, b float64) int { return cmp.Compare(b, a) })
	for rank, g := range best[:min(10, len(best))] {
		ideal += gain(g, rank)
	}
	if ideal == 0 {
		return 0, false
	}
	return got / ideal, true
}

func readRuten(t *testing.T) judged {
	t.Helper()
	set := judged{grades: map[string]map[string]float64{}}
	for _, rec := range readCSV(t, "ruten_listings_zh_tw.csv") {
		set.docs = append(set.docs, search.Document{ID: rec["key"], Title: rec["title"], Kind: "fixed", Status: "open", Price: minor(t, rec["price_twd"])})
	}
	for _, rec := range readCSV(t, "ruten_queries_zh_tw.csv") {
		set.judge(rec["query"], rec["key"], 1)
	}
	return set
}

func readChorus(t *testing.T) judged {
	t.Helper()
	set := judged{grades: map[string]map[string]float64{}}
	f, err := os.Open(testenv.Shared(t, "data", "chorus_products.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var p struct {
			ID, Title, Supplier string
			Description         string `json:"short_description"`
			Price               money.Amount
		}
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		set.docs = append(set.docs, search.Document{ID: p.ID, Title: p.Title, Description: p.Description, Price: p.Price,
			Kind: "fixed", Status: "open", Attributes: map[string]string{"brand": p.Supplier}})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	for _, rec := range readCSV(t, "chorus_judgments.csv") {
		grade, err := strconv.ParseFloat(rec["rating"], 64)
		if err != nil {
			t.Fatal(err)
		}
		set.judge(rec["query"], rec["docid"], grade)
	}
	return set
}

func (j *judged) judge(query, id string, grade float64) {
	if j.grades[query] == nil {
		j.grades[query] = map[string]float64{}
		j.queries = append(j.queries, query)
	}
	j.grades[query][id] = grade
}

// readCSV reads a table with a first line of names.
func readCSV(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(testenv.Shared(t, "data", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	names, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		row := map[string]string{}
		for i, n := range names {
			row[n] = rec[i]
		}
		out = append(out, row)
	}
}

// minor reads whole dollars, with or without a fraction, as minor units.
func minor(t *testing.T, s string) money.Amount {
	t.Helper()
	whole, _, _ := strings.Cut(s, ".")
	if whole == "" {
		return 0
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return money.Amount(n * 100)
}
