package demo

import "haggle/internal/deal/group"

// groups are the script of all group buys: open ones first, the one that ends soon at their head.
var groups = append(openGroups, endedGroups...)

var openGroups = []groupBuy{
	{
		thing: thing{by: yating, title: "玉井愛文芒果，一箱 5 斤，即將結單", category: "food-fruit", photo: photo{"mangoes", 2},
			text:  "農友阿財的樹上熟果，明早採、後天可取。一箱約 8 到 10 顆，撞傷包賠。差兩箱就到最低價。",
			facts: facts("重量", "3 公斤", "產地", "台南玉井"), delivery: atPlaces},
		span:  span{-5*day - 2*hour, 8*minute + 10*second},
		tiers: []tier{{8, 720}, {15, 680}, {24, 640}}, pickup: []string{"台南東區圖書館門口 週六 10:00", "台北大安森林公園 2 號出口 週日 15:00"},
		pledges: []pledge{{mei, 3, 0, 0}, {wu, 4, 0, 700}, {grace, 5, 0, 0}, {chou, 2, 0, 0}, {hana, 2, 0, 690}, {emma, 3, 0, 0}, {ken, 3, 0, 0}},
	}, {
		thing: thing{by: sofia, title: "Olive oil from my uncle's grove, 500 ml, in cases of six", category: "food-pantry", photo: photo{"oil", 0},
			text:  "First cold press, harvested in October, shipped by sea. It comes in cases of six; say how many more you would take to fill one. Customs are part of the bill that all bottles share.",
			facts: facts("Volume", "500 ml", "Origin", "Puglia"), delivery: atPlaces},
		span:  span{-4*day - 8*hour, 3*day + 4*hour},
		tiers: []tier{{12, 560}, {24, 520}, {48, 480}}, caseSize: 6, tolerance: true, allocation: group.FirstCome, bill: 1200,
		pledges: []pledge{{ken, 3, 1, 0}, {mei, 2, 2, 540}, {tom, 6, 0, 0}, {priya, 4, 2, 0}, {hana, 3, 1, 530}, {emma, 2, 0, 0}},
	}, {
		thing: thing{by: tsai, title: "名間冬茶四兩裝，滿三十包再降", category: "food-tea", photo: photo{"tea", 6},
			text:  "今年冬茶香氣集中，焙輕火。一人限十包，總量六十包，賣完就沒有。",
			facts: facts("淨重", "150 克"), delivery: byStore},
		span:  span{-3*day - 5*hour, 2*day + 9*hour},
		tiers: []tier{{10, 420}, {20, 390}, {30, 360}}, cap: 60, perPerson: 10,
		pledges: []pledge{{mei, 4, 0, 0}, {liu, 6, 0, 400}, {hsu, 5, 0, 0}, {chou, 4, 0, 0}, {grace, 8, 0, 380}},
	}, {
		thing: thing{by: tom, title: "Fresh roast coffee, 454 g, roasted the day we close", category: "food-tea", photo: photo{"coffee", 5},
			text:  "Washed Ethiopian, medium. The roaster starts the drum when the group closes. A bag and label cost 10 each, which is in the fee.",
			facts: facts("Weight", "454 g", "Roast", "medium"), delivery: byStore},
		span:  span{-2*day - 16*hour, 1*day + 3*hour},
		tiers: []tier{{8, 420}, {16, 380}, {32, 340}}, piece: 10,
		pledges: []pledge{{ken, 2, 0, 0}, {priya, 3, 0, 0}, {daniel, 2, 0, 400}, {liu, 4, 0, 0}, {sofia, 2, 0, 0}},
	}, {
		thing: thing{by: yating, title: "放牧雞蛋，一盤 30 顆，十盤一箱", category: "food-pantry", photo: photo{"eggs", 3},
			text:  "雞舍在關廟，當天洗選。以十盤為一箱出貨，可以填「再多幾盤也行」，湊滿整箱大家都有。不足時一人一盤輪流分。",
			facts: facts("數量", "30 顆／盤"), delivery: atPlaces},
		span:  span{-2*day - 2*hour, 20 * hour},
		tiers: []tier{{10, 260}, {20, 240}, {40, 220}}, caseSize: 10, tolerance: true, allocation: group.Even, pickup: []string{"台南東寧路 66 號 週四 18:00"},
		pledges: []pledge{{wu, 4, 1, 0}, {mei, 2, 2, 0}, {hsu, 3, 0, 250}, {chou, 4, 2, 0}, {emma, 2, 1, 0}},
	}, {
		thing: thing{by: tsai, title: "龍眼蜂蜜 700 克，蜂場直送", category: "food-pantry", photo: photo{"honey", 6},
			text:  "中寮山上的蜂，一年只收這一次。結晶是正常的，隔水加熱就好。再三罐就成團。",
			facts: facts("淨重", "700 克", "產地", "南投中寮"), delivery: byParcel},
		span:  span{-1*day - 18*hour, 4*day + 12*hour},
		tiers: []tier{{12, 520}, {24, 480}}, head: 60,
		pledges: []pledge{{mei, 2, 0, 0}, {yating, 3, 0, 0}, {ken, 2, 0, 0}, {liu, 2, 0, 500}},
	}, {
		thing: thing{by: grace, title: "Mooncake boxes for the office, four flavours", category: "food-snacks", photo: photo{"mooncakes", 0},
			text:  "Red bean, taro, pineapple, salted yolk. The bakery gives the office price from ten boxes. Pick up at the Dunhua front desk.",
			facts: facts("Pieces", "4 a box"), delivery: atPlaces},
		span:  span{-3*day - 20*hour, 2*day + 2*hour},
		tiers: []tier{{10, 480}, {20, 450}, {40, 410}}, cap: 80, head: 20, pickup: []string{"No. 77, Section 2, Dunhua South Road, front desk"},
		pledges: []pledge{{ken, 4, 0, 0}, {tom, 6, 0, 0}, {priya, 5, 0, 460}, {sofia, 3, 0, 0}, {hana, 2, 0, 0}, {mei, 4, 0, 0}},
	}, {
		thing: thing{by: tsai, title: "池上新米 2 公斤真空包，三十包起最低價", category: "food-pantry", photo: photo{"rice", 7},
			text:  "剛碾的米，真空包裝可放半年。差一點就到最低級距，歡迎揪鄰居。",
			facts: facts("淨重", "2 公斤"), delivery: byStore},
		span:    span{-5*day - 9*hour, 1*day + 14*hour},
		tiers:   []tier{{10, 210}, {20, 195}, {30, 180}},
		pledges: []pledge{{wu, 6, 0, 0}, {chou, 5, 0, 0}, {hsu, 4, 0, 0}, {huang, 5, 0, 200}, {mei, 4, 0, 0}, {liu, 4, 0, 0}},
	}, {
		thing: thing{by: sofia, title: "Lavender soap from Provence, boxes of twelve bars", category: "other", photo: photo{"soap", 2},
			text:  "One order from the maker, twelve bars to a box. Only full boxes are ordered, and their bars are shared in proportion.",
			facts: facts("Bar", "125 g"), delivery: byStore},
		span:  span{-1*day - 10*hour, 5*day + 8*hour},
		tiers: []tier{{12, 150}, {36, 130}}, caseSize: 12, tolerance: true, allocation: group.ProRata,
		pledges: []pledge{{hana, 5, 2, 0}, {emma, 4, 1, 0}, {ken, 3, 3, 140}},
	}, {
		thing: thing{by: yating, title: "茂谷柑 10 斤裝，東勢果園", category: "food-fruit", photo: photo{"oranges", 1},
			text:  "糖度 12 度以上，果皮薄。箱子在台中站前分貨，裝箱與運送的費用每份另計。",
			facts: facts("重量", "6 公斤", "產地", "台中東勢"), delivery: atPlaces},
		span:  span{-20 * hour, 6*day + 3*hour},
		tiers: []tier{{6, 560}, {12, 520}, {24, 480}}, piece: 40, pickup: []string{"台中車站前站 週六 11:00"},
		pledges: []pledge{{huang, 2, 0, 0}, {tom, 2, 0, 0}, {liu, 1, 0, 540}, {wang, 3, 0, 0}},
	},
}

