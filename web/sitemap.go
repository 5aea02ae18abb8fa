package web

import (
	"context"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/singleflight"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/locale"
	"haggle/web/view"
)

// The site map: an index, one page of what is always there, and pages of open deals.
const (
	mapPage  = 5_000            // deals of a page
	mapMost  = 50_000           // deals in all, the newest
	mapFresh = 10 * time.Minute // how long what was read of the store is served
	mapKept  = "public, max-age=600"
)

// mapped is what the store said of the open deals, for a while.
type mapped struct {
	flights singleflight.Group
	mu      sync.Mutex
	at      time.Time
	deals   []market.MapEntry
}

// read gives the open deals, newest first. Who comes together is answered by one walk.
func (m *mapped) read(ctx context.Context, source Market, now time.Time) ([]market.MapEntry, error) {
	m.mu.Lock()
	deals, age := m.deals, now.Sub(m.at)
	m.mu.Unlock()
	if deals != nil && age >= 0 && age < mapFresh {
		return deals, nil
	}
	got, err, _ := m.flights.Do("", func() (any, error) {
		deals, err := source.OpenDeals(context.WithoutCancel(ctx), mapMost)
		if err != nil {
			return nil, err
		}
		if deals == nil {
			deals = []market.MapEntry{}
		}
		m.mu.Lock()
		m.at, m.deals = now, deals
		m.mu.Unlock()
		return deals, nil
	})
	if err != nil {
		return nil, err
	}
	return got.([]market.MapEntry), nil
}

type mapIndex struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Maps    []mapLink `xml:"sitemap"`
}

type mapLink struct {
	Loc string `xml:"loc"`
}

type mapSet struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	XHTML   string   `xml:"xmlns:xhtml,attr"`
	URLs    []mapURL `xml:"url"`
}

type mapURL struct {
	Loc        string         `xml:"loc"`
	LastMod    string         `xml:"lastmod,omitempty"`
	Alternates []mapAlternate `xml:"xhtml:link"`
}

type mapAlternate struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

func sitemapIndex(v *visit) error {
	deals, err := v.mapped.read(v.ctx, v.Market, v.now())
	if err != nil {
		return err
	}
	index := mapIndex{Maps: []mapLink{{v.origin + "/sitemaps/pages.xml"}}}
	for i := 0; i*mapPage < len(deals); i++ {
		index.Maps = append(index.Maps, mapLink{fmt.Sprintf("%s/sitemaps/deals-%d.xml", v.origin, i+1)})
	}
	return v.sendMap(index)
}

func sitemapPage(v *visit) error {
	name, isMap := strings.CutSuffix(v.c.Params("page"), ".xml")
	number, isDeals := strings.CutPrefix(name, "deals-")
	switch {
	case isMap && name == "pages":
		return v.sendMap(v.mapOf(v.standingPages()))
	case !isMap || !isDeals:
		return fault.New(fault.CodeNotFound, nil)
	}
	deals, err := v.mapped.read(v.ctx, v.Market, v.now())
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || (n-1)*mapPage >= len(deals) || number != strconv.Itoa(n) {
		return fault.New(fault.CodeNotFound, nil)
	}
	var urls []mapURL
	for _, d := range deals[(n-1)*mapPage : min(n*mapPage, len(deals))] {
		urls = append(urls, v.mapEntry("/deals/"+d.ID, d.ChangedAt))
	}
	return v.sendMap(v.mapOf(urls))
}

// standingPages are the pages that are always there.
func (v *visit) standingPages() []mapURL {
	urls := []mapURL{v.mapEntry("/", time.Time{}), v.mapEntry("/search", time.Time{}), v.mapEntry("/help", time.Time{})}
	for _, t := range view.Topics() {
		urls = append(urls, v.mapEntry("/help/"+t.ID, time.Time{}))
	}
	return urls
}

// mapEntry is a page in all its languages.
func (v *visit) mapEntry(path string, changed time.Time) mapURL {
	u := mapURL{Loc: v.origin + path, Alternates: []mapAlternate{{"alternate", "x-default", v.origin + path}}}
	for _, l := range locale.Langs() {
		u.Alternates = append(u.Alternates, mapAlternate{"alternate", string(l), v.origin + path + "?" + langQuery + "=" + string(l)})
	}
	if !changed.IsZero() {
		u.LastMod = changed.UTC().Format(time.RFC3339)
	}
	return u
}

func (v *visit) mapOf(urls []mapURL) mapSet {
	return mapSet{XHTML: "http://www.w3.org/1999/xhtml", URLs: urls}
}

func (v *visit) sendMap(doc any) error {
	body, err := xml.Marshal(doc)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	return sendKept(v.c, "application/xml; charset=utf-8", mapKept, append([]byte(xml.Header), body...))
}
