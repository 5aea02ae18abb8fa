package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"haggle/internal/market"
	"haggle/web/view"
)

// pageLength is how many deals, orders or statement lines a page of a list shows.
const pageLength = 24

var searchShape = shape{fields: []string{"q", "kind", "category", "condition", "priceMin", "priceMax", "sort"}}

func search(v *visit) error {
	in := v.query()
	ask := searched(in)
	m := view.SearchPage{Form: in.shown(), Narrow: narrow(in)}
	status := fiber.StatusOK
	var err error
	if m.Found, err = v.Market.List(v.ctx, v.me, ask); err != nil {
		if m.Form, status, err = in.refuse(err, searchShape); err != nil {
			return err
		}
	}
	if m.Found.Next != "" {
		m.More = nextPage(v, m.Found.Next)
	}
	v.takeNotice()
	v.found("/search")
	v.page.Head = view.FeedLink(v.page, feedURL(v))
	return v.show(status, view.Search(v.page, m))
}

// searched is what the filters of a list ask for.
func searched(in *input) market.SearchInput {
	return market.SearchInput{
		Text: in.text("q"), Kind: in.text("kind"), Category: in.text("category"), Condition: in.text("condition"),
		Status: in.text("status"), Owner: in.text("owner"), PriceMin: in.optionalAmount("priceMin"), PriceMax: in.optionalAmount("priceMax"),
		Sort: in.text("sort"), Limit: pageLength, Cursor: in.text("cursor"),
	}
}

// narrow says whether a filter is set.
func narrow(in *input) bool {
	for _, name := range []string{"q", "kind", "category", "condition", "priceMin", "priceMax", "owner", "status"} {
		if in.text(name) != "" {
			return true
		}
	}
	return false
}

// nextPage is this address with the cursor of the next page.
func nextPage(v *visit, cursor string) string {
	args := fasthttp.AcquireArgs()
	defer fasthttp.ReleaseArgs(args)
	v.c.Context().QueryArgs().CopyTo(args)
	args.Set("cursor", cursor)
	return v.c.Path() + "?" + args.String()
}
