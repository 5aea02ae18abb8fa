package letter

import (
	"encoding/json"
	"time"

	"haggle/internal/market"
	"haggle/internal/push"
	"haggle/web/locale"
)

// pushKept is how long a push service keeps a text for a device that is away.
const pushKept = 12 * time.Hour

// pushed is what a device is told: one line without any amount, since others may see its screen, and where it leads.
type pushed struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"` // on the site
	Tag   string `json:"tag"` // what it shows in place of
}

// Push writes a push out.
func (w Writer) Push(p market.Push, now time.Time) (push.Message, error) {
	lang, _ := locale.Parse(p.Locale)
	words := locale.New(lang, w.Currency, w.Zone, now)
	key := "push.what." + p.What
	if !words.Has(key) {
		key = "push." + p.Kind
		if p.Kind == "" {
			key = "push.always"
		}
	}
	b, err := json.Marshal(pushed{Title: w.Site, Body: words.T(key, "title", oneLine(p.Title), "who", oneLine(p.Who)), URL: "/notifications/" + p.Notice, Tag: p.Notice})
	return push.Message{Payload: b, TTL: pushKept, Urgent: p.Urgent, Topic: topic(p.Notice)}, err
}

// topic is a notice's id as far as a push service takes it.
func topic(id string) string { return id[max(0, len(id)-32):] }
