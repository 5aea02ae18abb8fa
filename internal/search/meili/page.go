package meili

import (
	"fmt"
	"strconv"
	"strings"

	client "github.com/meilisearch/meilisearch-go"

	"haggle/internal/search"
)

// page is one page of a query as requests to the server.
type page struct {
	index string
	query search.Query
	words string
	after *search.Cursor
	level int
}

// choices are the facets a query may have chosen from; facetAll stands for none of them.
var choices = []string{search.FacetKind, search.FacetCondition, search.FacetCategory}

const facetAll = ""

// requests are, in this order: the hits; the total with the facets in which nothing is chosen; one for each facet in
// which something is, without that choice.
func (p page) requests() []*client.SearchRequest {
	hits := p.request(facetAll)
	hits.Limit = int64(p.query.Limit) + 1 // one more tells whether there is a next page
	hits.AttributesToRetrieve = append([]string{"id", "title"}, p.keys()...)
	hits.Sort = p.sort()
	if p.after != nil {
		hits.Offset = p.after.Offset
		if past := p.past(); past != "" {
			hits.Filter = append(p.filter(facetAll), past)
		}
	}
	total := p.counting(facetAll)
	out := []*client.SearchRequest{hits, total}
	for _, facet := range choices {
		if p.chosen(facet) == "" {
			total.Facets = append(total.Facets, facet)
			continue
		}
		others := p.counting(facet)
		others.Facets = []string{facet}
		out = append(out, others)
	}
	return out
}

func (p page) request(without string) *client.SearchRequest {
	r := &client.SearchRequest{IndexUID: p.index, Query: p.words, Filter: p.filter(without), MatchingStrategy: client.All}
	if p.level != strict {
		r.MatchingStrategy = client.Last
	}
	return r
}

// counting asks for numbers only. With hitsPerPage they are exact; with offset and limit they would be estimates.
func (p page) counting(without string) *client.SearchRequest {
	r, one := p.request(without), int64(1)
	r.Page, r.HitsPerPage, r.AttributesToRetrieve = 1, &one, []string{"id"}
	return r
}

func (p page) chosen(facet string) string {
	switch facet {
	case search.FacetKind:
		return p.query.Kind
	case search.FacetCondition:
		return p.query.Condition
	default:
		return p.query.Category
	}
}

// filter is a list of conditions that all have to hold.
func (p page) filter(without string) []string {
	status := make([]string, len(p.query.Status))
	for i, s := range p.query.Status {
		status[i] = quoted(s)
	}
	out := []string{"status IN [" + strings.Join(status, ", ") + "]"}
	for _, facet := range choices {
		if value := p.chosen(facet); value != "" && facet != without {
			out = append(out, facet+" = "+quoted(value))
		}
	}
	if p.query.Owner != "" {
		out = append(out, "owner = "+quoted(p.query.Owner))
	}
	if p.query.PriceMin != nil {
		out = append(out, fmt.Sprintf("price >= %d", *p.query.PriceMin))
	}
	if p.query.PriceMax != nil {
		out = append(out, fmt.Sprintf("price <= %d", *p.query.PriceMax))
	}
	if p.query.PriceMin != nil || p.query.PriceMax != nil {
		out = append(out, "price > 0") // a deal without a shown price matches no bound
	}
	return out
}

// quoted makes any text one value of the server's filter language.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// order is an attribute and the direction its values run in.
type order struct {
	attribute string
	rising    bool
}

// orders is what the hits are sorted by; none where the server ranks them.
func (p page) orders() []order {
	newest := []order{{"created", false}, {"tie", false}}
	first := map[search.Sort]order{
		search.Ending: {"closes", true}, search.PriceUp: {"priceUp", true}, search.PriceDown: {"price", false}, search.MostWanted: {"popularity", false},
	}
	switch sort := p.query.Effective(); sort {
	case search.Relevance:
		return nil
	case search.Newest:
		return newest
	default:
		return append([]order{first[sort]}, newest...)
	}
}

func (p page) sort() []string {
	var out []string
	for _, o := range p.orders() {
		direction := ":desc"
		if o.rising {
			direction = ":asc"
		}
		out = append(out, o.attribute+direction)
	}
	return out
}

// keys are the attributes a cursor is made of.
func (p page) keys() []string {
	var out []string
	for _, o := range p.orders() {
		out = append(out, o.attribute)
	}
	return out
}

// past is the condition of standing after the cursor: later in the first order, or equal there and later in the
// second, and so on. Empty where the cursor counts hits.
func (p page) past() string {
	orders := p.orders()
	values := p.cursorValues(orders)
	condition := ""
	for i := len(orders) - 1; i >= 0; i-- {
		later := orders[i].attribute + " < " + values[i]
		if orders[i].rising {
			later = orders[i].attribute + " > " + values[i]
		}
		if condition != "" {
			later = fmt.Sprintf("(%s OR (%s = %s AND %s))", later, orders[i].attribute, values[i], condition)
		}
		condition = later
	}
	return condition
}

func (p page) cursorValues(orders []order) []string {
	tie, err := strconv.ParseInt(p.after.Tie, 10, 64)
	if err != nil {
		tie = 0 // a forged cursor begins somewhere
	}
	values := []int64{p.after.Key, p.after.Created, tie}
	values = values[len(values)-len(orders):]
	out := make([]string, len(orders))
	for i, v := range values {
		out[i] = strconv.FormatInt(v, 10)
	}
	return out
}

// cursor is the place of the last hit of this page.
func (p page) cursor(last document) search.Cursor {
	if len(p.orders()) == 0 {
		offset := int64(p.query.Limit)
		if p.after != nil {
			offset += p.after.Offset
		}
		return search.Cursor{Level: p.level, Offset: offset}
	}
	key := map[search.Sort]int64{
		search.Ending: last.Closes, search.PriceUp: last.PriceUp, search.PriceDown: last.Price, search.MostWanted: last.Popularity,
	}[p.query.Effective()]
	return search.Cursor{Level: p.level, Key: key, Created: last.Created, Tie: strconv.FormatInt(last.Tie, 10)}
}
