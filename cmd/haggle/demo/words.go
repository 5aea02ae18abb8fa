package demo

import (
	"math/rand/v2"

	"haggle/internal/market"
)

// words are what people write about each other. Each list is used up before it begins anew.
type words struct{ used map[string]int }

func newWords() *words { return &words{used: map[string]int{}} }

// comments are the sentences by language and by whom they are about.
var comments = map[string]map[string][]string{
	en: {
		"seller": {"Exactly as described, packed with care.", "Answered every question within the hour. Thank you!", "Works perfectly. Would buy again.",
			"Came a day early, wrapped like an egg.", "Honest about the scratches, which were smaller than I feared.", "Smooth handover, friendly person.",
			"Good price and a good story to go with it.", "All there, all working, even the manual."},
		"buyer": {"Paid at once, confirmed the same day.", "Friendly messages, quick payment.", "Easy deal, thank you.", "Punctual and kind. Welcome back any time.",
			"Told me right away that it had arrived.", "No fuss at all."},
		"organiser": {"Counted right, packed right, told us everything.", "The price fell as promised and the rest came back the same minute.",
			"Clear pickup times, everything was fresh.", "Well organised, I will join the next one.", "Answered the whole group patiently."},
		"member":  {"Confirmed quickly, thank you for joining.", "A reliable member.", "Picked up on time.", "Thanks for bringing your neighbours along!"},
		"mixed":   {"The thing is fine, but it took a while to be sent.", "Good enough, a little more worn than the photos show."},
		"unpaid":  {"Won the auction and then never answered or paid."},
		"refused": {"It was cancelled after I had paid, but the money came back at once."},
	},
	zh: {
		"seller": {"跟描述一模一樣，包裝很用心。", "問題都回得很快，謝謝！", "功能正常，下次還會再買。", "提早一天到，包得像雞蛋一樣。", "瑕疵都老實寫出來，實品比照片還好。",
			"面交很順利，人很親切。", "價格實在，東西有故事。", "配件齊全，連說明書都在。"},
		"buyer":     {"付款很快，當天就確認收貨。", "溝通順暢，謝謝。", "交易愉快，歡迎再來。", "準時又客氣。", "收到馬上通知，很安心。", "爽快的買家。"},
		"organiser": {"數量清楚、分裝仔細，資訊都有講。", "降價說到做到，差額馬上退回。", "取貨時間清楚，東西很新鮮。", "主揪辛苦了，下次還要跟。", "有問必答，謝謝主揪。"},
		"member":    {"確認很快，謝謝跟團。", "可靠的團員。", "準時取貨，感謝。", "謝謝你還揪了鄰居一起來！"},
		"mixed":     {"東西沒問題，只是出貨慢了點。", "還可以，使用痕跡比照片多一些。"},
		"unpaid":    {"得標後不回訊息也沒有付款。"},
		"refused":   {"付款後被取消，好在錢馬上退回來。"},
	},
}

// rate is what one side of a sale says of the other.
func (w *words) rate(s *sale, by market.Actor) market.FeedbackInput {
	score, about := verdict(s, by)
	in := market.FeedbackInput{Score: score, Comment: w.next(by.Locale, about)}
	if score >= 0 {
		in.Details = details(s.random, score)
	}
	return in
}

func verdict(s *sale, by market.Actor) (score int, about string) {
	buys := by.Account == s.buyer.Account
	switch {
	case s.end == unpaid:
		return -1, "unpaid"
	case s.end == calledOff && buys:
		return 0, "refused"
	case (s.end == refunded || s.end == soSo) && buys:
		return 0, "mixed"
	case s.group && buys:
		return 1, "organiser"
	case s.group:
		return 1, "member"
	case !buys:
		return 1, "buyer"
	}
	return 1, "seller"
}

func details(r *rand.Rand, score int) map[string]int64 {
	most := int64(4 + score)
	some := func() int64 { return most - r.Int64N(2) }
	return map[string]int64{"description": some(), "communication": some(), "speed": some(), "cost": some()}
}

func (w *words) next(locale, about string) string {
	list := comments[locale][about]
	i := w.used[locale+about]
	w.used[locale+about]++
	return list[i%len(list)]
}
