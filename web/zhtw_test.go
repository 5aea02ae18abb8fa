package web

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"haggle/web/locale"
	"haggle/web/view"
)

// simplifiedOnly are the characters that GB 2312, the mainland's set, has and Big5, Taiwan's, has not: those that were
// simplified, and a few rare ones. Characters that both sets have (后, 里, 台) tell nothing alone.
func simplifiedOnly(t *testing.T) map[rune]bool {
	t.Helper()
	big5 := map[rune]bool{}
	decoder := traditionalchinese.Big5.NewDecoder()
	for lead := 0xA4; lead <= 0xF9; lead++ {
		for trail := 0x40; trail <= 0xFE && lead != 0xC7 && lead != 0xC8; trail++ { // those two rows are Hong Kong's
			if s, err := decoder.String(string([]byte{byte(lead), byte(trail)})); err == nil {
				for _, r := range s {
					big5[r] = true
				}
			}
		}
	}
	only := map[rune]bool{}
	for r := rune(0x4E00); r <= 0x9FFF; r++ {
		if _, err := simplifiedchinese.HZGB2312.NewEncoder().String(string(r)); err != nil {
			continue
		}
		if !big5[r] {
			only[r] = true
		}
	}
	if len(only) < 500 || !only['这'] || !only['发'] || !only['团'] || only['發'] || only['團'] || only['價'] {
		t.Fatalf("the list of simplified characters is wrong: %d", len(only))
	}
	return only
}

// taiwanese are words that a Taiwanese reader does not use here, and the one this site uses.
var taiwanese = map[string]string{
	"拍賣": "競標", "競拍": "競標", "競價": "競標", "團購": "合購", "拼團": "合購", "保證金": "款項保留", "押金": "款項保留", "凍結": "款項保留", "預授權": "款項保留",
	"代理出價": "自動出價", "保留價": "底價", "一口價": "直購價", "即買價": "直購價", "贏家": "得標者", "勝出者": "得標者", "中標": "得標", "流拍": "未成交",
	"求購": "徵求", "詢價": "徵求", "反向拍賣": "反向競標", "團長": "主揪", "團主": "主揪", "發起人": "主揪", "參團": "跟團", "入團": "跟團", "檔位": "級距", "階梯價": "級距",
	"託管": "代管", "托管": "代管", "擔保交易": "代管", "發貨": "出貨", "寄貨": "出貨", "簽收": "確認收貨", "信譽": "信用", "糾紛": "爭議", "便利店": "超商", "便利商店取貨": "超商取貨",
	"當面交易": "面交", "到付": "貨到付款", "快遞": "宅配", "物流": "貨運", "佣金": "手續費", "服務費": "手續費", "充值": "存入", "儲值": "存入", "提現": "提領", "銀行卡": "信用卡",
	"登錄": "登入", "註銷": "登出", "賬": "帳", "帳戶餘額": "可用餘額", "郵箱": "電子郵件", "信息": "訊息／資訊", "數據": "資料", "默認": "預設", "缺省": "預設", "點擊": "按一下",
	"鏈接": "連結", "軟件": "軟體", "硬件": "硬體", "程序": "程式", "網絡": "網路", "服務器": "伺服器", "用戶": "使用者", "支持": "支援", "質量": "品質", "設置": "設定", "屏幕": "螢幕",
	"打印": "列印", "二維碼": "QR 碼", "搜索": "搜尋", "刷新": "重新載入", "反饋": "意見", "客戶端": "用戶端", "激活": "啟用", "查詢訂單": "查看訂單", "您": "你",
	"視頻": "影片", "文件夾": "資料夾", "字符": "字元", "短信": "簡訊", "手機號": "手機號碼", "在線": "線上", "通過": "經由／驗證", "創建": "建立",
}

