package letter_test

import (
	"strings"
	"testing"
	"time"

	"haggle/web/letter"
)

// TestLettersAboutWaysIn holds that each says when and in which browser, and what to do where it was not the reader; and that
// it leads to a page where something can be done, never to something that is done by following it.
func TestLettersAboutWaysIn(t *testing.T) {
	w := writer(t)
	w.Zone, _ = time.LoadLocation("Asia/Taipei")
	const forgot, settings = "/forgot", "/settings"
	for _, c := range []struct{ what, path, en, zh string }{
		{"password_changed", forgot, "set another password now.", "請立即重設密碼。"},
		{"ways_cleared", forgot, "the passkeys, linked sites, second step and access tokens", "通行密鑰、連結的網站、兩步驟驗證與存取權杖"},
		{"passkey_added", settings, "“Telephone” signs in", "「Telephone」現在可以登入"},
		{"passkey_removed", settings, "“Telephone” does not sign in", "「Telephone」不能再用來登入"},
		{"linked", settings, "An account at Telephone signs in", "可以用 Telephone 的帳號登入"},
		{"unlinked", settings, "The account at Telephone does not sign in", "Telephone 的帳號不能再登入"},
		{"two_factor_on", forgot, "answer to the people who run haggle", "聯絡 haggle"},
		{"two_factor_off", settings, "no code any more", "不再需要驗證碼"},
		{"token_added", settings, "the access token “Telephone” can act for you", "持有存取權杖「Telephone」的程式"},
		{"token_removed", settings, "“Telephone” does not work any more", "「Telephone」已失效"},
		{"recovery_codes", settings, "make new recovery codes", "再次產生備用碼"},
	} {
		for lang, want := range map[string]string{"en": c.en, "zh-TW": c.zh} {
			l := full(c.what, lang)
			l.Title = "Telephone"
			when := map[string]string{"en": "When: Nov 24, 11:00, Taipei time.", "zh-TW": "時間：11/24 11:00（台北時間）。"}[lang]
			browser := map[string]string{"en": " Browser: ", "zh-TW": "瀏覽器："}[lang]
			notYou := map[string]string{"en": "If it was not you", "zh-TW": "若不是你本人操作"}[lang]
			m, err := w.Write(l, now)
			if err != nil {
				t.Fatal(err)
			}
			for part, text := range map[string]string{"text": m.Text, "page": m.HTML} {
				for _, say := range []string{want, when + browser + "Firefox", notYou, w.URL + c.path} {
					if !strings.Contains(text, say) {
						t.Errorf("%s in %s: the %s does not say %q:\n%s", c.what, lang, part, say, text)
					}
				}
				if strings.Count(text, notYou) != 1 || strings.Contains(text, "token=") || strings.Contains(text, "sig=") {
					t.Errorf("%s in %s: the %s says it twice, or does something by a link:\n%s", c.what, lang, part, text)
				}
			}
			if !strings.Contains(m.Text, ": "+w.URL+c.path+"\n") {
				t.Errorf("%s in %s leads elsewhere:\n%s", c.what, lang, m.Text)
			}
			l.Agent = "Call 0900 123 456"
			if m, err = w.Write(l, now); err != nil || !strings.Contains(m.Text, when) || strings.Contains(m.Text, "0900") || strings.Contains(m.Text, browser) {
				t.Errorf("%s in %s names a browser that is none: %v\n%s", c.what, lang, err, m.Text)
			}
			if to := letter.Target(c.what, l.Facts); to != settings {
				t.Errorf("the notice %s leads to %s", c.what, to)
			}
		}
	}
	if m, err := w.Write(full("paid", "en"), now); err != nil || strings.Contains(m.Text, "When:") {
		t.Errorf("a letter about an order says when: %v\n%s", err, m.Text)
	}
}
