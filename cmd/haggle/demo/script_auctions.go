package demo

// ways are how things reach their buyer.
var (
	byParcel = []string{"parcel", "meet"}
	byStore  = []string{"store_pickup", "parcel", "meet"}
	byHand   = []string{"meet"}
	atPlaces = []string{"pickup_point", "meet"}
)

// facts pairs names and values.
func facts(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// auctions are the script of all auctions: open ones first, the one that ends soon at their head.
var auctions = append(openAuctions, endedAuctions...)

var openAuctions = []auction{
	{
		thing: thing{by: ken, title: "35 mm film camera with 50 mm lens, shutter tested", category: "electronics-cameras", condition: "good", photo: photo{"camera", 3},
			text:  "My travel camera for six years. All shutter speeds checked with an app last week; 1/1000 is a touch slow. Light meter works, new battery inside. The leatherette lifts at one corner. Strap included, lens cap is not the original.",
			facts: facts("Lens", "50 mm f/1.8", "Film", "35 mm"), delivery: byStore},
		span: span{-5*day - 3*hour, 8*minute + 30*second}, start: 1200, reserve: 3500,
		bids: []bid{{tom, 1500}, {mei, 2200}, {wang, 2600}, {hana, 3500}, {mei, 3700}, {wang, 3850}, {mei, 4100}, {hana, 4400}},
	}, {
		thing: thing{by: mei, title: "十人份電鍋，綠色，內鍋全新", category: "home-appliances", condition: "good", photo: photo{"rice cooker", 1},
			text:  "搬家後換了小的，這顆陪我煮了五年飯。外觀有兩處小掉漆，功能正常，保溫也正常。內鍋是上個月新買的，附蒸盤與量杯。",
			facts: facts("容量", "十人份", "電壓", "110 V"), delivery: byStore},
		span: span{-2*day - 5*hour, 1*day + 2*hour}, start: 400,
		bids: []bid{{ken, 550}, {wu, 600}, {grace, 780}, {wu, 820}},
	}, {
		thing: thing{by: liu, title: "民謠吉他，雲杉面單，附琴袋", category: "leisure-instruments", condition: "good", photo: photo{"guitar", 1},
			text:  "大學時買的第一把好琴，弦距已調低，新手好按。側板有一條 4 公分的刮痕（照片背面看不到，面交可看）。琴頸直，沒有打品。送一組新弦與移調夾。",
			facts: facts("面板", "雲杉單板", "尺寸", "41 吋"), delivery: byHand},
		span: span{-4*day - 9*hour, 2*day + 4*hour}, start: 2000, reserve: 5200,
		bids: []bid{{grace, 2400}, {daniel, 3000}, {chou, 3300}, {daniel, 3800}},
	}, {
		thing: thing{by: emma, title: "Green desk lamp, rewired by an electrician", category: "home-lighting", condition: "good", photo: photo{"lamp", 5},
			text:  "Found at a market in Lukang, cleaned, and rewired with a new plug and switch. The joints hold where you put them. One dent at the back of the shade. Takes a normal E27 bulb, which is included.",
			facts: facts("Socket", "E27", "Height", "52 cm"), delivery: byParcel},
		span: span{-1*day - 20*hour, 3*hour + 20*minute}, start: 500, buyNow: 1600,
		bids: []bid{{hana, 600}, {mei, 760}, {tom, 840}, {mei, 1000}},
	}, {
		thing: thing{by: hsu, title: "鑄鐵手搖裁縫機，可正常車縫", category: "leisure-collectibles", condition: "good", photo: photo{"sewing", 1},
			text:  "父親開裁縫店時用的，五十年以上。我自己拆洗上油，線張力調好了，能車三層牛仔布。金漆花紋褪色，木座有使用痕跡。很重，建議面交。",
			facts: facts("重量", "約 14 公斤"), delivery: byHand},
		span: span{-6*day - 2*hour, 4*day + 1*hour}, start: 1500, reserve: 2800,
		bids: []bid{{emma, 1700}, {sofia, 2300}, {chou, 2800}, {sofia, 3000}, {emma, 3150}},
	}, {
		thing: thing{by: daniel, title: "Belt-drive record player with a new needle", category: "electronics-audio", condition: "like_new", photo: photo{"record player", 0},
			text:  "Bought two years ago, played on Sundays. New needle and belt in spring, speed checked with a strobe disc. Dust cover has fine hairlines, nothing you see from the sofa. Original box is here.",
			facts: facts("Speeds", "33 / 45", "Output", "RCA, built-in preamp"), delivery: byParcel},
		span: span{-16 * hour, 5*day + 6*hour}, start: 2200, buyNow: 5800, bids: nil,
	}, {
		thing: thing{by: huang, title: "城市淑女車，26 吋，剛做完保養", category: "leisure-bicycles", condition: "good", photo: photo{"bicycle", 4},
			text:  "換了一組新內外胎、煞車皮與鏈條，花鼓上過油。烤漆有停車架磨到的痕跡，籃子是後來加裝的藤籃。適合 155 到 172 公分。台中可試騎。",
			facts: facts("輪徑", "26 吋", "變速", "內三速"), delivery: byHand},
		span: span{-3*day - 8*hour, 22 * hour}, start: 1200, buyNow: 4200,
		bids: []bid{{ken, 1500}, {hana, 1900}, {ken, 2300}, {marcus, 2450}, {ken, 2700}},
	}, {
		thing: thing{by: priya, title: "70 mm telescope on a wooden tripod, for beginners", category: "leisure-outdoor", condition: "like_new", photo: photo{"telescope", 2},
			text:  "Showed us Saturn's rings from a rooftop in Hsinchu, then the kids moved on to football. Optics clean, two eyepieces and a moon filter. The tripod's spreader chain was replaced with cord.",
			facts: facts("Aperture", "70 mm", "Eyepieces", "20 mm, 9 mm"), delivery: byParcel},
		span: span{-2*day - 12*hour, 2*day + 20*hour}, start: 900, reserve: 1800,
		bids: []bid{{tom, 1100}, {liu, 1400}, {tom, 1850}, {mei, 2000}},
	}, {
		thing: thing{by: chou, title: "絕版漫畫一套 14 冊，書況佳", category: "books-comics", condition: "good", photo: photo{"comics", 7},
			text:  "高中時每週等新一集，後來絕版了。第 3 集書背有日曬，第 9 集夾頁重黏過，其他都很好。無塗寫、無菸味，乾燥箱保存。",
			facts: facts("冊數", "14", "語言", "繁體中文"), delivery: byStore},
		span: span{-1*day - 2*hour, 3*day + 9*hour}, start: 800,
		bids: []bid{{liu, 900}, {daniel, 1300}, {liu, 1450}},
	}, {
		thing: thing{by: hana, title: "Manual-wind wrist watch, serviced last spring", category: "fashion-watches", condition: "good", photo: photo{"watch", 2},
			text:  "Gold-plated case, 36 mm, hand-wound every morning. Serviced last spring, invoice included; gains about eight seconds a day. Crystal polished, faint wear on the lugs. New leather strap.",
			facts: facts("Case", "36 mm", "Movement", "manual, 17 jewels"), delivery: byParcel},
		span: span{-5*day - 18*hour, 6*day + 2*hour}, start: 3000, reserve: 6500,
		bids: []bid{{wang, 3600}, {grace, 4500}, {priya, 5200}, {grace, 6500}, {wang, 6900}, {grace, 7400}},
	}, {
		thing: thing{by: wu, title: "兒童滑板與安全帽，附護具", category: "leisure-toys", condition: "fair", photo: photo{"skateboard", 6},
			text:  "兒子國小三年級用的，輪子換過一次。板面砂紙磨掉一塊，安全帽扣具正常。護膝護肘各一副，洗乾淨了。",
			facts: facts("適用身高", "120–145 公分"), delivery: byStore},
		span: span{-20 * hour, 1*day + 15*hour}, start: 300,
		bids: []bid{{mei, 350}, {priya, 420}},
	},
}

var endedAuctions = []auction{
	{
		thing: thing{by: wang, title: "老木殼收音機，AM／FM 都收得到", category: "electronics-audio", condition: "good", photo: photo{"radio", 5},
			text:  "整理倉庫找到的，換過電容與電源線，聲音溫潤。旋鈕一顆是後配的，木殼補過漆。插電使用，無電池盒。",
			facts: facts("電源", "110 V"), delivery: byParcel},
		span: span{-12*day - 4*hour, -8*day - 3*hour}, start: 700, reserve: 1200,
		bids: []bid{{tom, 900}, {ken, 1250}, {hsu, 1300}, {tom, 1400}, {ken, 1600}}, battle: true,
	}, {
		thing: thing{by: emma, title: "Solid ash dining chair, one of a pair that got split", category: "home-furniture", condition: "good", photo: photo{"chair", 6},
			text:  "Sturdy, quiet, no wobble. A ring from a hot cup on the seat, which oil would soften. Its twin stays with my sister.",
			facts: facts("Wood", "ash", "Seat height", "45 cm"), delivery: byHand},
		span: span{-11*day - 7*hour, -7*day - 6*hour}, start: 400,
		bids: []bid{{sofia, 500}, {mei, 640}, {wu, 700}, {mei, 900}},
	}, {
		thing: thing{by: hsu, title: "機械打字機，色帶新換，每個鍵都打得出來", category: "leisure-collectibles", condition: "good", photo: photo{"typewriter", 6},
			text:  "英文鍵盤，青綠色烤漆。清過字臂，色帶是新的。底部橡膠腳墊老化變硬，墊一塊布就好。附原廠提箱，提箱把手有裂。",
			facts: facts("鍵盤", "英文"), delivery: byParcel},
		span: span{-12 * day, -6*day - 22*hour}, start: 1500, reserve: 2500,
		bids: []bid{{chou, 1800}, {tom, 2600}, {hana, 2700}, {priya, 2900}, {tom, 3200}, {hana, 3300}, {tom, 3600}}, battle: true,
	}, {
		thing: thing{by: daniel, title: "Retro game console with two pads and five cartridges", category: "electronics-games", condition: "good", photo: photo{"console", 7},
			text:  "Cleaned contacts, boots first time. One pad has a sticky start button. The plastic has yellowed a little, as they all do. Composite cable included.",
			facts: facts("Pads", "2", "Games", "5"), delivery: byStore},
		span: span{-10*day - 15*hour, -6*day - 9*hour}, start: 1000, buyNow: 2600, boughtBy: liu,
	}, {
		thing: thing{by: tom, title: "Canvas-and-leather travel trunk with stickers", category: "fashion-bags", condition: "fair", photo: photo{"suitcase", 5},
			text:  "More decoration than luggage by now. Both clasps close, the lining smells faintly of cedar. One corner cap is missing a nail.",
			facts: facts("Size", "70 × 45 × 24 cm"), delivery: byHand},
		span: span{-13 * day, -9*day - 2*hour}, start: 600,
		bids: []bid{{emma, 700}, {ken, 900}, {emma, 1100}},
	}, {
		thing: thing{by: ken, title: "Over-ear headphones, wired, new ear pads", category: "electronics-audio", condition: "like_new", photo: photo{"headphones", 2},
			text:  "Neutral and comfortable, my desk pair until the office went quiet. Pads replaced this month. Cable is 1.8 m with a screw-on adapter.",
			facts: facts("Impedance", "80 ohm"), delivery: byStore},
		span: span{-4*day - 2*hour, -1*hour - 10*minute}, start: 900, reserve: 1500,
		bids: []bid{{liu, 1100}, {mei, 1500}, {liu, 1700}, {mei, 2100}},
	}, {
		thing: thing{by: mei, title: "手沖入門組：細口壺、濾杯、玻璃下壺", category: "home-kitchen", condition: "good", photo: photo{"kettle", 6},
			text:  "喝了兩年手沖，現在改用摩卡壺。壺內有些水垢，檸檬酸可除。下壺刻度清楚，濾杯無裂。",
			facts: facts("容量", "900 ml"), delivery: byStore},
		span: span{-3*day - 6*hour, -16 * hour}, start: 400,
		bids: []bid{{sofia, 450}, {hana, 620}, {ken, 700}, {hana, 900}},
	}, {
		thing: thing{by: daniel, title: "Longboard deck and trucks, wheels half worn", category: "leisure-outdoor", condition: "fair", photo: photo{"skateboard", 6},
			text:  "A cruiser for the riverside. Bearings cleaned, deck has honest pressure marks near the front bolts.",
			facts: facts("Length", "97 cm"), delivery: byHand},
		span: span{-11*day - 12*hour, -9*day - 12*hour}, start: 500, end: unpaid,
		bids: []bid{{huang, 600}, {marcus, 900}},
	}, {
		thing: thing{by: mei, title: "真皮行李箱，外婆的嫁妝", category: "fashion-bags", condition: "fair", photo: photo{"suitcase", 5},
			text:  "皮面有歲月痕跡，鎖扣都能用，內裡重新襯過布。想找懂得珍惜的人，所以設了底價。",
			facts: facts("尺寸", "72 × 46 × 22 公分"), delivery: byParcel},
		span: span{-9 * day, -4*day - 6*hour}, start: 1200, reserve: 4800,
		bids: []bid{{emma, 1800}, {hsu, 2600}, {emma, 3000}},
	}, {
		thing: thing{by: grace, title: "Twin-bell alarm clock, very loud", category: "home-furniture", condition: "good", photo: photo{"clock", 7},
			text:  "Works, ticks, rings. I am selling it because it works, ticks and rings.",
			facts: facts("Power", "wind-up"), delivery: byStore},
		span: span{-8*day - 3*hour, -3*day - 1*hour}, start: 600,
	}, {
		thing: thing{by: emma, title: "Green 30 litre backpack with leather straps", category: "fashion-bags", condition: "good", photo: photo{"backpack", 0},
			text:  "Waxed canvas, brass buckles, one year of commuting. A friend asked for it before anybody bid.",
			facts: facts("Volume", "30 l"), delivery: byStore},
		span: span{-6*day - 4*hour, 1 * day}, start: 700, cancelled: -5*day - 20*hour,
	},
}
