package web

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"haggle/internal/market"
	"haggle/web/locale"
	"haggle/web/view"
)

// noticeFixtures are a notice of every telling, the newest unread.
func noticeFixtures() (all []market.NoticeView) {
	due := clock.Add(time.Hour)
	f := market.Facts{Deal: "d1", Order: "o1", Title: "Film camera", Amount: 260_000, Price: 64_000, Minimum: 265_000, Fee: 13_000, Quantity: 2, DueAt: &due, Tracking: "TW1",
		Who: "Ann", Thread: "t1", Search: "s1"}
	for i, what := range market.NoticeWhats() {
		all = append(all, market.NoticeView{ID: what, What: what, Kind: market.KindOf(what), Facts: f, At: market.At(clock.Add(-time.Duration(i) * time.Minute)), Unread: i == 0})
	}
	return all
}

func TestNoticesAreTold(t *testing.T) {
	r := newRig(t)
	r.market.notices, r.market.unread = noticeFixtures(), 1
	for _, lang := range []string{"en", "zh-TW"} {
		a := r.get(member.in(lang), "/notifications")
		checkPage(t, lang, a)
		if n := strings.Count(a.body, `class="notice-row"`); n != len(market.NoticeWhats()) || strings.Count(a.body, `class="notice-new"`) != 1 {
			t.Errorf("%d notices in %s, %d marked as new", n, lang, strings.Count(a.body, `class="notice-new"`))
		}
		for _, gap := range []string{"{", "mail."} {
			if main := a.body[strings.Index(a.body, "<main"):strings.Index(a.body, "</main")]; strings.Contains(main, gap) {
				t.Errorf("the list in %s has %q in it", lang, gap)
			}
		}
	}
	for what, to := range map[string]string{"outbid": "/deals/d1", "paid": "/orders/o1", "message": "/messages/t1", "saved": "/saved-searches/s1", "deposit_failed": "/wallet", "password_changed": "/settings"} {
		r.get(member, "/notifications/"+what).leadsTo(t, to)
	}
	if first := market.NoticeWhats()[0]; r.market.called("read notice outbid") || r.market.called("read notice "+first) {
		t.Error("following a notice that was read, or looking at the list, reads something")
	}
	r.get(member, "/notifications/"+market.NoticeWhats()[0])
	if !r.market.called("read notice " + market.NoticeWhats()[0]) {
		t.Error("following an unread notice does not read it")
	}
	r.get(member, "/notifications/nobody").says(t, http.StatusNotFound)
	r.post(member, "/notifications/read").leadsTo(t, "/notifications")
	if !r.market.called("read all notices") {
		t.Errorf("asked %q", r.market.calls)
	}
	r.get(guest, "/notifications").leadsTo(t, "/sign-in?next=%2Fnotifications")
	r.market.notices, r.market.unread = nil, 0
	if a := r.get(member, "/notifications"); !strings.Contains(a.body, "Nothing yet.") || strings.Contains(a.body, "/notifications/read") {
		t.Error("an empty list says nothing, or offers to mark it read")
	}
}

// TestTheBellIsItsReaders holds that the number is poured into the frame that many readers share.
func TestTheBellIsItsReaders(t *testing.T) {
	r := newRig(t)
	for unread, want := range map[int64]string{0: `data-unread="0"`, 7: `data-unread="7"`, 99: `data-unread="99"`, 100: `data-unread="99+"`} {
		r.market.unread = unread
		if a := r.get(member, "/help"); !strings.Contains(a.body, want) || strings.Contains(a.body, "\ue007") {
			t.Errorf("%d unread: the page has no %s", unread, want)
		}
	}
	if a := r.get(guest, "/help"); strings.Contains(a.body, "data-bell") || strings.Contains(a.body, "notices.js") {
		t.Error("a guest has a bell")
	}
}

func TestAPageHearsOfEachNoticeOnce(t *testing.T) {
	r := newRig(t)
	s := r.site
	page := &view.Page{Printer: locale.New(locale.ZhTW, s.Currency, s.Zone, clock)}
	x := &noticeStream{visit: &visit{site: s, page: page}, since: clock.Add(-time.Hour), said: map[string]time.Time{}}
	tell := func() string {
		var b strings.Builder
		w := bufio.NewWriter(&b)
		if err := x.tell(w); err != nil {
			t.Fatal(err)
		}
		_ = w.Flush()
		return b.String()
	}
	if got := tell(); !strings.Contains(got, `"items":[]`) || !strings.Contains(got, `"unread":"0"`) {
		t.Errorf("at first: %q", got)
	}
	if got := tell(); got != "" {
		t.Errorf("nothing new: %q", got)
	}
	all := noticeFixtures()
	r.market.unread = 1
	r.market.notices = []market.NoticeView{all[0]}
	got := tell()
	if !strings.Contains(got, `"unread":"1"`) || !strings.Contains(got, `"href":"/notifications/`+all[0].ID+`"`) || !strings.Contains(got, "電子郵件") {
		t.Errorf("one more: %q", got)
	}
	if got := tell(); got != "" {
		t.Errorf("once more: %q", got)
	}
	again := all[0] // the same thing happens again
	again.At = market.At(clock.Add(time.Second))
	r.market.notices = []market.NoticeView{again}
	if got := tell(); !strings.Contains(got, all[0].ID) {
		t.Errorf("again: %q", got)
	}
	r.market.unread, r.market.notices = 0, nil
	if got := tell(); !strings.Contains(got, `"unread":"0"`) {
		t.Errorf("read elsewhere: %q", got)
	}
}
