package market

import (
	"maps"
	"slices"
	"time"
	_ "time/tzdata" // a machine without zones has them, too

	"haggle/internal/fault"
)

// Ways in which a kind of news is mailed.
const (
	MailNow    = "now"    // at once
	MailDigest = "digest" // together, at the digest's time
	MailNever  = "never"
)

// MailWays lists the ways in the order in which settings show them.
func MailWays() []string { return []string{MailNow, MailDigest, MailNever} }

// Choices say how a person hears of each kind of news, and when not. What is not named is as it was, or as it comes.
type Choices struct {
	Kinds  map[string]Choice `json:"kinds,omitempty" bson:"kinds,omitempty"`
	Quiet  *Quiet            `json:"quiet,omitempty" bson:"quiet,omitempty"`
	Digest *Digest           `json:"digest,omitempty" bson:"digest,omitempty"`
	Zone   string            `json:"zone,omitempty" bson:"zone,omitempty" maxLength:"60" doc:"Time zone of the hours, such as Asia/Taipei."`
}

// Choice is how one kind is told.
type Choice struct {
	Mail string `json:"mail,omitempty" bson:"mail,omitempty" enum:"now,digest,never"`
	Push *bool  `json:"push,omitempty" bson:"push,omitempty"`
}

// Quiet are the hours in which mails and pushes wait. From 22:00 to 08:00 passes midnight; equal hours are none.
type Quiet struct {
	On     bool   `json:"on" bson:"on"`
	From   string `json:"from" bson:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$"`
	To     string `json:"to" bson:"to" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$"`
	Urgent bool   `json:"urgent,omitempty" bson:"urgent,omitempty" doc:"What is of no use later comes all the same: outbid, or ending soon, where the deal ends within these hours."`
}

// Digest is when a person's digest comes.
type Digest struct {
	Every string `json:"every" bson:"every" enum:"day,week"`
	Hour  int    `json:"hour" bson:"hour" minimum:"0" maximum:"23"`
	Day   int    `json:"day,omitempty" bson:"day,omitempty" minimum:"0" maximum:"6" doc:"Of the week, 0 is Sunday."`
}

// What people have who chose nothing.
const defaultZone = "Asia/Taipei"

var (
	defaultQuiet  = Quiet{From: "22:00", To: "08:00"}
	defaultDigest = Digest{Every: "day", Hour: 8}
)

// check notes what of some choices is wrong.
func (x *Choices) check(c *fault.Collect) {
	if x == nil {
		return
	}
	for kind, choice := range x.Kinds {
		if !slices.Contains(MailKinds(), kind) {
			c.Addf("notifications.choices.kinds", "unknown", "any of %v", MailKinds())
		}
		if choice.Mail != "" && !slices.Contains(MailWays(), choice.Mail) {
			c.Addf("notifications.choices.kinds", "unknown", "mail is one of %v", MailWays())
		}
	}
	if q := x.Quiet; q != nil {
		for name, hour := range map[string]string{"from": q.From, "to": q.To} {
			if _, err := time.Parse("15:04", hour); err != nil || len(hour) != len("15:04") {
				c.Addf("notifications.choices.quiet."+name, "invalid", "an hour such as 22:00")
			}
		}
	}
	if d := x.Digest; d != nil && (d.Every != "day" && d.Every != "week" || d.Hour < 0 || d.Hour > 23 || d.Day < 0 || d.Day > 6) {
		c.Addf("notifications.choices.digest", "range", "every day or week, hour 0 to 23, day 0 to 6")
	}
	if x.Zone != "" {
		if _, err := time.LoadLocation(x.Zone); err != nil || x.Zone == "Local" {
			c.Addf("notifications.choices.zone", "unknown", "a time zone such as Asia/Taipei")
		}
	}
}

// over are new choices in place of old ones; what they do not name stays.
func (x *Choices) over(old *Choices) *Choices {
	if x == nil || old == nil {
		if x == nil {
			return old
		}
		old = &Choices{}
	}
	out := *old
	out.Kinds = maps.Clone(old.Kinds)
	if out.Kinds == nil {
		out.Kinds = map[string]Choice{}
	}
	for kind, c := range x.Kinds {
		was := out.Kinds[kind]
		if c.Mail == "" {
			c.Mail = was.Mail
		}
		if c.Push == nil {
			c.Push = was.Push
		}
		out.Kinds[kind] = c
	}
	if x.Quiet != nil {
		out.Quiet = x.Quiet
	}
	if x.Digest != nil {
		out.Digest = x.Digest
	}
	if x.Zone != "" {
		out.Zone = x.Zone
	}
	return &out
}

