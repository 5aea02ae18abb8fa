package view

import (
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/web/static"
)

// tones are the colour classes of the kinds.
var tones = map[deal.Kind]string{deal.English: "auction", deal.Fixed: "fixed", deal.Request: "request", deal.Group: "group"}

func tone(k deal.Kind) string { return tones[k] }

// Kinds lists the ways to trade in the order pages show them.
func Kinds() []deal.Kind { return []deal.Kind{deal.English, deal.Fixed, deal.Request, deal.Group} }

// sprite is the address of a picture in the sprite.
func sprite(name string) string { return static.URL("sprite.svg") + "#" + name }

func stamp(t time.Time) string { return deal.FormatTime(t) }

func fullness(d Dot) string {
	if d.Full {
		return "full"
	}
	return "gone"
}

// bubble is the path of a speech bubble around a point.
func bubble(at Point, size int) string {
	h := size * 2 / 3
	return fmt.Sprintf("M%d %dh%dv%dh-%dl-%d %dv-%dh-%dz", at.X-size/2, at.Y-size/2, size, h, size/2, size/4, size/4, size/4, size-size/2-size/4)
}

// Widths of photos by where they stand.
const (
	thumbWidth = 160
	cardWidth  = 480
	pageWidth  = 1200
)

// cardSizes tells the browser how wide a card's photo is. On telephones, whose pixels are three to one of these, it says
// less than the truth: two of three are sharp enough for a thumb-sized picture, and a list weighs a third.
const cardSizes = "(min-width: 600px) 14rem, 106px"

// photoURL is the address of the smallest size of a photo that is wide enough, else of the whole.
func photoURL(ph market.PhotoView, width int) string {
	best, address := 0, ph.URL
	for _, v := range ph.Thumbnails {
		if v.Width >= width && (best == 0 || v.Width < best) {
			best, address = v.Width, v.URL
		}
	}
	return address
}

// entryCount says how many have entered, in the word of the kind.
func entryCount(p *Page, d market.DealView) string {
	switch d.Kind {
	case deal.English:
		return p.N("count.bids", d.Entries)
	case deal.Request:
		return p.N("count.quotes", d.Entries)
	case deal.Group:
		return pieceCount(p, d)
	default:
		total, left := stock(d)
		return p.N("count.taken", total-left)
	}
}

// shortCount is entryCount for a card.
func shortCount(p *Page, d market.DealView) string {
	if step, some := stepForSome(d); some {
		return p.N("count.piecesOf", value(d.Pieces), "at", step.Pieces, "amount", step.UnitPrice)
	}
	return entryCount(p, d)
}

// stepForSome is the step that an open group has reached, or its first; false where all that are pledged accept it.
func stepForSome(d market.DealView) (step deal.TierState, some bool) {
	if d.Kind != deal.Group || d.Status != deal.Open || len(d.Tiers) == 0 {
		return step, false
	}
	step = d.Tiers[max(0, reachedTier(d)-1)]
	return step, step.Pieces < value(d.Pieces)
}

// pieceCount says how many pieces are pledged, and how many of them accept the step that is reached, or the first.
func pieceCount(p *Page, d market.DealView) string {
	all := value(d.Pieces)
	step, some := stepForSome(d)
	if !some {
		return p.N("count.pieces", all)
	}
	if least := groupRule(d, Terms{}).Minimum; reachedTier(d) == 0 && step.Pieces < least {
		return p.N("count.piecesFirst", all, "at", step.Pieces, "amount", step.UnitPrice, "least", least)
	}
	return p.N("count.piecesAt", all, "at", step.Pieces, "amount", step.UnitPrice)
}

// ownWord is what a reader is in a deal, in a word.
type ownWord uint8

const (
	noWord ownWord = iota // he has nothing to do with it
	yoursWord
	leadingWord
	outbidWord
	inWord
	quotedWord
	ownWords // how many there are
)

// ownWordKeys are the texts of the words.
var ownWordKeys = [ownWords]string{yoursWord: "mark.yours", leadingWord: "mark.leading", outbidWord: "mark.outbid", inWord: "mark.in", quotedWord: "mark.quoted"}

// ownWordIn is the reader's word in a deal.
func ownWordIn(d *market.DealView) ownWord {
	switch me := d.Me; {
	case me == nil:
		return noWord
	case me.Role == string(deal.Owner):
		return yoursWord
	case me.Leading != nil && *me.Leading && me.Active:
		return leadingWord
	case me.Leading != nil && me.Active && d.Status == deal.Open:
		return outbidWord
	case me.Active && d.Kind == deal.Request:
		return quotedWord
	case me.Active:
		return inWord
	}
	return noWord
}

// ownMark says what the reader is in this deal; empty for those who have nothing to do with it.
func ownMark(p *Page, d market.DealView) string {
	if word := ownWordIn(&d); word != noWord {
		return p.T(ownWordKeys[word])
	}
	return ""
}

// value is what a pointer points at, or zero.
func value[T any](v *T) T {
	var zero T
	if v == nil {
		return zero
	}
	return *v
}

func asAmount(p *Page, f Field) Field {
	f.Unit, f.Mode = p.Symbol(), "decimal"
	if p.Currency.Exponent == 0 {
		f.Mode = "numeric"
	}
	return f
}
