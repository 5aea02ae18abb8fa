package view

import "haggle/internal/money"

// testCards are the card numbers of the sandbox and what they do.
var testCards = []struct{ number, what string }{
	{"4242 4242 4242 4242", "accepted"},
	{"4000 0000 0000 0002", "declined"},
	{"4000 0000 0000 0069", "expired"},
	{"4000 0025 0000 3155", "challenge"},
	{"4000 0000 0000 0341", "late"},
}

func titleOr(title, other string) string {
	if title == "" {
		return other
	}
	return title
}

func change(p *Page, a money.Amount) string {
	if a == 0 {
		return "–"
	}
	return p.Signed(a)
}

func sign(a money.Amount) string {
	if a > 0 {
		return "gain"
	}
	return ""
}
