package api

import (
	"context"
	"net/http"

	"haggle/internal/fault"
	"haggle/internal/market"
)

type refusalRow struct {
	Code    string   `json:"code"`
	Status  int      `json:"status"`
	Class   string   `json:"class"`
	Params  []string `json:"params"`
	Meaning string   `json:"meaning"`
}

// site registers what needs nobody to be signed in.
func (s *server) site() {
	handle(s, op(http.MethodGet, "/site", "getSite", "What a client must know of the site", tag("site")),
		func(_ context.Context, _ *struct{}) (*body[market.SiteView], error) {
			return answer(s.Market.Site(), nil)
		})
	handle(s, op(http.MethodGet, "/categories", "listCategories", "The tree of categories", tag("site")),
		func(_ context.Context, _ *struct{}) (*body[[]market.CategoryView], error) {
			return answer(s.Market.Categories(), nil)
		})
	handle(s, op(http.MethodGet, "/refusals", "listRefusals", "Every refusal code in order of precedence", tag("site")),
		func(_ context.Context, _ *struct{}) (*body[[]refusalRow], error) { return answer(refusals(), nil) })
}

func refusals() []refusalRow {
	var rows []refusalRow
	for _, m := range fault.Table() {
		params := m.Params
		if params == nil {
			params = []string{}
		}
		rows = append(rows, refusalRow{Code: string(m.Code), Status: m.Status, Class: string(m.Class), Params: params, Meaning: m.Text})
	}
	return rows
}
