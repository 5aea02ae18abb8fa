package dealtest

import (
	"reflect"
	"time"

	"haggle/internal/deal"
)

// Close settles the deal: at once where an entry decided it, else at its deadline, or later where it must wait.
func (d *Deal) Close() deal.Outcome {
	d.t.Helper()
	if d.decision != nil {
		return d.settle()
	}
	at := d.frame.ClosesAt
	for range 10 {
		if out, later := d.CloseAt(at); later.IsZero() {
			return out
		} else {
			at = later
		}
	}
	d.t.Fatalf("the deal never closes")
	return deal.Outcome{}
}

// CloseAt lets the deadline be noticed at a time, not before it. Where the deal must wait, nothing is decided and the
// time to come again is given.
func (d *Deal) CloseAt(at time.Time) (out deal.Outcome, later time.Time) {
	d.t.Helper()
	if d.frame.ClosesAt.IsZero() || at.Before(d.frame.ClosesAt) || d.decision != nil {
		d.t.Fatalf("no deadline to notice at %s", at)
	}
	d.WaitUntil(at)
	v := d.View(Site)
	if d.m.Needs(deal.ActClose, v.Terms) {
		v.Crowd = d.Crowd()
	}
	x, later, err := d.m.Decide(v)
	if err != nil {
		d.t.Fatalf("decide: %v", err)
	}
	if !later.IsZero() {
		return out, later
	}
	d.decision, d.decided = &x, d.now
	return d.settle(), later
}

// settle unfolds the decision, twice to the same outcome, and writes its lines.
func (d *Deal) settle() deal.Outcome {
	d.t.Helper()
	if d.closed {
		d.t.Fatalf("the deal is closed already")
	}
	out := d.Unfold()
	if !reflect.DeepEqual(out, d.Unfold()) {
		d.t.Fatalf("unfolded twice to different outcomes")
	}
	for _, r := range out.Reveals {
		d.append(d.decided, deal.LineDraft{Who: r.Who, Kind: deal.Revealed,
			Body: deal.Body{"of": r.Of, "field": r.Secret.Field, "salt": r.Secret.Salt, "value": r.Secret.Value}})
	}
	for _, a := range out.Awards {
		d.append(d.decided, deal.LineDraft{Who: "site", Kind: deal.Awarded,
			Body: deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total}})
	}
	d.append(d.decided, deal.LineDraft{Who: "site", Kind: deal.Closed, Body: out.Closed})
	d.closed = true
	return out
}

// Unfold says what the decision writes, without writing it.
func (d *Deal) Unfold() deal.Outcome {
	d.t.Helper()
	v := d.View(Site)
	v.Now, v.Crowd = d.decided, d.Crowd()
	out, err := d.m.Unfold(v, *d.decision, deal.History{Lines: d.lines, Secrets: d.secrets})
	if err != nil {
		d.t.Fatalf("unfold: %v", err)
	}
	return out
}

// Lines are those of the log so far.
func (d *Deal) Lines() []deal.Line { return d.lines }

// Secrets are those of a line.
func (d *Deal) Secrets(line int64) []deal.Secret { return d.secrets[line] }

// Log is the log as it is served.
func (d *Deal) Log() []byte { return Joined(d.lines) }

// Verify recomputes the log from its bytes.
func (d *Deal) Verify() error {
	_, err := deal.VerifyBytes(d.Log(), d.reg)
	return err
}

// Accepts says what the verifier finds wrong with another log of this kind.
func (d *Deal) Accepts(log []byte) error {
	_, err := deal.VerifyBytes(log, d.reg)
	return err
}
