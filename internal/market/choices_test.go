package market_test

import (
	"slices"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/market"
)

// choose changes somebody's choices.
func (d *door) choose(who market.Actor, x market.Choices) market.Notify {
	d.t.Helper()
	me, err := d.Me(d.t.Context(), who)
	must(d.t, err)
	n := me.Notify
	n.Choices = &x
	me, err = d.UpdateMe(d.t.Context(), who, market.MePatch{Notify: &n})
	must(d.t, err)
	return me.Notify
}

// sendAll takes every mail that is due, as a worker does, and says what went out.
func (d *door) sendAll() []market.Letter {
	d.t.Helper()
	letters := d.take(d.due()...)
	d.end(market.Sent, letters...)
	return letters
}

// mails is sendAll without the letters that confirm an address.
func (d *door) mails() []market.Letter {
	d.t.Helper()
	return slices.DeleteFunc(d.sendAll(), func(l market.Letter) bool { return l.What == "confirm" })
}

// outbid lets ann be outbid by bob in an auction of some hours.
func (d *door) outbid(seller, ann, bob market.Actor, hours int64) string {
	d.t.Helper()
	id := d.auction(seller, hours)
	d.bid(ann, id, 20_000)
	d.bid(bob, id, 30_000)
	d.tell(id)
	return id
}

// The door's clock begins on Tuesday, 24 November 2026, 12:00 in Taipei.

func TestADigestIsOneMailADay(t *testing.T) {
	d := newDoor(t)
	seller, ann, bob := d.member("seller"), d.member("ann"), d.member("bob")
	d.mails()
	d.choose(ann, market.Choices{Kinds: map[string]market.Choice{market.KindOutbid: {Mail: market.MailDigest}}, Digest: &market.Digest{Every: "day", Hour: 8}})
	d.outbid(seller, ann, bob, 48)
	d.later(time.Hour)
	d.outbid(seller, ann, bob, 48)
	if got := d.mails(); len(got) != 0 {
		t.Fatalf("at once: %+v", got)
	}
	d.now = time.Date(2026, 11, 24, 23, 59, 59, 0, time.UTC) // 07:59:59 in Taipei
	if got := d.mails(); len(got) != 0 {
		t.Fatalf("before its hour: %+v", got)
	}
	d.later(time.Second)
	got := d.mails()
	if len(got) != 1 || got[0].What != "digest" || len(got[0].Items) != 2 || got[0].Quantity != 2 || got[0].To != "ann@door.example" || got[0].Off == "" {
		t.Fatalf("at its hour: %+v", got)
	}
	d.later(24 * time.Hour)
	if got := d.mails(); len(got) != 0 {
		t.Errorf("the next day, without news: %+v", got)
	}

	// What was read is not told again; a digest of nothing is not sent.
	d.outbid(seller, ann, bob, 48)
	d.mails()
	_, err := d.ReadNotices(t.Context(), ann, market.ReadNoticesInput{All: true})
	must(t, err)
	d.later(25 * time.Hour)
	if got := d.mails(); len(got) != 0 {
		t.Errorf("of what was read: %+v", got)
	}
}

func TestAWeeklyDigestComesOnItsDay(t *testing.T) {
	d := newDoor(t)
	seller, ann, bob := d.member("seller"), d.member("ann"), d.member("bob")
	d.mails()
	d.choose(ann, market.Choices{Kinds: map[string]market.Choice{market.KindOutbid: {Mail: market.MailDigest}}, Digest: &market.Digest{Every: "week", Hour: 9, Day: 5}, Zone: "America/New_York"})
	d.outbid(seller, ann, bob, 200)
	d.mails()
	d.now = time.Date(2026, 11, 27, 13, 59, 0, 0, time.UTC)
	if got := d.mails(); len(got) != 0 {
		t.Fatalf("Friday, 8:59 in New York: %+v", got)
	}
	d.later(time.Minute)
	if got := d.mails(); len(got) != 1 || got[0].What != "digest" {
		t.Fatalf("Friday, 9:00 in New York: %+v", got)
	}
}

