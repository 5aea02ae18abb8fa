package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/web/view"
)

const (
	laneLength = 8  // how many deals a lane shows
	nearLength = 48 // among how many open groups, the soonest to close, those are looked for that are almost there
)

// homeLanes are the rows of the front page, what each asks for, and which of it is shown; nil: all.
var homeLanes = []struct {
	lane view.Lane
	ask  market.SearchInput
	pick func(items []market.DealView, reader string) []market.DealView
}{
	{view.Lane{Name: "home.ending", More: "/search?sort=ending"}, market.SearchInput{Sort: "ending", Limit: laneLength}, nil},
	{view.Lane{Name: "home.almost", What: "home.almost.what", More: "/search?kind=group&sort=ending"},
		market.SearchInput{Kind: string(deal.Group), Sort: "ending", Limit: nearLength}, almostThere},
	{view.Lane{Name: "home.requests", What: "home.requests.what", More: "/search?kind=request"},
		market.SearchInput{Kind: string(deal.Request), Sort: "newest", Limit: laneLength}, ofOthers},
	{view.Lane{Name: "lane.english", More: "/search?kind=english"}, market.SearchInput{Kind: string(deal.English), Sort: "newest", Limit: laneLength}, nil},
	{view.Lane{Name: "lane.fixed", More: "/search?kind=fixed"}, market.SearchInput{Kind: string(deal.Fixed), Sort: "newest", Limit: laneLength}, nil},
}

func almostThere(items []market.DealView, _ string) []market.DealView {
	return view.AlmostThere(items, laneLength)
}

// ofOthers leaves out what the reader opened.
func ofOthers(items []market.DealView, reader string) []market.DealView {
	return slices.DeleteFunc(slices.Clone(items), func(d market.DealView) bool { return d.Owner.ID == reader })
}

func home(v *visit) error {
	var m view.HomePage
	for i, row := range homeLanes {
		found, err := v.Market.List(v.ctx, v.me, row.ask)
		if err != nil {
			return err
		}
		if i == 0 {
			m.Open = found.Total
		}
		if row.pick != nil {
			found.Items = row.pick(found.Items, v.me.Account)
		}
		row.lane.Found = found
		m.Lanes = append(m.Lanes, row.lane)
	}
	v.takeNotice()
	v.found("/")
	m.Sandbox = v.Sandbox
	return v.show(fiber.StatusOK, view.Home(v.page, m))
}
