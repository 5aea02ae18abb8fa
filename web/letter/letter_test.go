package letter_test

import (
	"strings"
	"testing"
	"time"

	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/letter"
)

var now = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

func writer(t *testing.T) letter.Writer {
	t.Helper()
	twd, err := money.Lookup("TWD")
	if err != nil {
		t.Fatal(err)
	}
	return letter.Writer{Site: "haggle", URL: "https://haggle.example", Currency: twd, Zone: time.FixedZone("Asia/Taipei", 8*60*60)}
}

// full is a letter that has everything.
func full(what, locale string) market.Letter {
	due := now.Add(96 * time.Hour)
	l := market.Letter{ID: "1", What: what, Kind: market.KindOf(what), To: "mei@example.org", Locale: locale, Name: "Mei", At: now.Add(-time.Hour), Link: "/confirm?token=hg_x",
		Facts: market.Facts{Deal: "d1", Order: "o1", Title: "Film camera", Amount: 260_000, Price: 64_000, Minimum: 265_000, Fee: 13_000, Quantity: 2, DueAt: &due, Tracking: "TW1", Who: "Ann", Thread: "t1", Search: "s1", Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}}
	if what == "digest" {
		l.Items = []market.Item{{What: "won", Facts: l.Facts}}
	}
	if l.Kind != "" {
		l.Off = "/mail/off?kind=" + l.Kind + "&sig=x&who=u1"
	}
	return l
}

// TestEveryLetter writes every mail of the table in both languages: whole, sendable, with one way on, and with a way to turn
// it off exactly where that is offered.
func TestEveryLetter(t *testing.T) {
	w := writer(t)
	for _, what := range market.MailWhats() {
		for _, locale := range []string{"en", "zh-TW"} {
			m, err := w.Write(full(what, locale), now)
			if err == nil {
				err = m.Check()
			}
			if err != nil {
				t.Errorf("%s: %v", what, err)
				continue
			}
			for part, text := range map[string]string{"subject": m.Subject, "text": m.Text, "page": m.HTML} {
				if strings.ContainsAny(text, "{}") && part != "page" || strings.Contains(text, "mail.") && part != "page" || text == "" {
					t.Errorf("%s in %s: the %s has gaps: %s", what, locale, part, text)
				}
			}
			offered := market.KindOf(what) != ""
			if (m.Unsubscribe != "") != offered || strings.Contains(m.Text, "/mail/off") != offered || strings.Contains(m.HTML, "/mail/off") != offered {
				t.Errorf("%s in %s: may be turned off: %v\n%s", what, locale, offered, m.Text)
			}
			if m.Locale != locale || m.To != "mei@example.org" || !strings.Contains(m.Text, "https://haggle.example/") {
				t.Errorf("%s in %s: %+v", what, locale, m)
			}
		}
	}
}

func TestWords(t *testing.T) {
	w := writer(t)
	for _, c := range []struct{ what, locale, subject, text string }{
		{"won", "en", "You won Film camera for NT$ 2,600: pay by Nov 28, 12:00", "Pay: https://haggle.example/orders/o1"},
		{"won", "zh-TW", "你以 NT$ 2,600 得標「Film camera」，請於 11/28 12:00 前付款", "前往付款: https://haggle.example/orders/o1"},
		{"outbid", "en", "Outbid on Film camera: now NT$ 2,600", "Next bid: NT$ 2,650 or more."},
		{"outbid", "zh-TW", "「Film camera」有人出價比你高：目前 NT$ 2,600", "再出價至少 NT$ 2,650。"},
		{"group_won", "en", "Film camera: you pay NT$ 2,600", "2 pieces at NT$ 640 each"},
	} {
		m, err := w.Write(full(c.what, c.locale), now)
		if err != nil {
			t.Fatal(err)
		}
		plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
		if plain(m.Subject) != c.subject || !strings.Contains(plain(m.Text), c.text) {
			t.Errorf("%s in %s: %q\n%s", c.what, c.locale, m.Subject, m.Text)
		}
	}
}

// TestWhatPeopleWriteStaysOneLine holds titles that try to write headers, markup or placeholders.
func TestWhatPeopleWriteStaysOneLine(t *testing.T) {
	w := writer(t)
	for title, want := range map[string]string{
		"Lamp\r\nBcc: eve@example.org":        "Lamp Bcc: eve@example.org",
		"Lamp\u2028Subject: x":                "Lamp Subject: x",
		"Lamp\x00\u202e\u200b\ufeff":          "Lamp",
		"{amount}":                            "{amount}",
		"<b>Lamp</b>":                         "<b>Lamp</b>",
		strings.Repeat("燈", 100):              strings.Repeat("燈", 79) + "…",
		"  Lamp \t\n shade ":                  "Lamp shade",
		"Lamp\x85Subject: x\x0bTo: y\x1b[31m": "LampSubject: x To: y[31m",
	} {
		l := full("outbid", "en")
		l.Title = title
		m, err := w.Write(l, now)
		if err == nil {
			err = m.Check()
		}
		if err != nil {
			t.Errorf("%q: %v", title, err)
			continue
		}
		if got := strings.TrimSuffix(strings.TrimPrefix(m.Subject, "Outbid on "), ": now NT$\u00a02,600"); got != want {
			t.Errorf("%q stands as %q, want %q", title, got, want)
		}
		if strings.Contains(m.HTML, "<b>") {
			t.Errorf("%q is markup on the page", title)
		}
	}
}
