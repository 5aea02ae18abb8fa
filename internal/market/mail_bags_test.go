package market_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"haggle/internal/market"
	"haggle/internal/store"
)

// due lists the mails whose turn has come.
func (d *door) due() []string {
	d.t.Helper()
	ids, err := d.DueMails(d.t.Context(), 100)
	must(d.t, err)
	return ids
}

// take takes mails together.
func (d *door) take(ids ...string) []market.Letter {
	d.t.Helper()
	letters, err := d.TakeMails(d.t.Context(), ids...)
	must(d.t, err)
	return letters
}

// end notes how the tries of letters ended, all alike.
func (d *door) end(end market.SendingEnd, letters ...market.Letter) {
	d.t.Helper()
	tries := make([]market.Sending, len(letters))
	for i, l := range letters {
		tries[i] = market.Sending{ID: l.ID, Try: l.Try, End: end}
	}
	must(d.t, d.EndMails(d.t.Context(), tries...))
}

// mail reads one of the rows of mails.
func (d *door) mail(id string) market.MailRow {
	d.t.Helper()
	r, err := store.NewCollection[market.MailRow](d.store, market.Mails).Get(d.t.Context(), id)
	must(d.t, err)
	return r
}

// annIsOutbid opens auctions that ann leads until bob outbids her, and carl him; they are told so.
func (b *busy) annIsOutbid(n int) {
	b.t.Helper()
	b.auctions(n)
	b.tellAll()
	b.bids(b.bob, 30_000)
	b.bids(b.carl, 40_000)
	b.tellAll()
}

// tellAll tells the news of all deals, some time after the last.
func (b *busy) tellAll() {
	b.t.Helper()
	b.later(3 * time.Second)
	b.none("news", b.all(b.another()))
}

// TestMailsTakenTogetherAreThoseOfEach takes mails of all fates together and one by one.
func TestMailsTakenTogetherAreThoseOfEach(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) {
		b.sendAll()
		b.choose(b.bob, market.Choices{Kinds: map[string]market.Choice{market.KindOutbid: {Mail: market.MailDigest}}, Digest: &market.Digest{Every: "day", Hour: 8}})
		b.choose(b.carl, market.Choices{Kinds: map[string]market.Choice{market.KindOutbid: {Mail: market.MailNever}}})
		b.choose(b.dora, market.Choices{Quiet: &market.Quiet{On: true, From: "11:00", To: "13:00"}})
		b.annIsOutbid(6)
		b.bids(b.dora, 50_000)
		b.tellAll()
		b.later(15 * time.Minute)
		b.bids(b.member("erin"), 60_000)
		b.tellAll()
		b.bid(b.ann, b.deals[0], 90_000) // she leads again
		_, err := b.EndEarly(t.Context(), b.seller, market.Key{}, b.deals[1], market.ReasonInput{})
		must(t, err)
		must(t, b.ForgotPassword(t.Context(), market.ForgottenInput{Email: "ann@door.example"}))
		must(t, b.ForgotPassword(t.Context(), market.ForgottenInput{Email: "nobody@door.example"}))

		ids := b.due()
		fates := map[string]int{}
		var each, all []market.Letter
		b.same("take", func() {
			for _, id := range ids {
				each = append(each, b.take(id)...)
			}
		}, func() { all = b.take(ids...) })
		if !reflect.DeepEqual(each, all) {
			t.Errorf("letters:\n%+v\nwant\n%+v", all, each)
		}
		for _, id := range ids {
			r := b.mail(id)
			switch {
			case r.State != market.MailWaiting:
				fates[r.State]++
			case r.NextAt.Equal(b.now.Add(market.MailClaim)):
				fates["claimed"]++
			default:
				fates["put off"]++
			}
		}
		if fates["claimed"] != len(all) || fates["claimed"] < 5 || fates["put off"] == 0 || fates[market.MailDropped] < 9 {
			t.Errorf("of %d mails: %v, and %d letters", len(ids), fates, len(all))
		}
		b.same("end", func() {
			for _, l := range each {
				b.end(market.Sent, l)
			}
		}, func() { b.end(market.Sent, all...) })
	})
}