var (
	halfWidthBehind = regexp.MustCompile(`\p{Han}[,.?!:;()]`)
	halfWidthBefore = regexp.MustCompile(`[,?!:;)(]\p{Han}`)
	spaceBetween    = regexp.MustCompile(`\p{Han} \p{Han}`)
)

// badChinese says what a Taiwanese editor would mark.
func badChinese(only map[rune]bool, text string) (marks []string) {
	for _, r := range text {
		if only[r] {
			marks = append(marks, "simplified "+string(r))
		}
	}
	for word, right := range taiwanese {
		if strings.Contains(text, word) {
			marks = append(marks, word+" → "+right)
		}
	}
	for _, p := range []*regexp.Regexp{halfWidthBehind, halfWidthBefore} {
		if m := p.FindString(text); m != "" {
			marks = append(marks, "half-width "+m)
		}
	}
	if m := spaceBetween.FindString(text); m != "" {
		marks = append(marks, "a blank between "+m)
	}
	slices.Sort(marks)
	return marks
}

// catalogueTexts are all forms of all messages of a catalogue, by key.
func catalogueTexts(t *testing.T, l locale.Lang) map[string]string {
	t.Helper()
	raw, err := os.ReadFile("locale/" + string(l) + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for key, v := range all {
		switch v := v.(type) {
		case string:
			texts[key] = v
		case map[string]any:
			for form, text := range v {
				texts[key+" "+form], _ = text.(string)
			}
		}
	}
	return texts
}

func TestTheChineseIsTaiwans(t *testing.T) {
	only := simplifiedOnly(t)
	for key, text := range catalogueTexts(t, locale.ZhTW) {
		if marks := badChinese(only, text); len(marks) > 0 {
			t.Errorf("%s: %s: %s", key, strings.Join(marks, ", "), text)
		}
	}
}

// TestTheHelpIsTaiwans reads the pages of help as they are shown, their numbers filled in.
func TestTheHelpIsTaiwans(t *testing.T) {
	only := simplifiedOnly(t)
	r := newRig(t)
	for _, topic := range view.Topics() {
		a := r.get(guest.in("zh-TW"), "/help/"+topic.ID)
		a.says(t, 200)
		doc, err := html.Parse(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		var read func(n *html.Node)
		read = func(n *html.Node) {
			if n.Type == html.ElementNode && (n.Data == "pre" || n.Data == "code" || n.Data == "script") {
				return
			}
			if n.Type == html.TextNode {
				if marks := badChinese(only, strings.ReplaceAll(n.Data, "\u00a0", "")); len(marks) > 0 {
					t.Errorf("%s: %s: %s", topic.ID, strings.Join(marks, ", "), n.Data)
				}
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				read(c)
			}
		}
		read(doc)
	}
}

// sameInBoth are messages that are the same in both languages, and why.
var sameInBoth = map[string]string{
	"nav.api":       "an abbreviation",
	"order.by.site": "the program's name",
}

func TestChineseIsNotEnglish(t *testing.T) {
	en, han := catalogueTexts(t, locale.En), regexp.MustCompile(`\p{Han}`)
	for key, text := range catalogueTexts(t, locale.ZhTW) {
		if sameInBoth[key] != "" || !regexp.MustCompile(`\p{L}`).MatchString(regexp.MustCompile(`\{[a-zA-Z]+\}`).ReplaceAllString(text, "")) {
			continue
		}
		if text == en[key] || !han.MatchString(text) {
			t.Errorf("%s is not translated: %q", key, text)
		}
	}
}

func TestAnEditorMarks(t *testing.T) {
	only := simplifiedOnly(t)
	for text, want := range map[string]string{
		"这个团购": "simplified 个|simplified 团|simplified 购|simplified 这", "參加團購,謝謝": "half-width ,謝|half-width 購,|團購 → 合購", "出價 競標": "a blank between 價 競",
		"目前由你領先，出價 NT$ 2,600；你最多付 NT$ 3,000。": "",
	} {
		if got := strings.Join(badChinese(only, text), "|"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
