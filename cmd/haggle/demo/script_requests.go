package demo

import "haggle/internal/deal/request"

// requests are the script of all requests: open ones first, the one that ends soon at their head.
var requests = append(openRequests, endedRequests...)

var openRequests = []wish{
	{
		thing: thing{by: grace, title: "Wanted: folding or small-wheel bicycle for the MRT", category: "leisure-bicycles", condition: "good", photo: photo{"folding bicycle", 2},
			text:  "For a commute of one stop and two kilometres. Must fold or have wheels under 20 inches, brakes that work, no motor. Taipei or by train.",
			facts: facts("Wheels", "20 inch or less"), delivery: byHand},
		span: span{-4*day - 5*hour, 8 * minute}, rule: request.RuleOpen, price: 4500, binding: true,
		quotes: []quote{{huang, 4400, 3, 0, "有一台 16 吋摺疊車，剛換內胎。"}, {emma, 4200, 2, 0, "Barely used, can bring it to Daan."}, {huang, 4000, 3, 0, "再降一點，附車燈。"}, {ken, 3900, 4, 0, "Steel frame, small rack."}},
	}, {
		thing: thing{by: mei, title: "徵求可平躺的嬰兒推車，姊姊下個月生", category: "children-strollers", condition: "good", photo: photo{"stroller", 3},
			text:  "希望可以平躺、輪子好推，布套可拆洗。舊一點沒關係，煞車要正常。台北面交最好。",
			facts: facts("需求日", "下個月 10 日前"), delivery: byHand},
		span: span{-1*day - 6*hour, 2*day + 12*hour}, rule: request.RuleFirst, price: 2000, binding: true,
	}, {
		thing: thing{by: chou, title: "徵求文書用筆電，給媽媽上課用", category: "electronics-computers", condition: "good", photo: photo{"laptop", 1},
			text:  "能開視訊、打字、看影片就好，14 吋左右。出價不公開，請直接報您願意賣的價錢，合適就成交。",
			facts: facts("螢幕", "13–15 吋"), delivery: byParcel},
		span: span{-2*day - 3*hour, 4*day + 2*hour}, rule: request.RuleFirst, price: 7000, hidden: true, binding: true,
		quotes: []quote{{wang, 9500, 2, 0, "同款我賣場也有，可驗機。"}, {priya, 8800, 3, 0, "13 inch, new battery, English keyboard."}},
	}, {
		thing: thing{by: grace, title: "Wanted: acoustic guitar for a beginner, with bag", category: "leisure-instruments", condition: "good", photo: photo{"guitar", 0},
			text:  "For my niece's tenth birthday. Three-quarter or full size, easy action, any honest scratches. My price is sealed and so are yours; the lowest one within it wins on Sunday.",
			facts: facts("Size", "3/4 or 4/4"), delivery: byParcel},
		span: span{-3*day - 14*hour, 3*day + 3*hour}, rule: request.RuleSealed, price: 3500, hidden: true, binding: true,
		quotes: []quote{{liu, 3200, 2, 0, "41 吋，弦距調過。"}, {daniel, 2900, 4, 0, "Full size, laminated top, fresh strings."}, {ken, 3300, 3, 0, "Comes with a tuner."}},
	}, {
		thing: thing{by: hsu, title: "社區書房徵求童書與繪本 40 本", category: "books-fiction", condition: "good", photo: photo{"books", 1},
			text:  "鹿港老屋改的小書房，週末開放。繪本、橋梁書都好，無缺頁即可。可以只供應一部分，分開得標。",
			facts: facts("數量", "40 本"), delivery: byParcel},
		span: span{-2*day - 20*hour, 5*day + 5*hour}, rule: request.RuleSealed, price: 60, quantity: 40, split: true, sellers: 2,
		quotes: []quote{{chou, 45, 3, 15, "大多是繪本，書況八成新。"}, {wu, 38, 5, 20, "兒子看過的，有幾本寫了名字。"}, {emma, 55, 4, 10, "English picture books."}},
	}, {
		thing: thing{by: wu, title: "徵求木工師傅，修兩張鬆動的餐椅", category: "services-repair", photo: photo{"chair", 6},
			text:  "椅腳鬆了，坐起來會晃，其中一張橫桿裂開。可以送到桃園、中壢附近。請說明做法與保固，我會自己挑。",
			facts: facts("地點", "中壢"), delivery: byHand},
		span: span{-1*day - 16*hour, 1*day + 20*hour}, rule: request.RuleChoice, price: 1600,
		quotes: []quote{{hsu, 1400, 5, 0, "拆開重新上膠打楔，保固一年。"}, {tom, 1200, 7, 0, "Glue and clamps, one week."}},
	}, {
		thing: thing{by: emma, title: "Wanted: moving help, Xinyi to Banqiao, one van", category: "services-moving", photo: photo{"boxes", 4},
			text:  "Twenty boxes, a bed, a small fridge. Third floor with lift on both ends. Saturday morning. I will choose by how carefully you describe the plan.",
			facts: facts("Boxes", "20", "Floors", "lift both ends"), delivery: byHand},
		span: span{-1*day - 4*hour, 2*day + 1*hour}, rule: request.RuleChoice, price: 3800,
		quotes: []quote{{marcus, 3600, 1, 0, "Van and one helper, blankets included."}, {huang, 3300, 1, 0, "一車兩人，兩小時內完成。"}, {wang, 3700, 1, 0, "有保險，可包材回收。"}},
	}, {
		thing: thing{by: chou, title: "徵求有機白米 30 公斤，親子共餐用", category: "food-pantry", photo: photo{"rice", 2},
			text:  "5 公斤一包，共六包，請附產地與收割月份。公開降價，誰先到底誰供應；提前交貨也可以。",
			facts: facts("包裝", "5 公斤 × 6"), delivery: byParcel},
		span: span{-2*day - 8*hour, 1*day + 7*hour}, rule: request.RuleOpen, price: 480, quantity: 6, binding: true,
		quotes: []quote{{tsai, 470, 3, 0, "池上朋友的田，十月收割。"}, {yating, 455, 4, 0, "台南 11 號，有檢驗報告。"}, {tsai, 445, 3, 0, ""}, {yating, 438, 4, 0, ""}, {tsai, 430, 3, 0, "最低了，含運。"}},
	}, {
		thing: thing{by: tom, title: "Wanted: espresso roast for a small café, 10 bags a month", category: "food-tea", photo: photo{"coffee", 1},
			text:  "One-kilo bags, roasted within seven days, chocolate rather than lemon. Open quotes, but what I can pay stays with me. Steps of 10.",
			facts: facts("Bag", "1 kg", "Roast", "medium-dark"), delivery: byParcel},
		span: span{-3*day - 1*hour, 3*day + 18*hour}, rule: request.RuleOpen, price: 620, quantity: 10, hidden: true, step: 10, binding: true,
		quotes: []quote{{sofia, 720, 4, 0, "Roasted to order in Yongkang."}, {liu, 690, 3, 0, "自家烘焙，附杯測單。"}, {sofia, 660, 4, 0, ""}, {hana, 640, 5, 0, "From my neighbour's roastery."}},
	}, {
		thing: thing{by: yating, title: "徵求印刷：市集海報 A2 共 200 張", category: "services-printing", photo: photo{"posters", 3},
			text:  "四色印刷，150 磅雪銅，單面。檔案已備好。密封報價，至少兩家才決標，最低者得。",
			facts: facts("尺寸", "A2", "數量", "200 張"), delivery: byParcel},
		span: span{-1*day - 12*hour, 2*day + 6*hour}, rule: request.RuleSealed, price: 28, quantity: 200, sellers: 2, binding: true,
		quotes: []quote{{wang, 24, 5, 0, "三個工作天可交。"}, {daniel, 22, 7, 0, "Offset, proofs by mail."}},
	}, {
		thing: thing{by: ken, title: "Wanted: a quiet floor fan before the heat comes", category: "home-appliances", condition: "good", photo: photo{"fan", 3},
			text:  "For a bedroom, so quiet matters more than looks. Blades that come off for cleaning. First seller within my price gets it.",
			facts: facts("Blades", "14 inch or more"), delivery: byParcel},
		span: span{-9 * hour, 6 * day}, rule: request.RuleFirst, price: 700, binding: true,
	},
}