// TestManyMailsAreTwoTransactions holds that ten mails cost what one does.
func TestManyMailsAreTwoTransactions(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) {
		b.sendAll()
		b.annIsOutbid(11)
		ids := slices.DeleteFunc(b.due(), func(id string) bool { return b.mail(id).Account != b.ann.Account })
		cost := func(ids []string) (taken, ended map[string]int) {
			b.watched.counted()
			letters := b.take(ids...)
			taken = b.watched.counted()
			b.end(market.Sent, letters...)
			if len(letters) != len(ids) {
				t.Errorf("%d letters of %d mails", len(letters), len(ids))
			}
			return taken, b.watched.counted()
		}
		taken, ended := cost(ids[:10])
		takenOne, endedOne := cost(ids[10:])
		if want := map[string]int{"Tx": 1, "GetMany mails": 1, "GetMany accounts": 1, "GetMany deals": 1, "GetMany standings": 1, "Replace mails": 1}; !maps.Equal(taken, want) || !maps.Equal(takenOne, want) {
			t.Errorf("taken: ten %v, one %v, want %v", taken, takenOne, want)
		}
		if want := map[string]int{"Tx": 1, "GetMany mails": 1, "Replace mails": 1}; !maps.Equal(ended, want) || !maps.Equal(endedOne, want) {
			t.Errorf("ended: ten %v, one %v, want %v", ended, endedOne, want)
		}
		for _, id := range ids {
			if r := b.mail(id); r.State != market.MailSent || r.NextAt != nil || r.SentAt == nil || r.Tries != 1 {
				t.Errorf("%+v", r)
			}
		}
	})
}

// TestAMailIsTakenWithTheOthersOrNotAtAll holds that what cannot be made claims none of those taken with it.
func TestAMailIsTakenWithTheOthersOrNotAtAll(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) {
		b.sendAll()
		b.annIsOutbid(3)
		ids, before := b.due(), b.rows()
		must(t, b.store.Delete(t.Context(), "deals", b.deals[1]))
		if got, err := b.TakeMails(t.Context(), ids...); err == nil || len(got) > 0 {
			t.Errorf("taken: %+v, %v", got, err)
		}
		for coll, rows := range b.rows() {
			if diff := differing(before[coll], rows); len(diff) > 0 {
				t.Errorf("%s changed: %s", coll, diff[0])
			}
		}
		others := slices.DeleteFunc(ids, func(id string) bool { return b.mail(id).Facts.Deal == b.deals[1] })
		if got := b.take(others...); len(got) != len(others) || len(got) < 4 {
			t.Errorf("%d letters of the other %d", len(got), len(others))
		}
	})
}

// TestHowATryEnds holds what each end leaves, in time and once another has taken the mail over.
func TestHowATryEnds(t *testing.T) {
	type left struct {
		State string
		Tries int64
		Next  time.Duration // from now on; -1 = never
		Why   string
	}
	for name, c := range map[string]struct {
		end     market.SendingEnd
		age     time.Duration // of the news
		want    left
		tooLate left // the mail is in its second try
	}{
		"sent":             {market.Sent, 0, left{market.MailSent, 1, -1, "why"}, left{market.MailSent, 2, -1, "why"}},
		"given back":       {market.GivenBack, 0, left{market.MailWaiting, 0, 0, ""}, left{market.MailWaiting, 2, market.MailClaim, ""}},
		"refused":          {market.Refused, 0, left{market.MailWaiting, 1, 5 * time.Second, "why"}, left{market.MailWaiting, 2, market.MailClaim, ""}},
		"refused at last":  {market.Refused, 25 * time.Hour, left{market.MailFailed, 1, -1, "why"}, left{market.MailWaiting, 2, market.MailClaim, ""}},
		"refused for good": {market.RefusedForGood, 0, left{market.MailFailed, 1, -1, "why"}, left{market.MailWaiting, 2, market.MailClaim, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, late := range []bool{false, true} {
				d := newDoor(t)
				d.member("ann")
				d.later(c.age)
				l := d.take(d.due()...)[0]
				want := c.want
				if late {
					d.later(market.MailClaim + time.Second)
					d.take(l.ID)
					want = c.tooLate
				}
				must(t, d.EndMails(t.Context(), market.Sending{ID: l.ID, Try: l.Try, End: c.end, Why: "why"}))
				r := d.mail(l.ID)
				got := left{r.State, r.Tries, -1, r.Why}
				if r.NextAt != nil {
					got.Next = r.NextAt.Sub(d.now)
				}
				if got != want {
					t.Errorf("late: %v: %+v, want %+v", late, got, want)
				}
			}
		})
	}
}
