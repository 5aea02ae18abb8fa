package market

// categories is the tree of what is traded here. Ids are stable for ever; names may change.
var categories = []CategoryView{
	branch("home", "Home and furniture", "居家與家具", leaf("furniture", "Furniture", "家具"), leaf("kitchen", "Kitchenware", "廚房用品"),
		leaf("appliances", "Appliances", "家電"), leaf("lighting", "Lighting", "燈具"), leaf("garden", "Garden", "園藝")),
	branch("electronics", "Electronics", "3C 電子", leaf("phones", "Phones", "手機"), leaf("computers", "Computers", "電腦"),
		leaf("cameras", "Cameras", "相機"), leaf("audio", "Audio", "音響"), leaf("games", "Video games", "電玩")),
	branch("fashion", "Fashion", "服飾", leaf("women", "Women", "女裝"), leaf("men", "Men", "男裝"), leaf("shoes", "Shoes", "鞋類"),
		leaf("bags", "Bags", "包包"), leaf("watches", "Watches", "手錶")),
	branch("leisure", "Leisure and sport", "休閒與運動", leaf("bicycles", "Bicycles", "自行車"), leaf("outdoor", "Outdoor", "戶外"),
		leaf("instruments", "Instruments", "樂器"), leaf("toys", "Toys", "玩具"), leaf("collectibles", "Collectibles", "收藏品")),
	branch("books", "Books and media", "圖書與影音", leaf("fiction", "Fiction", "小說"), leaf("textbooks", "Textbooks", "教科書"),
		leaf("comics", "Comics", "漫畫"), leaf("records", "Records", "唱片")),
	branch("children", "Children", "親子", leaf("baby", "Baby", "嬰幼兒"), leaf("clothes", "Children's clothes", "童裝"), leaf("strollers", "Strollers", "推車")),
	branch("food", "Food and drink", "食品", leaf("fruit", "Fruit", "水果"), leaf("tea", "Tea and coffee", "茶與咖啡"),
		leaf("pantry", "Pantry", "南北貨"), leaf("snacks", "Snacks", "零食")),
	branch("services", "Work and services", "工作與服務", leaf("repair", "Repair", "維修"), leaf("moving", "Moving", "搬運"), leaf("printing", "Printing", "印刷")),
	branch("other", "Other", "其他"),
}

func leaf(id, en, zh string) CategoryView {
	return CategoryView{ID: id, Name: Named{En: en, ZhTW: zh}, Children: []CategoryView{}}
}

func branch(id, en, zh string, children ...CategoryView) CategoryView {
	c := leaf(id, en, zh)
	for _, child := range children {
		child.ID = id + "-" + child.ID
		c.Children = append(c.Children, child)
	}
	return c
}

// categoryPaths holds, for every id, the ids from the root down to it.
var categoryPaths = func() map[string][]string {
	paths := map[string][]string{}
	var walk func(above []string, list []CategoryView)
	walk = func(above []string, list []CategoryView) {
		for _, c := range list {
			path := append(append([]string{}, above...), c.ID)
			paths[c.ID] = path
			walk(path, c.Children)
		}
	}
	walk(nil, categories)
	return paths
}()

// Categories is the whole tree.
func (m *Market) Categories() []CategoryView { return categories }

// Category finds one node by its id.
func (m *Market) Category(id string) (CategoryView, bool) { return findCategory(categories, id) }

func findCategory(list []CategoryView, id string) (CategoryView, bool) {
	for _, c := range list {
		if c.ID == id {
			return c, true
		}
		if found, ok := findCategory(c.Children, id); ok {
			return found, true
		}
	}
	return CategoryView{}, false
}