var endedRequests = []wish{
	{
		thing: thing{by: wu, title: "徵求小家庭電鍋，六到十人份", category: "home-appliances", condition: "good", photo: photo{"rice cooker", 1},
			text:  "功能正常、內鍋沒有掉漆即可，顏色不拘。",
			facts: facts("容量", "6–10 人份"), delivery: byStore},
		span: span{-13*day - 2*hour, -9 * day}, rule: request.RuleFirst, price: 900, binding: true,
		quotes: []quote{{mei, 850, 2, 0, "備用的一顆，內鍋完好，用不到五次。"}},
	}, {
		thing: thing{by: tom, title: "Wanted: record player in working order", category: "electronics-audio", condition: "good", photo: photo{"record player", 0},
			text:  "Any make, belt or direct drive. It should play both sides of a record without drama.",
			facts: facts("Speeds", "33 / 45"), delivery: byParcel},
		span: span{-12*day - 6*hour, -8*day - 1*hour}, rule: request.RuleSealed, price: 3200, binding: true,
		quotes: []quote{{daniel, 3000, 3, 0, "Direct drive, dust cover cracked."}, {liu, 2700, 2, 0, "直驅，速度調過。"}, {wang, 3100, 3, 0, "皮帶新換。"}},
	}, {
		thing: thing{by: mei, title: "徵求裁縫機維修，車線一直斷", category: "services-repair", photo: photo{"sewing", 1},
			text:  "家用電動車，底線張力不穩，上線常斷。希望能到府或收送，請寫明費用包含什麼。",
			facts: facts("地點", "台北大安"), delivery: byHand},
		span: span{-11*day - 8*hour, -7*day - 4*hour}, rule: request.RuleChoice, price: 1500, pick: 2,
		quotes: []quote{{wang, 1200, 7, 0, "收回店裡修，一週。"}, {hsu, 1300, 3, 0, "到府，含調線與上油，一年內再斷免費。"}},
	}, {
		thing: thing{by: hana, title: "Wanted: sturdy suitcase for one long trip", category: "fashion-bags", condition: "fair", photo: photo{"suitcase", 5},
			text:  "Around 70 litres, wheels optional, a lock that locks. Looks do not matter.",
			facts: facts("Volume", "about 70 l"), delivery: byParcel},
		span: span{-12*day - 1*hour, -7*day - 10*hour}, rule: request.RuleOpen, price: 1800, binding: true,
		quotes: []quote{{emma, 1700, 3, 0, "Hard shell, one dent."}, {ken, 1600, 2, 0, "Leather, two clasps, smells of old books."}, {emma, 1500, 3, 0, ""}, {ken, 1380, 2, 0, "Can bring it to Zhongshan."}},
	}, {
		thing: thing{by: daniel, title: "Wanted: film camera body, any that fires", category: "electronics-cameras", condition: "fair", photo: photo{"camera", 3},
			text:  "For a photography class at school. Cosmetic damage welcome, light leaks not.",
			facts: facts("Film", "35 mm"), delivery: byStore},
		span: span{-10*day - 11*hour, -6*day - 2*hour}, rule: request.RuleFirst, price: 1600, hidden: true, binding: true,
		quotes: []quote{{hana, 1900, 3, 0, "With a 35 mm lens."}, {wang, 1500, 2, 0, "機身，海綿換過。"}},
	}, {
		thing: thing{by: sofia, title: "Wanted: terracotta pots, at least six", category: "home-garden", condition: "good", photo: photo{"plant", 1},
			text:  "Twenty centimetres or larger, with a hole in the bottom. For basil.",
			facts: facts("Diameter", "20 cm or more"), delivery: byHand},
		span: span{-3*day - 2*hour, -11 * hour}, rule: request.RuleSealed, price: 120, quantity: 6,
		quotes: []quote{{hana, 95, 2, 0, "Six with saucers."}, {huang, 110, 3, 0, "搬家留下的，洗乾淨了。"}},
	}, {
		thing: thing{by: liu, title: "徵求城市民謠黑膠，三張為一組", category: "books-records", condition: "good", photo: photo{"record player", 0},
			text:  "想聽完整的一面。片況 VG 以上，封套可舊。兩家以上報價才決標。",
			facts: facts("片況", "VG 以上"), delivery: byParcel},
		span: span{-8*day - 4*hour, -5 * day}, rule: request.RuleSealed, price: 2400, sellers: 2,
		quotes: []quote{{wang, 2200, 3, 0, "兩張 VG+，一張 VG。"}},
	}, {
		thing: thing{by: priya, title: "Wanted: someone to tune a piano in Hsinchu", category: "services-repair", photo: photo{"toolbox", 2},
			text:  "Upright, not tuned for six years. I did not choose in time; the piano is still out of tune.",
			facts: facts("Place", "Hsinchu"), delivery: byHand},
		span: span{-9*day - 3*hour, -4*day - 8*hour}, rule: request.RuleChoice, price: 2500,
		quotes: []quote{{hsu, 2400, 6, 0, "可安排週末。"}},
	}, {
		thing: thing{by: tom, title: "Wanted: wooden easel or poster stand", category: "home-furniture", condition: "fair", photo: photo{"posters", 3},
			text:  "For the café's menu of the day. Found one on the street the next morning.",
			facts: facts("Height", "150 cm"), delivery: byHand},
		span: span{-6*day - 6*hour, 3 * day}, rule: request.RuleOpen, price: 900, cancelled: -5*day - 1*hour,
	},
}