var endedGroups = []groupBuy{
	{
		thing: thing{by: yating, title: "金煌芒果，一箱 10 斤，團購價", category: "food-fruit", photo: photo{"mangoes", 2},
			text:  "個頭大、纖維少，適合切盤。箱內墊紙網，放三天剛好熟。",
			facts: facts("重量", "6 公斤"), delivery: atPlaces},
		span:  span{-13*day - 6*hour, -10 * day},
		tiers: []tier{{5, 780}, {10, 720}, {15, 660}}, pickup: []string{"台南東區圖書館門口"},
		pledges: []pledge{{mei, 3, 0, 0}, {ken, 2, 0, 0}, {wu, 4, 0, 700}, {grace, 3, 0, 0}, {hana, 2, 0, 0}, {chou, 3, 0, 0}},
	}, {
		thing: thing{by: tom, title: "Drip coffee sampler, ten sachets", category: "food-tea", photo: photo{"coffee", 1},
			text:  "Five origins, two sachets each. We reached the second rung in a day.",
			facts: facts("Sachets", "10"), delivery: byStore},
		span:  span{-12*day - 12*hour, -8*day - 12*hour},
		tiers: []tier{{8, 320}, {16, 290}, {30, 260}}, piece: 5,
		pledges: []pledge{{ken, 4, 0, 0}, {mei, 3, 0, 0}, {priya, 5, 0, 0}, {liu, 3, 0, 300}, {hana, 4, 0, 0}},
	}, {
		thing: thing{by: tsai, title: "春茶二兩試飲包，額滿即結單", category: "food-tea", photo: photo{"tea", 3},
			text:  "總量二十包，滿了就以最低價結單。結果第三天就滿了。",
			facts: facts("淨重", "75 克"), delivery: byStore},
		span:  span{-11*day - 14*hour, -7 * day},
		tiers: []tier{{8, 240}, {14, 220}, {20, 200}}, cap: 20, perPerson: 8,
		pledges: []pledge{{mei, 4, 0, 0}, {hsu, 4, 0, 0}, {ken, 3, 0, 0}, {chou, 5, 0, 230}, {grace, 4, 0, 0}},
	}, {
		thing: thing{by: sofia, title: "Olive oil, the first shipment, cases of six", category: "food-pantry", photo: photo{"oil", 0},
			text:  "Two cases filled because people said they would take one more bottle. The customs bill was shared by bottles.",
			facts: facts("Volume", "500 ml"), delivery: atPlaces},
		span:  span{-13*day - 1*hour, -7*day - 12*hour},
		tiers: []tier{{6, 580}, {12, 540}}, caseSize: 6, tolerance: true, bill: 600,
		pledges: []pledge{{ken, 3, 1, 0}, {mei, 2, 1, 0}, {emma, 3, 0, 0}, {tom, 3, 1, 0}},
	}, {
		thing: thing{by: grace, title: "Free-range eggs for the third floor", category: "food-pantry", photo: photo{"eggs", 3},
			text:  "Trays of thirty from Yilan. Delivered in the lift, not one broken.",
			facts: facts("Tray", "30 eggs"), delivery: atPlaces},
		span:  span{-10*day - 20*hour, -6*day - 16*hour},
		tiers: []tier{{4, 270}, {8, 250}}, head: 10,
		pledges: []pledge{{ken, 2, 0, 0}, {sofia, 2, 0, 0}, {priya, 1, 0, 260}, {emma, 2, 0, 0}, {daniel, 1, 0, 0}},
	}, {
		thing: thing{by: yating, title: "椪柑十斤裝，清晨現採", category: "food-fruit", photo: photo{"oranges", 1},
			text:  "谷關下來的椪柑，昨天結單，今天出貨。",
			facts: facts("重量", "6 公斤"), delivery: atPlaces},
		span:    span{-4*day - 10*hour, -20 * hour},
		tiers:   []tier{{5, 460}, {10, 420}},
		pledges: []pledge{{mei, 2, 0, 0}, {wu, 3, 0, 0}, {ken, 2, 0, 450}, {huang, 4, 0, 0}},
	}, {
		thing: thing{by: tsai, title: "蜂花粉 300 克，二十罐起訂", category: "food-pantry", photo: photo{"honey", 6},
			text:  "蜂場要求二十罐才開封裝線。這次人數不夠，下次再揪。",
			facts: facts("淨重", "300 克"), delivery: byParcel},
		span:    span{-9*day - 5*hour, -5*day - 2*hour},
		tiers:   []tier{{20, 450}, {40, 420}},
		pledges: []pledge{{mei, 2, 0, 0}, {hsu, 3, 0, 0}, {yating, 2, 0, 0}},
	}, {
		thing: thing{by: grace, title: "Mooncakes, early order from another bakery", category: "food-snacks", photo: photo{"mooncakes", 0},
			text:  "The bakery raised its price after we opened, so I called it off rather than change the terms under you.",
			facts: facts("Pieces", "8 a box"), delivery: atPlaces},
		span:  span{-7*day - 7*hour, 2 * day},
		tiers: []tier{{10, 520}, {20, 480}}, cancelled: -5*day - 12*hour,
		pledges: []pledge{{ken, 2, 0, 0}, {sofia, 1, 0, 0}},
	},
}
