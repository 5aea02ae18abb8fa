package demo

// listings are the script of all fixed-price listings: open ones first, the one that ends soon at their head.
var listings = append(openListings, endedListings...)

var openListings = []listing{
	{
		thing: thing{by: wu, title: "搬家出清：雙人座布沙發，附兩個抱枕", category: "home-furniture", condition: "good", photo: photo{"sofa", 6},
			text:  "下週交屋，只賣到今晚。坐墊可拆洗，左扶手有貓抓的細痕。長 168 公分，電梯可進。中壢自取，可幫忙搬上車。",
			facts: facts("長度", "168 公分"), delivery: byHand},
		span: span{-4*day - 3*hour, 7*minute + 40*second}, price: 3800,
	}, {
		thing: thing{by: sofia, title: "Moka pot, 6 cups, new gasket", category: "home-kitchen", condition: "good", photo: photo{"moka", 6},
			text:  "Aluminium, well seasoned, never in a dishwasher. The gasket and filter plate are new. I kept the bigger one.",
			facts: facts("Size", "6 cups", "Hob", "gas, electric"), delivery: byStore},
		span: span{-3*day - 2*hour, never}, price: 650,
	}, {
		thing: thing{by: wu, title: "木製小火車與彩色積木，水性漆", category: "leisure-toys", condition: "good", photo: photo{"train", 1},
			text:  "六個車輪都轉得順，少一塊藍色積木。用肥皂水擦過、曬過太陽。適合一歲半以上。",
			facts: facts("材質", "櫸木"), delivery: byStore},
		span: span{-2 * day, never}, price: 380,
	}, {
		thing: thing{by: mei, title: "手工冷製皂三入組：艾草、玫瑰土、蜂蜜", category: "other", condition: "new", photo: photo{"soap", 4},
			text:  "每個月做一鍋，晾皂六週。每塊約 100 克，不加香精。顏色每批略有不同，洗臉洗手都可以。",
			facts: facts("重量", "100 克 × 3"), delivery: byStore},
		span: span{-13*day - 8*hour, never}, price: 260, quantity: 40,
		buys: []purchase{{hana, 2, well}, {emma, 3, well}, {wu, 4, well}, {grace, 5, well}, {chou, 2, well}, {yating, 3, well}},
	}, {
		thing: thing{by: emma, title: "Cast-iron casserole, 26 cm, with lid", category: "home-kitchen", condition: "good", photo: photo{"pot", 4},
			text:  "Moving home and it is too heavy for the plane. Enamel whole inside, two chips on the outer rim. Bread, stews, anything.",
			facts: facts("Diameter", "26 cm", "Weight", "5.1 kg"), delivery: byHand},
		span: span{-1*day - 9*hour, 8 * day}, price: 1450,
	}, {
		thing: thing{by: priya, title: "Compact mechanical keyboard, tactile switches", category: "electronics-computers", condition: "like_new", photo: photo{"keyboard", 2},
			text:  "Hot-swap board, lubed stabilisers, two spare switches. Caps show a slight shine on the space bar. Quiet enough for an open office, nearly.",
			facts: facts("Layout", "68 keys", "Connection", "USB-C"), delivery: byStore},
		span: span{-5*day - 1*hour, never}, price: 2200,
	}, {
		thing: thing{by: wang, title: "14 吋二手筆電，16G 記憶體，電池健康度 82%", category: "electronics-computers", condition: "good", photo: photo{"laptop", 3},
			text:  "公司汰換機，已清空重灌。螢幕無亮點，上蓋右下角有磕痕。鍵盤背光正常，附 65 W 充電器。可驗機。",
			facts: facts("記憶體", "16 GB", "硬碟", "512 GB SSD"), delivery: byParcel},
		span: span{-2*day - 7*hour, 12 * day}, price: 9800, quantity: 3,
		buys: []purchase{{priya, 1, well}},
	}, {
		thing: thing{by: hana, title: "Monstera cuttings, rooted in water", category: "home-garden", condition: "new", photo: photo{"plant", 1},
			text:  "From a plant that is taking over the living room. Each has two leaves and roots of at least 8 cm. Pot not included. Wrapped in damp moss for the post.",
			facts: facts("Leaves", "2 each"), delivery: byParcel},
		span: span{-12*day - 20*hour, never}, price: 180, quantity: 12,
		buys: []purchase{{sofia, 1, well}, {mei, 2, well}, {marcus, 1, unpaid}, {tom, 1, well}, {ken, 1, well}},
	}, {
		thing: thing{by: chou, title: "大一教科書五本：微積分、統計、經濟學", category: "books-textbooks", condition: "fair", photo: photo{"books", 2},
			text:  "有螢光筆與鉛筆筆記，考前很好用。經濟學書背膠裂過，已補。不拆售。",
			facts: facts("本數", "5"), delivery: byStore},
		span: span{-3*day - 11*hour, 20 * day}, price: 900,
	}, {
		thing: thing{by: grace, title: "Mustard wool coat, size M", category: "fashion-women", condition: "like_new", photo: photo{"coat", 3},
			text:  "Worn one winter in Seoul, too warm for Taipei. Dry-cleaned in April. Lining whole, spare button in the pocket.",
			facts: facts("Size", "M", "Wool", "80 %"), delivery: byStore},
		span: span{-1*day - 1*hour, never}, price: 1680,
	}, {
		thing: thing{by: liu, title: "三層書架，松木，自組已上漆", category: "home-furniture", condition: "good", photo: photo{"bookcase", 6},
			text:  "高 120 公分，層板可承重。背板有一個走線孔是我鑽的。高雄自取，可先拆平。",
			facts: facts("高度", "120 公分"), delivery: byHand},
		span: span{-10 * hour, 15 * day}, price: 1100,
	}, {
		thing: thing{by: tsai, title: "自家凍頂烏龍，半斤罐裝，中焙火", category: "food-tea", condition: "new", photo: photo{"tea", 3},
			text:  "家裡三分地的茶，手採，冬茶。焙火偏中，冷泡熱泡都順。罐子可回收，寄回來折 20。",
			facts: facts("淨重", "300 克", "產地", "南投名間"), delivery: byStore},
		span: span{-9 * day, never}, price: 720, quantity: 30,
		buys: []purchase{{mei, 1, well}, {hsu, 2, well}, {ken, 2, well}, {grace, 4, well}, {liu, 1, well}},
	},
}

