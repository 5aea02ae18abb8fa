package demo

import (
	"context"
	"strconv"
	"time"

	"haggle/internal/deal/request"
	"haggle/internal/market"
)

// wish is one request of the script.
type wish struct {
	thing
	span
	rule            request.Rule
	price, quantity int64 // the named price of a piece; pieces, 0: one
	hidden, binding bool
	step            int64 // rule open
	split           bool
	sellers         int64 // at least so many; 0: one
	quotes          []quote
	pick            int // rule choice: which quote the buyer takes, from 1; 0: none
	cancelled       time.Duration
	end             ending
}

// quote is a seller's answer.
type quote struct {
	by       who
	price    int64
	days     int64
	quantity int64 // 0: all
	says     string
}

func (p *play) request(w wish) {
	l := p.lot(w.thing, w.span, w.end, func(ctx context.Context, l *lot, about market.About, until market.Until) (string, error) {
		visible := !w.hidden
		v, _, err := p.Market.OpenRequest(ctx, p.actors[l.by], market.Key{}, market.RequestInput{About: about, Until: until, Rule: string(w.rule),
			NamedPrice: cash(w.price), PriceVisible: &visible, Quantity: orNil(w.quantity), MinimumStep: cashOrNil(w.step), Split: w.split,
			MinimumQuotes: orNil(w.sellers), Binding: w.binding})
		return v.ID, err
	})
	p.cancel(l, w.cancelled)
	seqs := make([]int64, len(w.quotes))
	p.entries(l, len(w.quotes), "quoting for", func(ctx context.Context, i int) (err error) {
		seqs[i], err = p.quote(ctx, l, w.quotes[i])
		return err
	})
	if w.pick > 0 {
		p.entry(l, w.closes-2*minute, "choosing for", func(ctx context.Context) error {
			in := market.AwardInput{Quote: strconv.FormatInt(seqs[w.pick-1], 10), Reason: "price"}
			_, err := p.Market.AwardRequest(ctx, p.actors[l.by], market.Key{}, l.id, in)
			return err
		})
	}
}

// quote answers a request and gives the number of the quote's log line.
func (p *play) quote(ctx context.Context, l *lot, q quote) (int64, error) {
	v, err := p.Market.SubmitQuote(ctx, p.actors[q.by], market.Key{}, l.id, market.QuoteInput{UnitPrice: cash(q.price), Quantity: orNil(q.quantity),
		DeliveryDays: orNil(q.days), Message: q.says})
	return v.Receipt.Seq, err
}
