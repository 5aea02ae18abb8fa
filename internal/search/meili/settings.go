package meili

import (
	"strings"

	client "github.com/meilisearch/meilisearch-go"

	"haggle/internal/search/text"
)

// schema names everything that decides what is in an index, apart from what the server works out by its settings.
const schema = "meili-1/text-" + text.Version

// maxTotal is where the server stops paging and counting.
const maxTotal = 10_000

// settings is the whole configuration of an index.
func settings() *client.Settings {
	return &client.Settings{
		SearchableAttributes: []string{"words", "spellings", "facts", "details"}, // the better ones first
		DisplayedAttributes:  []string{"id", "version", "title", "price", "priceUp", "closes", "created", "popularity", "tie"},
		FilterableAttributes: []string{
			"kind", "status", "condition", "owner", "category", "price", "priceUp", "closes", "created", "popularity", "tie",
		},
		SortableAttributes: []string{"price", "priceUp", "closes", "created", "popularity", "tie"},
		// sort comes first: it acts only where a query sorts, and there only the first place gives a strict order.
		RankingRules: []string{
			"sort", "words", "typo", "proximity", "attribute", "exactness", "liked:desc", "created:desc", "tie:desc",
		},
		TypoTolerance: &client.TypoTolerance{
			Enabled:             true,
			MinWordSizeForTypos: client.MinWordSizeForTypos{OneTypo: 5, TwoTypos: 9},
			DisableOnWords:      []string{},
			DisableOnAttributes: []string{"details"},
			DisableOnNumbers:    true, // Chinese is numbers
		},
		Synonyms:       synonyms(),
		Pagination:     &client.Pagination{MaxTotalHits: maxTotal},
		Faceting:       &client.Faceting{MaxValuesPerFacet: 1000, SortFacetValuesBy: map[string]client.SortFacetType{"*": client.SortFacetTypeCount}},
		SearchCutoffMs: 1000,
	}
}

// maxSynonym is how many words of a query the server compares with its synonyms at once.
const maxSynonym = 3

// synonyms are the groups of package text in the server's alphabet.
func synonyms() map[string][]string {
	out := map[string][]string{}
	for _, group := range text.Groups() {
		for _, from := range group {
			key := encode(from, text.Asked)
			if strings.Count(key, " ") >= maxSynonym {
				continue
			}
			for _, to := range group {
				if to != from {
					out[key] = append(out[key], encode(to, text.Asked))
				}
			}
		}
	}
	return out
}
