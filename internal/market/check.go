package market

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"haggle/internal/fault"
	"haggle/internal/money"
)

// Bounds of what people may write and ask for.
const (
	maxTitle       = 120
	maxDescription = 20_000
	maxPhotos      = 12
	maxAttributes  = 30
	maxPieces      = 1_000_000
	maxPrice       = money.Amount(1_000_000_000_000) // in minor units: with maxPieces still below money.Max
)

// Conditions are the codes of an item's condition.
func Conditions() []string { return []string{"new", "like_new", "good", "fair", "parts"} }

// Deliveries are the codes of how a thing reaches its buyer.
func Deliveries() []string { return []string{Parcel, StorePickup, "meet", "pickup_point"} }

// Ways of delivery in which something is sent.
const (
	Parcel      = "parcel"
	StorePickup = "store_pickup"
)

func checkText(c *fault.Collect, field, s string, least, most int) {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s):
		c.Addf(field, "text", "not UTF-8")
	case n < least || n > most || least > 0 && strings.TrimSpace(s) == "":
		c.Addf(field, "length", "between %d and %d characters", least, most)
	case strings.ContainsFunc(s, isControl):
		c.Addf(field, "text", "control characters are not allowed")
	}
}

// isControl says whether a character does not belong into text: control codes but for tab and line ends, and the
// marks that turn the direction of what follows.
func isControl(r rune) bool {
	switch {
	case r == '\n' || r == '\r' || r == '\t':
		return false
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return unicode.IsControl(r)
}

func checkPrice(c *fault.Collect, field string, a *money.Amount) {
	switch {
	case a == nil:
		c.Addf(field, "required", "is required")
	case *a <= 0 || *a > maxPrice:
		c.Addf(field, "range", "between 1 and %d", maxPrice)
	}
}

func checkOptionalPrice(c *fault.Collect, field string, a *money.Amount) {
	if a != nil {
		checkPrice(c, field, a)
	}
}

func checkCount(c *fault.Collect, field string, n *int64, most int64) {
	if n != nil && (*n < 1 || *n > most) {
		c.Addf(field, "range", "between 1 and %d", most)
	}
}

func checkCondition(c *fault.Collect, s string) {
	if s != "" && !slices.Contains(Conditions(), s) {
		c.Addf("condition", "unknown", "one of %v", Conditions())
	}
}

func (m *Market) checkAbout(c *fault.Collect, in About) {
	checkText(c, "title", in.Title, 1, maxTitle)
	checkText(c, "description", in.Description, 0, maxDescription)
	if _, ok := categoryPaths[in.Category]; !ok {
		c.Addf("category", "unknown", "an id of GET /api/v1/categories")
	}
	checkCondition(c, in.Condition)
	if len(in.Photos) > maxPhotos {
		c.Addf("photos", "count", "at most %d", maxPhotos)
	}
	checkAttributes(c, in.Attributes)
	if len(in.Delivery) > len(Deliveries()) {
		c.Addf("delivery", "count", "at most %d", len(Deliveries()))
	}
	for _, d := range in.Delivery {
		if !slices.Contains(Deliveries(), d) {
			c.Addf("delivery", "unknown", "any of %v", Deliveries())
			break
		}
	}
}

func checkAttributes(c *fault.Collect, attributes map[string]string) {
	if len(attributes) > maxAttributes {
		c.Addf("attributes", "count", "at most %d", maxAttributes)
		return
	}
	for k, v := range attributes {
		checkText(c, "attributes", k, 1, 60)
		checkText(c, "attributes", v, 0, 300)
		if strings.ContainsAny(k, ".$\x00") {
			c.Addf("attributes", "text", "names hold no dots and no dollar signs")
		}
	}
}

// longest is how long a deal of a kind may stay open.
const (
	longestAuction = 14 * 24 * time.Hour
	longestOther   = 60 * 24 * time.Hour
)

// checkUntil reads when a deal closes: exactly one of the two fields; with open true none may be given either.
func (m *Market) checkUntil(c *fault.Collect, u Until, open bool, longest time.Duration) (at time.Time, length time.Duration) {
	switch {
	case u.ClosesAt != nil && u.DurationSeconds != nil:
		c.Addf("durationSeconds", "exclusive", "either closesAt or durationSeconds")
		return
	case u.ClosesAt != nil:
		at = u.ClosesAt.Std()
		length = at.Sub(m.Now())
	case u.DurationSeconds != nil && *u.DurationSeconds > 0 && *u.DurationSeconds <= int64(longest/time.Second):
		length = time.Duration(*u.DurationSeconds) * time.Second
	case u.DurationSeconds == nil && open:
		return
	case u.DurationSeconds == nil:
		c.Addf("closesAt", "required", "closesAt or durationSeconds is required")
		return
	}
	if length < m.cfg.MinDuration-time.Second/2 || length > longest+time.Minute {
		field := "durationSeconds"
		if u.ClosesAt != nil {
			field = "closesAt"
		}
		c.Addf(field, "range", "between %d and %d seconds from now", int64(m.cfg.MinDuration/time.Second), int64(longest/time.Second))
	}
	if u.ClosesAt != nil {
		return at, 0
	}
	return time.Time{}, length
}
