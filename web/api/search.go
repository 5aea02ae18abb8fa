package api

import (
	"context"
	"net/http"

	"haggle/internal/market"
	"haggle/internal/money"
)

type searchIn struct {
	Text      string `query:"q" maxLength:"200"`
	Kind      string `query:"kind" enum:"english,fixed,request,group"`
	Category  string `query:"category" maxLength:"60"`
	Condition string `query:"condition" enum:"new,like_new,good,fair,parts"`
	Status    string `query:"status" enum:"open,clearing,settled,failed,cancelled,any"`
	Owner     string `query:"owner" maxLength:"60"`
	PriceMin  int64  `query:"priceMin" minimum:"0" maximum:"9007199254740991"`
	PriceMax  int64  `query:"priceMax" minimum:"0" maximum:"9007199254740991"`
	Sort      string `query:"sort" enum:"relevance,newest,ending,price,-price,popular"`
	PageQuery
}

// search registers finding deals.
func (s *server) search() {
	handle(s, op(http.MethodGet, "/search", "search", "Find deals: open ones, unless status says otherwise", tag("search")),
		func(ctx context.Context, in *searchIn) (*body[market.SearchView], error) {
			return answer(s.Market.Search(ctx, actor(ctx), in.query()))
		})
}

func (in *searchIn) query() market.SearchInput {
	q := market.SearchInput{Text: in.Text, Kind: in.Kind, Category: in.Category, Condition: in.Condition, Status: in.Status, Owner: in.Owner,
		Sort: in.Sort, Limit: in.Limit, Cursor: in.Cursor}
	if in.PriceMin > 0 {
		a := money.Amount(in.PriceMin)
		q.PriceMin = &a
	}
	if in.PriceMax > 0 {
		a := money.Amount(in.PriceMax)
		q.PriceMax = &a
	}
	return q
}
