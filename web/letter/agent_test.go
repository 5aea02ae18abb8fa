package letter_test

import (
	"testing"

	"haggle/web/letter"
)

func TestBrowsers(t *testing.T) {
	const webKit = " AppleWebKit/537.36 (KHTML, like Gecko) "
	for _, c := range []struct{ agent, browser, system string }{
		{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"},
		{"Mozilla/5.0 (Windows NT 10.0)" + webKit + "Chrome/142.0.0.0 Safari/537.36", "Chrome", "Windows"},
		{"Mozilla/5.0 (Windows NT 10.0)" + webKit + "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge", "Windows"},
		{"Mozilla/5.0 (Windows NT 10.0)" + webKit + "Chrome/142.0.0.0 Safari/537.36 OPR/125.0.0.0", "Opera", "Windows"},
		{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)" + webKit + "Chrome/142.0.0.0 Safari/537.36", "Chrome", "ChromeOS"},
		{"Mozilla/5.0 (Linux; Android 10; K)" + webKit + "Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome", "Android"},
		{"Mozilla/5.0 (Linux; Android 15; SM-S921B)" + webKit + "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "Safari", "macOS"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1", "Chrome", "iPhone"},
		{"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iPad"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/15.18.0", "LINE", "iPhone"},
		{"curl/8.5.0", "", ""}, {"", "", ""},
	} {
		if browser, system := letter.Browser(c.agent), letter.System(c.agent); browser != c.browser || system != c.system {
			t.Errorf("%q is %q on %q, want %q on %q", c.agent, browser, system, c.browser, c.system)
		}
	}
}
