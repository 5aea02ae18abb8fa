package letter

import "strings"

// sign is what a browser says of itself, and the name that stands for.
type sign struct{ says, name string }

// browsers and systems stand in the order in which they are looked for: most say the names of others, too.
var (
	browsers = []sign{
		{"Line/", "LINE"}, {"FBAN", "Facebook"}, {"FBAV", "Facebook"}, {"Instagram", "Instagram"},
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"},
		{"FxiOS", "Firefox"}, {"Firefox", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	}
	systems = []sign{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Macintosh", "macOS"}, {"Linux", "Linux"},
	}
)

// Browser is the name of a browser, read from what it says of itself; "" where it is none that is widely known.
func Browser(agent string) string { return first(browsers, agent) }

// System is what a browser runs on, read from what it says of itself; "" where it does not say.
func System(agent string) string { return first(systems, agent) }

func first(signs []sign, agent string) string {
	for _, s := range signs {
		if strings.Contains(agent, s.says) {
			return s.name
		}
	}
	return ""
}
