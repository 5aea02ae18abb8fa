package web

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"haggle/internal/market"
)

var (
	tag  = regexp.MustCompile(`<[^>]*>`)
	form = regexp.MustCompile(`(?s)<form[^>]* action="([^"]+)".*?</form>`)
	what = regexp.MustCompile(`<button[^>]* aria-describedby="([^"]+)"`)
)

// part is the text of a section of a page, in one line.
func (a answer) part(t *testing.T, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(a.body, `id="`+id+`"`)
	text, _, end := strings.Cut(rest, "</section>")
	if !ok || !end {
		t.Fatalf("no section %s", id)
	}
	return strings.ReplaceAll(strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString("<"+text, " "))), " "), "\u00a0", " ")
}

// TestSessionsAreToldApart holds what a reader sees of each.
func TestSessionsAreToldApart(t *testing.T) {
	r := newRig(t)
	for lang, want := range map[string][]string{
		"en": {"Firefox on macOS Signed in Nov 24, 20:03 This browser", "Chrome on Windows Signed in Nov 23, 16:03 Last seen 3 h ago Sign out",
			"Unknown device Signed in Nov 22, 10:03 Last seen 2 days ago Sign out"},
		"zh-TW": {"Firefox（macOS） 登入時間 11/24 20:03 這個瀏覽器", "Chrome（Windows） 登入時間 11/23 16:03 最近使用 3 小時前 登出", "未知裝置 登入時間 11/22 10:03 最近使用 2 天前 登出"},
	} {
		a := r.get(member.in(lang), "/settings")
		if text := a.part(t, "sessions"); !strings.Contains(text, strings.Join(want, " ")) {
			t.Errorf("%s: %s", lang, text)
		}
	}
	r.get(member, "/settings").says(t, http.StatusOK, `aria-label="Sign out Chrome on Windows, signed in Nov 23, 16:03"`, `aria-label="Remove robot"`)
}

// TestTokensShowTheirDates holds what a reader sees of each.
func TestTokensShowTheirDates(t *testing.T) {
	r := newRig(t)
	for lang, want := range map[string][]string{
		"en": {"price watcher May read what you see Made Oct 24 Expires Oct 24, 2027 Last used 3 h ago Remove",
			"robot May read what you see, open and enter deals, move orders Made Nov 22 Expires Nov 22, 2027 Not used yet Remove"},
		"zh-TW": {"price watcher 權限：讀取你看得到的內容 建立日 10/24 到期日 2027/10/24 最近使用 3 小時前 移除",
			"robot 權限：讀取你看得到的內容、開啟與參與交易、處理訂單 建立日 11/22 到期日 2027/11/22 尚未使用 移除"},
	} {
		if text := r.get(member.in(lang), "/settings").part(t, "tokens"); !strings.Contains(text, strings.Join(want, " ")) {
			t.Errorf("%s: %s", lang, text)
		}
	}
}

// TestWhatSignsOutSaysSo holds that the buttons of the acts that sign other devices out say so, and no others do. That these
// acts do is held by market.TestWhatSignsOthersOut.
func TestWhatSignsOutSaysSo(t *testing.T) {
	acts := []string{"/settings/password", "/settings/links/l1/remove", "/settings/passkeys/k1/remove",
		"/settings/two-factor", "/settings/two-factor/codes", "/settings/two-factor/off"}
	for lang, says := range map[string]string{"en": "every other device out. Access tokens keep working.", "zh-TW": "其他裝置會全部登出，存取權杖不受影響。"} {
		r := offered(t)
		pages := []answer{r.get(member.in(lang), "/settings")}
		r.market.view.Password = true
		pages = append(pages, r.get(member.in(lang), "/settings"))
		r.market.enrol = market.EnrolView{Begun: true, Secret: "ABCDEFGH"}
		pages = append(pages, r.get(member.in(lang), "/settings/two-factor"))
		r.market.enrol = market.EnrolView{On: true}
		pages = append(pages, r.get(member.in(lang), "/settings/two-factor"))
		told, silent := map[string]bool{}, 0
		for _, a := range pages {
			for _, f := range form.FindAllStringSubmatch(a.body, -1) {
				said := false
				if m := what.FindStringSubmatch(f[0]); m != nil {
					words := regexp.MustCompile(`<p[^>]* id="` + m[1] + `"[^>]*>([^<]*)</p>`).FindStringSubmatch(a.body)
					said = words != nil && strings.Contains(words[1], says)
				}
				if said != slices.Contains(acts, f[1]) {
					t.Errorf("%s: %s says that it signs out: %v", lang, f[1], said)
				}
				if said {
					told[f[1]] = true
				} else {
					silent++
				}
			}
		}
		if len(told) != len(acts) || silent < 10 {
			t.Errorf("%s: %d of %d acts say so, %d others do not", lang, len(told), len(acts), silent)
		}
	}
}

// TestHowManyWaysThereAre counts what would open today.
func TestHowManyWaysThereAre(t *testing.T) {
	r := offered(t)
	r.get(member, "/settings").says(t, http.StatusOK, "You have 2 ways now.")
	r.market.view.Links[0].Gone = true
	a := r.get(member, "/settings")
	a.says(t, http.StatusOK, "You have 1 way now.", "Not offered here any more: it does not sign you in.")
	r.get(member.in("zh-TW"), "/settings").says(t, http.StatusOK, "你目前有 1 種。", "本站已不提供，無法再用來登入。")
	r.market.view.Password = true
	r.market.view.Host = ""
	r.get(member, "/settings").says(t, http.StatusOK, "You have 1 way now.")
}