func TestMailsWaitInQuietHours(t *testing.T) {
	for _, c := range []struct {
		name   string
		quiet  market.Quiet
		hours  int64 // of the auction
		at     time.Time
		sent   bool // at once
		atDawn bool // at the end of the quiet hours
	}{
		{"by day", market.Quiet{On: true, From: "22:00", To: "08:00"}, 48, taipei(24, 12, 0), true, false},
		{"by night", market.Quiet{On: true, From: "22:00", To: "08:00"}, 48, taipei(24, 23, 30), false, true},
		{"past midnight", market.Quiet{On: true, From: "22:00", To: "08:00"}, 48, taipei(25, 7, 59), false, true},
		{"at the end", market.Quiet{On: true, From: "22:00", To: "08:00"}, 48, taipei(25, 8, 0), true, false},
		{"turned off", market.Quiet{From: "22:00", To: "08:00"}, 48, taipei(24, 23, 30), true, false},
		{"no hours", market.Quiet{On: true, From: "08:00", To: "08:00"}, 48, taipei(24, 23, 30), true, false},
		{"over before the morning", market.Quiet{On: true, From: "22:00", To: "08:00"}, 3, taipei(24, 23, 30), false, false},
		{"urgent, over before the morning", market.Quiet{On: true, From: "22:00", To: "08:00", Urgent: true}, 3, taipei(24, 23, 30), true, false},
		{"urgent, not over before the morning", market.Quiet{On: true, From: "22:00", To: "08:00", Urgent: true}, 48, taipei(24, 23, 30), false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDoor(t)
			seller, ann, bob := d.member("seller"), d.member("ann"), d.member("bob")
			d.mails()
			d.choose(ann, market.Choices{Quiet: &c.quiet})
			d.now = c.at
			d.outbid(seller, ann, bob, c.hours)
			if got := d.mails(); (len(got) == 1) != c.sent {
				t.Errorf("at once: %+v", got)
			}
			if got, _ := d.whats(ann); len(got) != 1 {
				t.Errorf("the list has %q: notices wait for nothing", got)
			}
			d.now = taipei(25, 8, 0)
			if c.at.After(d.now) || c.at.Equal(d.now) {
				return
			}
			if got := d.mails(); (len(got) == 1) != c.atDawn {
				t.Errorf("at the end of the quiet hours: %+v", got)
			}
		})
	}
}

func taipei(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour-8, minute, 0, 0, time.UTC)
}

func TestChoicesKeepWhatTheyDoNotName(t *testing.T) {
	d := newDoor(t)
	ann := d.member("ann")
	yes, no := true, false
	d.choose(ann, market.Choices{Kinds: map[string]market.Choice{market.KindOutbid: {Push: &no}, market.KindMessages: {Mail: market.MailNever}}, Zone: "Asia/Tokyo"})
	n := d.choose(ann, market.Choices{Kinds: map[string]market.Choice{market.KindOutbid: {Mail: market.MailNever}, market.KindQuotes: {Mail: market.MailDigest, Push: &yes}}, Quiet: &market.Quiet{On: true, From: "23:00", To: "06:30"}})
	if n.Outbid || n.Push(market.KindOutbid) || n.Mail(market.KindMessages) != market.MailNever || n.Mail(market.KindQuotes) != market.MailDigest || !n.Push(market.KindQuotes) ||
		n.ZoneName() != "Asia/Tokyo" || n.QuietHours().From != "23:00" || n.Mail(market.KindWon) != market.MailNow || n.Mail("") != market.MailNow {
		t.Errorf("%+v %+v", n, n.Choices)
	}
	_, err := d.UpdateMe(t.Context(), ann, market.MePatch{Notify: &market.Notify{Outbid: true, Won: true, Orders: true}}) // as a client that knows no choices
	must(t, err)
	me, err := d.Me(t.Context(), ann)
	if err != nil || me.Notify.Mail(market.KindOutbid) != market.MailNow || me.Notify.Mail(market.KindQuotes) != market.MailDigest {
		t.Errorf("%+v %+v %v", me.Notify, me.Notify.Choices, err)
	}
	for name, x := range map[string]market.Choices{
		"a kind":  {Kinds: map[string]market.Choice{"gossip": {Mail: market.MailNow}}},
		"a way":   {Kinds: map[string]market.Choice{market.KindWon: {Mail: "pigeon"}}},
		"an hour": {Quiet: &market.Quiet{On: true, From: "25:00", To: "08:00"}},
		"a day":   {Digest: &market.Digest{Every: "week", Hour: 8, Day: 9}},
		"a zone":  {Zone: "Moon/Crater"},
	} {
		_, err := d.UpdateMe(t.Context(), ann, market.MePatch{Notify: &market.Notify{Choices: &x}})
		d.refused(name, err, fault.CodeInvalid)
	}
}
