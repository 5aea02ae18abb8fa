package english

import (
	"bytes"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Audit replays a log: every `after`, the award and the result must come out as written. The last maximum of the
// winner may stay closed and counts as unlimited, that of an unsold leader as one unit below the reserve. A log that is
// open or cancelled opens no maximum: there the deadline and the shape of its lines are checked.
func (Mechanism) Audit(t *deal.Transcript) error {
	terms, err := readTerms(t)
	if err != nil {
		return err
	}
	if !t.IsClosed() || text(t.ClosedBody(), "result") == string(deal.ResultCancel) {
		return auditClosed(t, terms)
	}
	return auditOpened(t, terms)
}

// entries are the lines between the opening and the closing's own.
func entries(t *deal.Transcript) []deal.Line {
	lines := t.Lines[1:t.End]
	for i, l := range lines {
		if l.Kind == deal.Revealed || l.Kind == deal.Awarded {
			return lines[:i]
		}
	}
	return lines
}

// auditOpened checks a log whose auction was sold or failed.
func auditOpened(t *deal.Transcript, terms *Terms) error {
	closed := t.Lines[t.End]
	d := deal.Decision{Result: deal.Result(text(closed.Body, "result")), Reason: deal.Reason(text(closed.Body, "reason"))}
	lines := entries(t)
	kept := lastBid(lines, leaderOf(lines))
	values, err := opened(t, terms, lines, kept)
	if err != nil {
		return err
	}
	r := newReplay(frame(t, terms), terms, values)
	if _, there := t.Reveal(kept, fieldMax); !there {
		r.values = assume(terms, d.Result, values, kept)
		r.free = map[int64]bool{kept: true}
	}
	for _, l := range lines {
		if err := r.step(l); err != nil {
			return err
		}
	}
	return checkEnd(t, r, d)
}

// leaderOf is the leader that the last line with one names.
func leaderOf(lines []deal.Line) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if after, ok := lines[i].Body["after"].(deal.Body); ok {
			return text(after, "leader")
		}
	}
	return ""
}

// opened collects the opened maxima and the reserve, and says which are missing.
func opened(t *deal.Transcript, terms *Terms, lines []deal.Line, kept int64) (map[int64]int64, error) {
	if t.Terms[fieldReserve] != nil {
		v, ok := t.Reveal(0, fieldReserve)
		if !ok {
			return nil, deal.Wrong(0, "the reserve is not opened")
		}
		reserve := money.Amount(v)
		terms.ReservePrice = &reserve
	}
	values := map[int64]int64{}
	for _, l := range lines {
		if l.Kind != deal.Entered || l.Body["act"] != string(deal.Bid) {
			continue
		}
		v, ok := t.Reveal(l.Seq, fieldMax)
		if !ok && l.Seq != kept {
			return nil, deal.Wrong(l.Seq, "its maximum is not opened")
		}
		if ok {
			values[l.Seq] = v
		}
	}
	return values, nil
}

// checkEnd checks when the auction ended, what was opened beyond need, the award and the result.
func checkEnd(t *deal.Transcript, r *replay, d deal.Decision) error {
	closed := t.Lines[t.End]
	if !r.ended && closed.At.Before(r.deadline()) {
		return deal.Wrong(closed.Seq, "closed before closesAt %s", deal.FormatTime(r.deadline()))
	}
	if r.ended && !closed.At.Equal(entries(t)[len(entries(t))-1].At) {
		return deal.Wrong(closed.Seq, "the closing shares the at of the line that ended the auction")
	}
	if d.Result == deal.Sold {
		d.UnitPrice = r.state.Standing
	}
	if r.checkResult(d) != nil {
		return deal.Wrong(closed.Seq, "the result does not follow from the bids")
	}
	if err := checkNeed(t, r, d); err != nil {
		return err
	}
	return checkAwards(t, r, d)
}

// checkNeed refuses a log that opened the leader's last maximum without need.
func checkNeed(t *deal.Transcript, r *replay, d deal.Decision) error {
	lines := entries(t)
	kept := lastBid(lines, r.state.LeaderWho)
	if _, there := t.Reveal(kept, fieldMax); !there || kept < 0 {
		return nil
	}
	all := append([]deal.Line{t.Lines[0]}, lines...)
	if r.terms.recomputable(frame(t, r.terms), d, all, r.values, kept) {
		return deal.Wrong(kept, "the leader's last maximum was opened without need")
	}
	return nil
}

