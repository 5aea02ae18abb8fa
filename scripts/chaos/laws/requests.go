package laws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/scripts/chaos/acks"
)

// requests holds what clients were told against what is there. All answers under one key count as one request.
func (j *judge) requests() {
	if j.Acks == nil {
		return
	}
	var ids []string
	tries := map[string][]acks.Ack{}
	for i, a := range j.Acks {
		id := a.ID()
		if a.Key == "" {
			id = fmt.Sprintf("without a key, %d", i)
		}
		if tries[id] == nil {
			ids = append(ids, id)
		}
		tries[id] = append(tries[id], a)
	}
	for _, id := range ids {
		j.request(id, tries[id])
	}
	j.law[Once].saw("requests", len(ids))
}

// request judges one request by all that its client was told.
func (j *judge) request(id string, tries []acks.Ack) {
	var yes *acks.Ack
	refused := false
	for i := range tries {
		switch a := &tries[i]; {
		case !a.Accepted():
			refused = refused || a.Known()
		case yes == nil:
			yes = a
		case a.Status != yes.Status || !bytes.Equal(a.Answer, yes.Answer):
			j.law[Once].breaks("%s was answered in two ways: %s and %s", id, yes.Answer, a.Answer)
		}
	}
	kept, isKept := j.p.Keys[id]
	switch {
	case yes != nil:
		j.report.Acknowledged++
		j.law[Kept].saw("acknowledged", 1)
		if yes.Key != "" && !isKept {
			j.law[Kept].breaks("%s of %s was acknowledged, and its key is not kept", yes.Path, id)
		}
		j.effect(id, *yes, yes.Answer)
	case refused:
		j.report.Refused++
		if isKept {
			j.law[Once].breaks("%s of %s was refused, and its key keeps an answer", tries[0].Path, id)
		}
	default:
		j.report.Unknown++
		if isKept {
			j.report.Done++
			j.effect(id, tries[0], answerOf(kept.Answer))
		}
	}
}

// answerOf is the part of a kept answer that says what was done, as JSON.
func answerOf(kept bson.Raw) json.RawMessage {
	var k struct {
		JSON    []byte `bson:"json"`
		Receipt *struct {
			Deal string `bson:"deal"`
			Seq  int64  `bson:"seq"`
			Hash string `bson:"hash"`
		} `bson:"receipt"`
	}
	if err := bson.Unmarshal(kept, &k); err != nil || k.Receipt == nil {
		return k.JSON
	}
	return fmt.Appendf(nil, `{"receipt":{"deal":%q,"seq":%d,"hash":%q}}`, k.Receipt.Deal, k.Receipt.Seq, k.Receipt.Hash)
}

// told is what an answer may say of what was done.
type told struct {
	ID      string
	Receipt *struct {
		Deal string
		Seq  int64
		Hash string
	}
	Order *struct{ ID string }
}

// effect holds what a request did: it is there, as it was told, and no other request did it.
func (j *judge) effect(id string, a acks.Ack, answer json.RawMessage) {
	var t told
	if err := json.Unmarshal(answer, &t); err != nil {
		j.law[Kept].breaks("%s of %s was answered %q", a.Path, id, answer)
		return
	}
	parts := strings.Split(a.Path, "/")
	switch {
	case t.Receipt != nil:
		j.entered(id, a, t)
	case a.Path == "/accounts":
		j.there(j.p.Accounts[t.ID], "the account", t.ID, id)
	case a.Path == "/wallet/deposits":
		j.deposited(id, a, t.ID)
	case a.Path == "/listings" || a.Path == "/groups" || a.Path == "/requests":
		d, ok := j.p.Deals[t.ID]
		j.there(ok && d.Owner == a.Account, "the deal", t.ID, id)
		j.mark(place{t.ID, 0}, id, a)
	case len(parts) == 4 && parts[1] == "orders" && parts[3] == "pay":
		o := j.p.Orders[t.ID]
		_, paid := j.p.Transfers["pay:"+t.ID]
		j.there(o.Buyer == a.Account && paid && o.Status != "awaiting_payment" && o.Status != "cancelled", "the payment of", t.ID, id)
	default:
		j.law[Kept].breaks("%s of %s: nobody knows what this does", a.Path, id)
	}
}

func (j *judge) there(ok bool, what, which, id string) {
	j.law[Kept].saw(strings.TrimPrefix(what, "the "), 1)
	if !ok {
		j.law[Kept].breaks("%s %s of %s is lost", what, which, id)
	}
}

// mark notes which request a line answers.
func (j *judge) mark(at place, id string, a acks.Ack) {
	if twin, twice := j.asked[at]; twice {
		j.law[Once].breaks("line %d of deal %s answers two requests: %s and %s", at.seq, at.deal, twin.id, id)
	}
	j.asked[at] = asked{id, a}
}

// entered holds an entry: its line with its hash under its number.
func (j *judge) entered(id string, a acks.Ack, t told) {
	r := t.Receipt
	j.law[Kept].saw("entries", 1)
	log := j.logs[r.Deal]
	switch {
	case r.Seq < 0 || r.Seq >= int64(len(log)):
		j.law[Kept].breaks("line %d of deal %s, which answers %s, is lost: the log has %d lines", r.Seq, r.Deal, id, len(log))
	case log[r.Seq].Hash != r.Hash:
		j.law[Kept].breaks("line %d of deal %s, which answers %s, is another now: its hash is not the receipt's", r.Seq, r.Deal, id)
	}
	j.mark(place{r.Deal, r.Seq}, id, a)
	if t.Order != nil && t.Order.ID != "" {
		o, ok := j.p.Orders[t.Order.ID]
		j.there(ok && o.Buyer == a.Account, "the order", t.Order.ID, id)
	}
}

// deposited holds a deposit: one transfer, of its amount, into the wallet of who made it.
func (j *judge) deposited(id string, a acks.Ack, intent string) {
	j.law[Kept].saw("deposits", 1)
	var asked struct{ Amount int64 }
	_ = json.Unmarshal(a.Body, &asked)
	into := int64(0)
	for _, p := range j.p.Transfers["deposit:"+intent].Postings {
		if p.Account == "user:"+a.Account+":available" {
			into += p.Amount
		}
	}
	if into != asked.Amount {
		j.law[Kept].breaks("deposit %s of %s put %d into the wallet, not %d", intent, id, into, asked.Amount)
	}
	if twin, twice := j.intent[intent]; twice {
		j.law[Once].breaks("deposit %s answers two requests: %s and %s", intent, twin, id)
	}
	j.intent[intent] = id
}
