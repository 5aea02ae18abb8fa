package web

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/feeds"
	"github.com/valyala/fasthttp"

	"haggle/internal/market"
	"haggle/web/locale"
	"haggle/web/view"
)

// feedLength is how many deals a feed has.
const feedLength = 50

// feedPublic is how long anybody may keep a feed: it says the same to all.
const feedPublic = "public, max-age=60"

// feed is a list of deals as RSS: the filters are those of the list, the language is the one that is asked for. It knows
// nothing of its reader.
func feed(v *visit) error {
	in := v.query()
	ask := searched(in)
	ask.Limit, ask.Cursor, ask.Whole = feedLength, "", true // who waits for a thing is not sent what shares a word with it
	if ask.Sort == "" {
		ask.Sort = "newest"
	}
	got, err := v.Market.List(v.ctx, market.Actor{}, ask)
	if err != nil {
		return err
	}
	l := locale.Match(v.c.Query(langQuery), "", v.c.Get(fiber.HeaderAcceptLanguage))
	p := &view.Page{Printer: locale.New(l, v.Currency, v.Zone, v.now()), Site: v.name, Categories: v.page.Categories}
	text, err := v.rss(p, got.Items)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderVary, "Accept-Language, Accept-Encoding")
	return sendKept(v.c, "application/rss+xml; charset=utf-8", feedPublic, []byte(text))
}

// sendKept answers with what caches may keep, or that what they have still holds.
func sendKept(c *fiber.Ctx, mediaType, keep string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	c.Set(fiber.HeaderCacheControl, keep)
	c.Set(fiber.HeaderETag, tag)
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, mediaType)
	return c.Send(body)
}

func (v *visit) rss(p *view.Page, items []market.DealView) (string, error) {
	out := &feeds.Feed{Title: view.FeedTitle(p), Link: &feeds.Link{Href: v.origin + "/search"}, Description: p.T("home.lead")}
	for i := range items {
		d := &items[i]
		address := v.origin + d.URL
		out.Items = append(out.Items, &feeds.Item{Title: d.Title, Link: &feeds.Link{Href: address}, Id: address, IsPermaLink: "true",
			Created: d.OpenedAt.Std(), Description: view.Summary(p, *d)})
		if d.OpenedAt.Std().After(out.Created) {
			out.Created = d.OpenedAt.Std()
		}
	}
	rss := (&feeds.Rss{Feed: out}).RssFeed()
	rss.Language, rss.Ttl = string(p.Lang), int(10*time.Minute/time.Minute)
	return feeds.ToXML(rss)
}

// feedURL is the feed with the filters of this list, in the language of its reader.
func feedURL(v *visit) string {
	args := fasthttp.AcquireArgs()
	defer fasthttp.ReleaseArgs(args)
	v.c.Context().QueryArgs().CopyTo(args)
	for _, name := range []string{"cursor", "q", "kind", "category", "condition", "priceMin", "priceMax", "sort", "owner", "status"} {
		if name == "cursor" || len(args.Peek(name)) == 0 {
			args.Del(name)
		}
	}
	args.Set(langQuery, string(v.page.Lang))
	return v.origin + "/feed.xml?" + args.String()
}
