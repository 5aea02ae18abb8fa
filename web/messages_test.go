package web

import (
	"net/http"
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/market"
)

func letterFixtures() letters {
	photo := market.PhotoView{ID: "p1", URL: "/messages/t1/photos/p1/full.jpg", Width: 640, Height: 480, Thumbnails: []market.VariantView{{Name: "320", URL: "/messages/t1/photos/p1/320.jpg", Width: 320, Height: 240}}}
	return letters{threads: []market.ThreadView{{ID: "t1", Deal: "d1", Title: "Film camera", Other: market.PersonView{ID: "ann", Name: "Ann"}, Last: "It does.", Unread: 2, At: market.At(clock)}},
		written: []market.MessageView{{ID: "2", Seq: 2, Text: "It <b>does</b>.\nReally.", Photos: []market.PhotoView{photo}, At: market.At(clock)}, {ID: "1", Seq: 1, Mine: true, Text: "Does it work?", At: market.At(clock)}}}
}

func TestMessagePages(t *testing.T) {
	r := newRig(t)
	for _, lang := range []string{"en", "zh-TW"} {
		r.market.letters = letters{}
		checkPage(t, lang, r.get(member.in(lang), "/messages"))
		r.market.letters = letterFixtures()
		for _, path := range []string{"/messages", "/messages/t1", "/messages/new?deal=d1", "/messages/new?order=o1"} {
			a := r.get(member.in(lang), path)
			a.says(t, http.StatusOK, "Ann")
			checkPage(t, lang, a)
		}
	}
	a := r.get(member, "/messages/t1")
	if first, second := strings.Index(a.body, "Does it work?"), strings.Index(a.body, "It &lt;b&gt;does"); first < 0 || second < first {
		t.Error("the thread is not in order, or not escaped")
	}
	if !r.market.called("read thread t1") {
		t.Error("looking at a thread does not read it")
	}
	r.get(member, "/messages/t2").says(t, http.StatusNotFound)
	r.get(member, "/messages/new?deal=written").leadsTo(t, "/messages/t1")
	r.get(member, "/messages/new?deal=own").leadsTo(t, "/messages")
	r.get(member, "/messages/new").leadsTo(t, "/messages")
	r.get(guest, "/messages/t1").leadsTo(t, "/sign-in?next=%2Fmessages%2Ft1")
}

func TestSendingAMessage(t *testing.T) {
	r := newRig(t)
	r.market.letters = letterFixtures()
	r.upload(member, "/messages", []string{"photo", "photo"}, "deal", "d1", "text", "Does it\r\nwork?").leadsTo(t, "/messages/t1")
	if in := r.market.message; in.Deal != "d1" || in.Text != "Does it\nwork?" || len(in.Photos) != 2 {
		t.Errorf("sent %+v", in)
	}
	r.upload(member, "/messages", []string{"virus"}, "thread", "t1", "text", "kept words").says(t, http.StatusUnprocessableEntity, "kept words")
	many := make([]string, market.MaxMessagePhotos+1)
	for i := range many {
		many[i] = "photo"
	}
	r.upload(member, "/messages", many, "thread", "t1", "text", "kept words").says(t, http.StatusUnprocessableEntity, "kept words")
	r.market.refuse = fault.New(fault.CodeBlocked, nil)
	r.post(member, "/messages", "deal", "d1", "text", "kept words").says(t, http.StatusUnprocessableEntity, "kept words", "does not deal with this account")
	r.market.refuse = nil
	r.post(member, "/messages/t1/hide").leadsTo(t, "/messages")
	if !r.market.called("hide thread t1") {
		t.Errorf("asked %q", r.market.calls)
	}
}

func TestAPhotoOfAMessageIsPrivate(t *testing.T) {
	r := newRig(t)
	a := r.get(member, "/messages/t1/photos/p1/full.jpg")
	if a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "private, max-age=86400" || a.Header.Get("Vary") != "Cookie" || a.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	for _, who := range []reader{guest, owner} {
		r.get(who, "/messages/t1/photos/p1/full.jpg").says(t, http.StatusNotFound)
	}
	for _, path := range []string{"/messages/t1/photos/p1/full.png", "/messages/t2/photos/p1/full.jpg"} {
		r.get(member, path).says(t, http.StatusNotFound)
	}
}
