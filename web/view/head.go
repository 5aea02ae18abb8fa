package view

import (
	"strconv"
	"strings"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// FeedTitle is the name of a feed.
func FeedTitle(p *Page) string { return p.T("search.title") + " · " + p.Site }

// Summary is a deal in one line: its way to trade, its price now, and until when.
func Summary(p *Page, d market.DealView) string {
	parts := []string{p.T("kind." + string(d.Kind))}
	if a := PriceNow(d); a != nil {
		parts = append(parts, p.Money(*a))
	}
	switch {
	case d.Status != deal.Open:
		parts = append(parts, p.T("status."+string(d.Status)))
	case d.ClosesAt != nil:
		parts = append(parts, p.T("head.until", "time", d.ClosesAt.Std()))
	}
	return strings.Join(parts, " · ")
}

// PriceNow is the price that anybody may see now: of an auction where it stands, or starts; nil where none is public.
func PriceNow(d market.DealView) *money.Amount {
	if d.Outcome != nil && d.Outcome.UnitPrice != nil {
		return d.Outcome.UnitPrice
	}
	for _, a := range []*money.Amount{d.Standing, d.Price, d.Best, d.NamedPrice, d.UnitPrice} {
		if a != nil {
			return a
		}
	}
	if len(d.Tiers) > 0 {
		return &d.Tiers[0].UnitPrice
	}
	if d.Kind == deal.English {
		return d.Minimum
	}
	return nil
}

// CardURL is the address of the picture that other sites show of a deal; it changes with what the picture shows.
func CardURL(d market.DealView) string { return d.URL + "/card.png?v=" + strconv.FormatInt(d.Seq, 10) }

// object is a JSON object of schema.org.
type object map[string]any

// Structured is a deal as schema.org describes things for sale, and where it stands on the site.
func Structured(p *Page, d market.DealView, origin string) any {
	crumbs := []any{crumb(1, p.T("search.title"), origin+"/search"), crumb(2, p.CategoryName(d.Category), origin+"/search?category="+d.Category),
		crumb(3, d.Title, origin+d.URL)}
	graph := []any{object{"@type": "BreadcrumbList", "itemListElement": crumbs}}
	if about := productOf(p, d, origin); about != nil {
		graph = append(graph, about)
	}
	return object{"@context": "https://schema.org", "@graph": graph}
}

func crumb(position int, name, address string) object {
	return object{"@type": "ListItem", "position": position, "name": name, "item": address}
}

// productOf is the product of a deal and its offer; a request is somebody's demand.
func productOf(p *Page, d market.DealView, origin string) object {
	offer := object{"@type": "Offer", "url": origin + d.URL, "priceCurrency": d.Currency, "availability": "https://schema.org/" + availability(d)}
	if a := PriceNow(d); a != nil {
		offer["price"] = p.Currency.Plain(*a)
	}
	if d.ClosesAt != nil {
		offer["priceValidUntil"] = stamp(d.ClosesAt.Std())
	}
	if state, ok := itemConditions[d.Condition]; ok {
		offer["itemCondition"] = "https://schema.org/" + state
	}
	product := object{"@type": "Product", "name": d.Title, "category": p.CategoryName(d.Category)}
	if d.Description != "" {
		product["description"] = d.Description
	}
	images := make([]string, len(d.Photos))
	for i, photo := range d.Photos {
		images[i] = origin + photo.URL
	}
	if len(images) > 0 {
		product["image"] = images
	}
	if d.Kind == deal.Request {
		offer["@type"], offer["itemOffered"] = "Demand", product
		return offer
	}
	if offer["price"] == nil {
		return nil
	}
	product["offers"] = offer
	return product
}

// availability says whether a deal can still be entered.
func availability(d market.DealView) string {
	switch {
	case d.Status != deal.Open:
		return "SoldOut"
	case d.Left != nil && *d.Left == 0:
		return "OutOfStock"
	}
	return "InStock"
}

// itemConditions are the conditions as schema.org names them.
var itemConditions = map[string]string{"new": "NewCondition", "like_new": "UsedCondition", "good": "UsedCondition", "fair": "UsedCondition", "parts": "DamagedCondition"}

// SocialPhoto is the photo that a deal is shown with, and the size that is wide enough; false where it has none.
func SocialPhoto(d market.DealView) (id, variant string, ok bool) {
	if len(d.Photos) == 0 {
		return "", "", false
	}
	parts := strings.Split(strings.Trim(photoURL(d.Photos[0], socialWidth), "/"), "/")
	if len(parts) != 3 {
		return "", "", false
	}
	variant, ok = market.PhotoVariant(parts[2])
	return parts[1], variant, ok
}

// socialWidth is how wide a photo stands in the picture that other sites show.
const socialWidth = 630
