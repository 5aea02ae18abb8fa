package demo

import (
	"slices"

	"haggle/internal/market"
)

// Password is the password of everybody in the demo market.
const Password = "haggle-demo-2026"

// Account is a sign-in for newcomers.
type Account struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Name     string `json:"name"`
}

// Accounts are the two people to sign in as: Mei reads Chinese, Ken English. Both buy, sell, ask and join groups.
var Accounts = []Account{accountOf(mei), accountOf(ken)}

func accountOf(w who) Account {
	p := personOf(w)
	return Account{p.email(), Password, p.name}
}

// who names a person of the cast.
type who string

const (
	mei    who = "mei"
	ken    who = "ken"
	wang   who = "wang"
	yating who = "yating"
	huang  who = "huang"
	wu     who = "wu"
	liu    who = "liu"
	tsai   who = "tsai"
	hsu    who = "hsu"
	chou   who = "chou"
	emma   who = "emma"
	tom    who = "tom"
	priya  who = "priya"
	daniel who = "daniel"
	sofia  who = "sofia"
	grace  who = "grace"
	marcus who = "marcus"
	hana   who = "hana"
)

// person is one of the cast.
type person struct {
	who     who
	name    string
	locale  string
	deposit int64 // what the wallet begins with, in whole units of the currency
	address market.Address
}

func (p person) email() string { return string(p.who) + "@demo.haggle.test" }

const (
	zh = "zh-TW"
	en = "en"
)

// cast is everybody.
var cast = []person{
	{mei, "林玫", zh, 42_000, market.Address{Name: "林玫", Phone: "0912-000-101", Text: "台北市大安區和平東路二段 18 號 4 樓"}},
	{ken, "Ken Wright", en, 38_000, market.Address{Name: "Ken Wright", Phone: "0912-000-102", Text: "2F, No. 7, Lane 40, Section 1, Heping East Road, Da'an, Taipei"}},
	{wang, "王志明", zh, 18_000, market.Address{Name: "王志明", Phone: "0912-000-103", Text: "新北市板橋區文化路一段 205 號"}},
	{yating, "張雅婷", zh, 24_000, market.Address{Name: "張雅婷", Phone: "0912-000-104", Text: "台南市東區東寧路 66 號 2 樓"}},
	{huang, "黃建宏", zh, 22_000, market.Address{Name: "黃建宏", Phone: "0912-000-105", Text: "台中市西區公益路 161 號"}},
	{wu, "吳佩珊", zh, 30_000, market.Address{Name: "吳佩珊", Phone: "0912-000-106", Text: "桃園市中壢區中央西路二段 33 號 7 樓"}},
	{liu, "劉俊傑", zh, 26_000, market.Address{Name: "劉俊傑", Phone: "0912-000-107", Text: "高雄市苓雅區四維三路 12 號"}},
	{tsai, "蔡依芳", zh, 15_000, market.Address{Name: "蔡依芳", Phone: "0912-000-108", Text: "南投縣名間鄉松山街 9 號"}},
	{hsu, "許文雄", zh, 12_000, market.Address{Name: "許文雄", Phone: "0912-000-109", Text: "彰化縣鹿港鎮中山路 310 號"}},
	{chou, "周怡君", zh, 28_000, market.Address{Name: "周怡君", Phone: "0912-000-110", Text: "新竹市東區光復路二段 90 號 3 樓"}},
	{emma, "Emma Clarke", en, 25_000, market.Address{Name: "Emma Clarke", Phone: "0912-000-111", Text: "5F, No. 120, Section 4, Xinyi Road, Taipei"}},
	{tom, "Tom Becker", en, 32_000, market.Address{Name: "Tom Becker", Phone: "0912-000-112", Text: "No. 15, Minsheng Street, West District, Taichung"}},
	{priya, "Priya Nair", en, 36_000, market.Address{Name: "Priya Nair", Phone: "0912-000-113", Text: "8F, No. 21, Gongdao 5th Road, Hsinchu"}},
	{daniel, "Daniel Okafor", en, 20_000, market.Address{Name: "Daniel Okafor", Phone: "0912-000-114", Text: "No. 48, Wenheng 2nd Road, Lingya, Kaohsiung"}},
	{sofia, "Sofia Rossi", en, 16_000, market.Address{Name: "Sofia Rossi", Phone: "0912-000-115", Text: "3F, No. 9, Yongkang Street, Taipei"}},
	{grace, "Grace Liu", en, 34_000, market.Address{Name: "Grace Liu", Phone: "0912-000-116", Text: "11F, No. 77, Section 2, Dunhua South Road, Taipei"}},
	{marcus, "Marcus Hale", en, 4_000, market.Address{Name: "Marcus Hale", Phone: "0912-000-117", Text: "No. 3, Guanghua Road, Tamsui, New Taipei"}},
	{hana, "Hana Sato", en, 30_000, market.Address{Name: "Hana Sato", Phone: "0912-000-118", Text: "6F, No. 52, Section 1, Zhongshan North Road, Taipei"}},
}

// personOf finds one of the cast.
func personOf(w who) person {
	return cast[slices.IndexFunc(cast, func(p person) bool { return p.who == w })]
}