func checkAwards(t *deal.Transcript, r *replay, d deal.Decision) error {
	var want []deal.Body
	if d.Result == deal.Sold {
		a := r.state.award("")
		want = append(want, deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total})
	}
	got := t.Awards()
	if len(got) != len(want) {
		return deal.Wrong(int64(t.End), "%d awards, not %d", len(got), len(want))
	}
	for i := range want {
		if !equal(got[i].Body, want[i]) {
			return deal.Wrong(got[i].Seq, "the award does not follow from the bids")
		}
	}
	d.Awards = int64(len(want))
	if !equal(t.Lines[t.End].Body, closedBody(d)) {
		return deal.Wrong(int64(t.End), "the closed line should read otherwise")
	}
	return nil
}

// auditClosed checks what needs no maximum: an open log, or a cancelled auction, which opens and awards nothing.
func auditClosed(t *deal.Transcript, terms *Terms) error {
	r := newReplay(frame(t, terms), terms, nil)
	var last deal.Body
	lines := entries(t)
	for _, l := range lines {
		after, _ := l.Body["after"].(deal.Body)
		if l.Kind == deal.Entered && l.Body["act"] == string(deal.Bid) {
			if err := r.checkDeadline(l, last, after); err != nil {
				return err
			}
		}
		last = after
	}
	if !t.IsClosed() {
		return nil
	}
	closed := t.Lines[t.End]
	if int(t.End) != len(lines)+1 {
		return deal.Wrong(int64(len(lines)+1), "a cancelled auction opens and awards nothing")
	}
	if !closed.At.Before(r.deadline()) {
		return deal.Wrong(closed.Seq, "cancelled after closesAt")
	}
	return nil
}

// checkDeadline holds a bid's deadline against what everybody sees: price, leader and time.
func (r *replay) checkDeadline(l deal.Line, before, after deal.Body) error {
	changed := text(before, "leader") != text(after, "leader") || before["standing"] != after["standing"]
	at := r.terms.moved(changed, r.view.ClosesAt, l.At)
	want := ""
	if !at.IsZero() {
		want = deal.FormatTime(at)
		r.view.ClosesAt = at
	}
	if text(after, "closesAt") != want {
		return deal.Wrong(l.Seq, "closesAt in after should be %q", want)
	}
	return nil
}

// readTerms reads the log's terms; the reserve, a commitment, is filled in when it is opened.
func readTerms(t *deal.Transcript) (*Terms, error) {
	if err := deal.OnlyKeys(t.Lines[0], t.Terms, "startPrice", fieldReserve, "buyNowPrice", "increments", "softClose"); err != nil {
		return nil, err
	}
	terms := &Terms{}
	start, ok := t.Terms["startPrice"].(int64)
	soft, ok2 := t.Terms["softClose"].(deal.Body)
	table, ok3 := readTable(t.Terms["increments"])
	if !ok || !ok2 || !ok3 {
		return nil, deal.Wrong(0, "startPrice, softClose and increments are required")
	}
	terms.StartPrice, terms.Increments = money.Amount(start), table
	window, ok := soft["windowSeconds"].(int64)
	extend, ok2 := soft["extendSeconds"].(int64)
	if !ok || !ok2 || len(soft) != 2 {
		return nil, deal.Wrong(0, "softClose has windowSeconds and extendSeconds")
	}
	terms.SoftClose = &SoftClose{WindowSeconds: window, ExtendSeconds: extend}
	if v, there := t.Terms["buyNowPrice"]; there {
		n, ok := v.(int64)
		if !ok {
			return nil, deal.Wrong(0, "buyNowPrice is no amount")
		}
		price := money.Amount(n)
		terms.BuyNowPrice = &price
	}
	f := frame(t, terms)
	if err := terms.check(f); err != nil {
		return nil, deal.Wrong(0, "impossible terms: %v", err)
	}
	return terms, nil
}

func readTable(v any) ([][2]money.Amount, bool) {
	rows, ok := v.([]any)
	out := make([][2]money.Amount, len(rows))
	for i, row := range rows {
		pair, isPair := row.([]any)
		if !isPair || len(pair) != 2 {
			return nil, false
		}
		below, ok1 := pair[0].(int64)
		step, ok2 := pair[1].(int64)
		if !ok1 || !ok2 {
			return nil, false
		}
		out[i] = [2]money.Amount{money.Amount(below), money.Amount(step)}
	}
	return out, ok && len(out) > 0
}

func frame(t *deal.Transcript, terms *Terms) deal.Frame {
	return deal.Frame{Deal: t.Deal, Owner: "owner", Currency: t.Currency, OpenedAt: t.OpenedAt, ClosesAt: t.ClosesAt, Terms: terms}
}

func text(b deal.Body, key string) string {
	s, _ := b[key].(string)
	return s
}

func equal(a, b deal.Body) bool {
	x, err := deal.Canonical(a)
	if err != nil {
		return false
	}
	y, err := deal.Canonical(b)
	return err == nil && bytes.Equal(x, y)
}