// over is a person's new choice in place of an old one; what it does not name stays. The first four kinds have a yes or no
// of their own, which counts; a choice that names one of them sets it.
func (n Notify) over(old Notify) Notify {
	if n.Quotes == nil {
		n.Quotes = old.Quotes
	}
	named := n.Choices
	n.Choices = named.over(old.Choices)
	if named == nil {
		return n
	}
	for kind, c := range named.Kinds {
		if c.Mail != "" {
			n.wish(kind, c.Mail != MailNever)
		}
	}
	return n
}

// wish sets the yes or no of a kind that has one.
func (n *Notify) wish(kind string, yes bool) {
	switch kind {
	case KindOutbid:
		n.Outbid = yes
	case KindWon:
		n.Won = yes
	case KindOrders:
		n.Orders = yes
	case KindQuotes:
		n.Quotes = &yes
	}
}

// off turns the mails of a kind off; KindDigest stands for all that come in the digest.
func (n *Notify) off(kind string) {
	never := map[string]Choice{}
	for _, k := range MailKinds() {
		if k == kind || kind == KindDigest && n.Mail(k) == MailDigest {
			n.wish(k, false)
			never[k] = Choice{Mail: MailNever}
		}
	}
	n.Choices = (&Choices{Kinds: never}).over(n.Choices)
}

// Wants says whether a person wants mails of a kind at all; what has no kind comes always.
func (n Notify) Wants(kind string) bool { return n.Mail(kind) != MailNever }

// Mail is how a person wants to be mailed of a kind; what has no kind comes at once, always.
func (n Notify) Mail(kind string) string {
	if kind == "" {
		return MailNow
	}
	way := MailNow
	if kind == KindSearches {
		way = MailDigest
	}
	if n.Choices != nil && n.Choices.Kinds[kind].Mail != "" {
		way = n.Choices.Kinds[kind].Mail
	}
	yes, own := n.wished(kind)
	switch {
	case own && !yes:
		return MailNever
	case own && way == MailNever: // the yes counts
		return MailNow
	}
	return way
}

// wished is the yes or no of a kind that has one; own is false where it has none.
func (n Notify) wished(kind string) (yes, own bool) {
	switch kind {
	case KindOutbid:
		return n.Outbid, true
	case KindWon:
		return n.Won, true
	case KindOrders:
		return n.Orders, true
	case KindQuotes:
		return n.Quotes == nil || *n.Quotes, true
	}
	return false, false
}

// Push says whether a kind goes to a person's devices.
func (n Notify) Push(kind string) bool {
	if n.Choices == nil || kind == "" || n.Choices.Kinds[kind].Push == nil {
		return kind != KindSearches
	}
	return *n.Choices.Kinds[kind].Push
}

// QuietHours are a person's quiet hours, or what is offered to who has none.
func (n Notify) QuietHours() Quiet {
	if n.Choices == nil || n.Choices.Quiet == nil {
		return defaultQuiet
	}
	return *n.Choices.Quiet
}

// DigestTime is when a person's digest comes.
func (n Notify) DigestTime() Digest {
	if n.Choices == nil || n.Choices.Digest == nil {
		return defaultDigest
	}
	return *n.Choices.Digest
}

// ZoneName is the time zone of a person's hours.
func (n Notify) ZoneName() string {
	if n.Choices == nil || n.Choices.Zone == "" {
		return defaultZone
	}
	return n.Choices.Zone
}

func (n Notify) zone() *time.Location {
	l, err := time.LoadLocation(n.ZoneName())
	if err != nil {
		return time.FixedZone(defaultZone, 8*60*60)
	}
	return l
}

// quietUntil is the end of the quiet hours that a moment lies in; zero where it lies in none.
func (n Notify) quietUntil(now time.Time) time.Time {
	q := n.QuietHours()
	from, err := time.Parse("15:04", q.From)
	to, wrong := time.Parse("15:04", q.To)
	if !q.On || err != nil || wrong != nil || q.From == q.To {
		return time.Time{}
	}
	local := now.In(n.zone())
	at := func(day int, clock time.Time) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()+day, clock.Hour(), clock.Minute(), 0, 0, local.Location())
	}
	for _, day := range []int{-1, 0} { // those that began yesterday, and today's
		begin, end := at(day, from), at(day, to)
		if !end.After(begin) {
			end = at(day+1, to)
		}
		if !now.Before(begin) && now.Before(end) {
			return end.UTC()
		}
	}
	return time.Time{}
}

// nextDigest is when the first digest after a moment comes.
func (n Notify) nextDigest(now time.Time) time.Time {
	d, local := n.DigestTime(), now.In(n.zone())
	for day := range 8 {
		at := time.Date(local.Year(), local.Month(), local.Day()+day, d.Hour, 0, 0, 0, local.Location())
		if at.After(now) && (d.Every != "week" || int(at.Weekday()) == d.Day) {
			return at.UTC()
		}
	}
	return now.Add(7 * 24 * time.Hour)
}
