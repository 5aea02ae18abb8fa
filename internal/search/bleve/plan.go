package bleve

import (
	"context"
	"math"

	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"haggle/internal/search/text"
)

// What a match is worth, in units of the rarity of its term. Tuned on real listings; the suite holds the result.
const (
	worthTitle       = 4.0
	worthFacts       = 2.0
	worthDescription = 0.5

	likeStem    = 0.7 // of the exact word
	likeJoined  = 0.8
	likeParts   = 0.8
	likePrefix  = 0.6
	likeTypo    = 0.5
	likeSynonym = 0.9

	bonusPhrase   = 8.0  // the whole query stands in the title as it was typed
	bonusCategory = 12.0 // the query, or its last words, is the name of the deal's category
)

// maxUnits is how many terms of a query are looked up; a person's query has fewer.
const maxUnits = 32

// rareBelow is how few deals may hold a word as it was typed for it to be taken as possibly misspelt.
const rareBelow = 3

// planner turns a text into a bleve query, with the term statistics of one snapshot.
type planner struct {
	ctx    context.Context
	reader index.IndexReader
	total  float64
}

// plan is a text that can be asked for more and more loosely.
type plan struct {
	readings []reading // the text, then its rewrites
	bonuses  []query.Query
}

// reading is a text as units that should all match.
type reading struct {
	units  []query.Query
	rarity float64 // of all units together
}

func (p *planner) plan(asked string) plan {
	var out plan
	for i, variant := range append([]string{asked}, text.Rewrites(asked)...) {
		if r := p.read(variant, i == 0); len(r.units) > 0 {
			out.readings = append(out.readings, r)
		}
	}
	if len(out.readings) > 0 {
		out.bonuses = bonuses(asked, len(out.readings[0].units))
	}
	return out
}

// anyWord is the loosest level.
const anyWord = 2

// levels is how loosely the text can be asked for: 0 wants every unit, 1 three in five, 2 any.
func (p plan) levels() int {
	switch {
	case len(p.readings) == 0:
		return 0
	case len(p.readings[0].units) == 1:
		return 1
	}
	return anyWord + 1
}

// query is the text at one level of looseness.
func (p plan) query(level int) query.Query {
	var readings []query.Query
	for i, r := range p.readings {
		q := r.query(level)
		if i > 0 { // a synonym is worth less than the word itself, however rare it is
			q = times{q, likeSynonym * min(1, p.readings[0].rarity/r.rarity)}
		}
		readings = append(readings, q)
	}
	return query.NewBooleanQuery([]query.Query{greatest(readings)}, p.bonuses, nil)
}

func (r reading) query(level int) query.Query {
	if level == 0 {
		return query.NewConjunctionQuery(r.units)
	}
	some := query.NewDisjunctionQuery(r.units)
	some.SetMin(needed(level, len(r.units)))
	return some
}

func needed(level, units int) float64 {
	if level >= anyWord {
		return 1
	}
	return math.Ceil(float64(units) * 0.6)
}

func bonuses(asked string, units int) []query.Query {
	var out []query.Query
	if units > 1 {
		phrase := query.NewMatchPhraseQuery(asked)
		phrase.SetField(fieldTitle)
		phrase.Analyzer = analyzerAsked
		out = append(out, worth{phrase, bonusPhrase})
	}
	var names []query.Query
	for _, name := range text.Names(asked) {
		names = append(names, term(fieldCategory, name))
	}
	if len(names) > 0 {
		out = append(out, worth{query.NewDisjunctionQuery(names), bonusCategory})
	}
	return out
}

// read makes one unit of each term of the text; typed says that it is the text as it was typed.
func (p *planner) read(asked string, typed bool) reading {
	tokens := text.Tokens(asked, text.Asked)
	if len(tokens) > maxUnits {
		tokens = tokens[:maxUnits]
	}
	unfinished := ""
	if typed {
		unfinished = text.LastWord(asked)
	}
	var out reading
	for i, t := range tokens {
		u := unit{rarity: p.rarity(t.Term)}
		u.everywhere(t.Term, 1)
		if t.Kind == text.Word {
			p.word(&u, t.Term)
			u.neighbours(tokens, i)
			if i == len(tokens)-1 && t.Term == unfinished {
				u.add(prefixed(t.Term), worthTitle*likePrefix)
			}
		}
		out.units = append(out.units, greatest(u.ways))
		out.rarity += u.rarity
	}
	return out
}

// unit collects the ways in which one term may match.
type unit struct {
	rarity float64
	ways   []query.Query
}

func (u *unit) add(q query.Query, points float64) {
	u.ways = append(u.ways, worth{q, points * u.rarity})
}

func (u *unit) everywhere(t string, like float64) {
	u.add(term(fieldTitle, t), worthTitle*like)
	u.add(term(fieldFacts, t), worthFacts*like)
	u.add(term(fieldDescription, t), worthDescription*like)
}

// neighbours lets "head phones" find "headphones".
func (u *unit) neighbours(tokens []text.Token, i int) {
	if i+1 < len(tokens) && tokens[i+1].Kind == text.Word {
		u.everywhere(tokens[i].Term+tokens[i+1].Term, likeJoined)
	}
	if i > 0 && tokens[i-1].Kind == text.Word {
		u.everywhere(tokens[i-1].Term+tokens[i].Term, likeJoined)
	}
}

// word adds stem, parts and misspellings.
func (p *planner) word(u *unit, word string) {
	var parts []query.Query
	for _, t := range text.Tokens(word, text.Stem|text.Part) {
		if t.Kind == text.Stem {
			u.everywhere(t.Term, likeStem)
		} else {
			parts = append(parts, term(fieldTitle, t.Term))
		}
	}
	if len(parts) > 1 {
		u.add(query.NewConjunctionQuery(parts), worthTitle*likeParts)
	}
	if typos := text.Typos(word); typos > 0 && p.found(fieldLatin, word) < rareBelow {
		u.add(misspelt(word, typos), worthTitle*likeTypo)
	}
}

func term(field, t string) query.Query {
	q := query.NewTermQuery(t)
	q.SetField(field)
	return q
}

func prefixed(t string) query.Query {
	q := query.NewPrefixQuery(t)
	q.SetField(fieldLatin)
	return q
}

// misspelt finds words at most so many slips away that begin with the same letter. It must not run over a field with
// Chinese terms: bleve would walk all of them.
func misspelt(t string, typos int) query.Query {
	q := query.NewFuzzyQuery(t)
	q.SetField(fieldLatin)
	q.SetFuzziness(typos)
	q.SetPrefix(1)
	return q
}

// rarity is the inverse document frequency of a term among titles, in steps of a quarter: a deal more or less must
// not move the scores between two pages.
func (p *planner) rarity(t string) float64 {
	idf := math.Log(1 + p.total/float64(1+p.found(fieldTitle, t)))
	return math.Max(1, math.Round(idf*4)) / 4
}

// found is in how many documents the field holds the term. Where the index cannot say, the term counts as absent.
func (p *planner) found(field, t string) uint64 {
	r, err := p.reader.TermFieldReader(p.ctx, []byte(t), field, false, false, false)
	if err != nil {
		return 0
	}
	defer r.Close()
	return r.Count()
}
