package laws

import (
	"strings"
	"time"

	"haggle/scripts/chaos/rows"
)

// gateway holds the sandbox's own book against intents and the ledger: what it took is in a wallet, is being looked into, or
// went back; what is in a wallet it took; what it took back later left the wallet.
func (j *judge) gateway() {
	law := j.law[Gateway]
	refunded := map[string]int64{}
	for _, c := range j.p.Charges {
		if c.Act == "refund" && c.State == "succeeded" {
			refunded[c.Of] += c.Amount
		}
	}
	for _, c := range byKey(j.p.Charges) {
		if c.Act == "charge" && c.Purpose == "deposit" {
			law.saw("charges", 1)
			j.charge(law, c, refunded[c.Intent])
		}
	}
	for _, t := range byKey(j.p.Transfers) {
		intent, ok := strings.CutPrefix(t.ID, "deposit:")
		if c := j.p.Charges[intent]; ok && (c.State != "succeeded" || c.Amount != -sumOf(t, "gateway:")) {
			law.breaks("%s was credited; the gateway has %s %d for it", t.ID, c.State, c.Amount)
		}
	}
	for _, i := range byKey(j.p.Intents) {
		law.saw("intents", 1)
		if i.OpenAt != nil && (j.Final || j.Now.Sub(i.At) > j.Stale) {
			law.late("intent %s of %s is %s since %s", i.ID, i.Account, i.State, j.Now.Sub(i.At).Round(time.Second))
		}
	}
}

func (j *judge) charge(law *Law, c rows.Charge, refunded int64) {
	i, known := j.p.Intents[c.Intent]
	_, credited := j.p.Transfers["deposit:"+c.Intent]
	_, failed := j.p.Transfers["deposit_failed:"+c.Intent]
	took := c.State == "succeeded"
	switch {
	case !known || i.Amount != c.Amount:
		law.breaks("the gateway decided %s over %d, the intent says %d", c.Intent, c.Amount, i.Amount)
	case credited && (!took || i.State != "succeeded" || refunded > 0):
		law.breaks("%s is credited, the gateway says %s with %d given back, the intent %s", c.Intent, c.State, refunded, i.State)
	case took && !credited && i.OpenAt == nil && refunded != c.Amount && (c.FailsAt.IsZero() || j.Now.Before(c.FailsAt)):
		law.breaks("the gateway took %d for %s, which is %s and not credited", c.Amount, c.Intent, i.State)
	case failed && (c.FailsAt.IsZero() || !credited):
		law.breaks("%s was taken out of the wallet again, and the gateway never took it back", c.Intent)
	case credited && !failed && !c.FailsAt.IsZero() && (j.Final && j.Now.After(c.FailsAt) || j.Now.Sub(c.FailsAt) > j.Stale):
		law.late("the gateway took %s back at %s, the wallet still has it", c.Intent, c.FailsAt.Format(time.TimeOnly))
	}
}

// sumOf adds up what a transfer posts to accounts that begin so.
func sumOf(t rows.Transfer, prefix string) (sum int64) {
	for _, p := range t.Postings {
		if strings.HasPrefix(p.Account, prefix) {
			sum += p.Amount
		}
	}
	return sum
}
