package view

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// passToLine leads to the messenger that most people here send things on with.
func passToLine(m DealPage) templ.SafeURL {
	return templ.SafeURL("https://line.me/R/msg/text/?" + url.PathEscape(m.Deal.Title+" "+m.Origin+m.Deal.URL))
}

// whyKey is the word for the rule that made the price.
func whyKey(d market.DealView) string {
	if d.Kind == deal.Request {
		return "request." + ruleName(d.Rule)
	}
	return tone(d.Kind)
}

// galleryTab lets the arrow keys push the photos, where there is more than one.
func galleryTab(d market.DealView) string {
	if len(d.Photos) > 1 {
		return "0"
	}
	return "-1"
}

// photoSet lists the sizes of a photo for the browser to choose from.
func photoSet(ph market.PhotoView) string {
	var set []string
	for _, v := range ph.Thumbnails {
		set = append(set, v.URL+" "+strconv.Itoa(v.Width)+"w")
	}
	return strings.Join(set, ", ")
}

// The first photo of a page is what its reader waits for; the others wait for him.
func photoRank(i int) string {
	if i == 0 {
		return "high"
	}
	return "auto"
}

func photoLoading(i int) string {
	if i == 0 {
		return "eager"
	}
	return "lazy"
}