var endedListings = []listing{
	{
		thing: thing{by: liu, title: "細口手沖壺，附溫度計，有使用痕跡", category: "home-kitchen", condition: "fair", photo: photo{"kettle", 6},
			text:  "壺底有水漬，溫度計準（與探針比對差 1 度）。手把換過木頭。瓦斯爐、電陶爐可用。",
			facts: facts("容量", "1 公升"), delivery: byStore},
		span: span{-13 * day, -11 * day}, price: 820, buys: []purchase{{ken, 1, soSo}},
	}, {
		thing: thing{by: chou, title: "二手單行本漫畫，任選一本，十冊內同價", category: "books-comics", condition: "fair", photo: photo{"comics", 7},
			text:  "整理書櫃多出來的零散集數，書況不一，可先問有哪些。多本合寄。",
			facts: facts("語言", "繁體中文"), delivery: byStore},
		span: span{-13*day - 4*hour, -6*day - 12*hour}, price: 60, quantity: 20,
		buys: []purchase{{liu, 3, well}, {wang, 2, well}, {daniel, 4, well}, {mei, 2, well}, {huang, 3, well}},
	}, {
		thing: thing{by: liu, title: "全新民謠吉他弦，磷青銅，買多了", category: "leisure-instruments", condition: "new", photo: photo{"guitar", 1},
			text:  "未拆封，012–053。團購時多買的，一人最多三組。",
			facts: facts("規格", "012–053"), delivery: byStore},
		span: span{-13*day - 5*hour, -6*day - 5*hour}, price: 190, quantity: 12,
		buys: []purchase{{daniel, 2, well}, {hana, 1, well}, {grace, 1, well}, {wang, 1, well}, {ken, 2, well}, {sofia, 1, well}},
	}, {
		thing: thing{by: wang, title: "Replacement ear pads, protein leather, one pair", category: "electronics-audio", condition: "new", photo: photo{"headphones", 2},
			text:  "Fit most 90 mm cups. I repair headphones and bought a box; 店裡也可以幫忙換。",
			facts: facts("Diameter", "90 mm"), delivery: byStore},
		span: span{-12*day - 14*hour, -5*day - 22*hour}, price: 240, quantity: 10,
		buys: []purchase{{daniel, 1, well}, {liu, 2, well}, {tom, 1, soSo}, {priya, 1, well}},
	}, {
		thing: thing{by: daniel, title: "High-top canvas sneakers, EU 39, worn twice", category: "fashion-shoes", condition: "like_new", photo: photo{"sneakers", 4},
			text:  "Half a size too small for my sister. Soles are clean, box included. Laces are new.",
			facts: facts("Size", "EU 39 / 25 cm"), delivery: byStore},
		span: span{-12*day - 3*hour, -9 * day}, price: 890, buys: []purchase{{mei, 1, well}},
	}, {
		thing: thing{by: ken, title: "Two-person tent, used on three dry nights", category: "leisure-outdoor", condition: "like_new", photo: photo{"tent", 3},
			text:  "Orange A-frame, aluminium poles, all pegs there. Seams were sealed before the first trip. Lantern not included; it photographs well.",
			facts: facts("Weight", "2.6 kg", "Sleeps", "2"), delivery: byParcel},
		span: span{-11*day - 9*hour, -8 * day}, price: 1900, buys: []purchase{{huang, 1, refunded}},
	}, {
		thing: thing{by: mei, title: "二手摩卡壺三杯份，換過墊圈", category: "home-kitchen", condition: "good", photo: photo{"moka", 6},
			text:  "鋁製，煮起來香。壺口有一點點歪，不影響倒咖啡。附一包沒開的墊圈。",
			facts: facts("容量", "三杯"), delivery: byStore},
		span: span{-10*day - 2*hour, -8*day - 2*hour}, price: 420, buys: []purchase{{tom, 1, well}},
	}, {
		thing: thing{by: ken, title: "Fifty pour-over paper filters and a ceramic cone", category: "home-kitchen", condition: "new", photo: photo{"coffee", 1},
			text:  "A gift I got twice. White filters, cone for one to two cups, sealed.",
			facts: facts("Filters", "50"), delivery: byStore},
		span: span{-12*day - 10*hour, -6*day - 20*hour}, price: 350, quantity: 4, buys: []purchase{{sofia, 1, well}, {priya, 1, well}, {chou, 2, well}},
	}, {
		thing: thing{by: hsu, title: "老鬧鐘，發條式，鐘聲清亮", category: "leisure-collectibles", condition: "good", photo: photo{"clock", 7},
			text:  "洗過油，一天慢一分鐘左右。錶面有一處小鏽點。響鈴很大聲，鄰居會知道。",
			facts: facts("直徑", "12 公分"), delivery: byStore},
		span: span{-5*day - 2*hour, -2*day - 2*hour}, price: 680, buys: []purchase{{grace, 1, disputed}},
	}, {
		thing: thing{by: wang, title: "落地扇，葉片可拆洗，三段風速", category: "home-appliances", condition: "fair", photo: photo{"fan", 3},
			text:  "馬達安靜，擺頭正常。網罩有一根歪掉，扳回來了。板橋自取或貨運。",
			facts: facts("葉片", "16 吋"), delivery: byParcel},
		span: span{-4*day - 4*hour, -3*day - 4*hour}, price: 550, buys: []purchase{{chou, 1, calledOff}},
	}, {
		thing: thing{by: tom, title: "Red toolbox with the tools in it", category: "other", condition: "fair", photo: photo{"toolbox", 2},
			text:  "Hammer, adjustable wrench, six screwdrivers, a tape measure in inches. Rust on the wrench, none on the rest. Pick up in Taichung before Sunday.",
			facts: facts("Weight", "6 kg"), delivery: byHand},
		span: span{-8 * day, -2*day - 12*hour}, price: 980,
	}, {
		thing: thing{by: wang, title: "智慧型手機 128 GB，螢幕無刮", category: "electronics-phones", condition: "like_new", photo: photo{"phone", 2},
			text:  "換新機，舊機整理出來。電池健康度 91%，一直用保護殼。後來給了家人，所以下架。",
			facts: facts("容量", "128 GB"), delivery: byStore},
		span: span{-7*day - 1*hour, 10 * day}, price: 6500, cancelled: -6*day - 3*hour,
	},
}
