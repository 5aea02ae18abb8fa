package engine

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// What travels between processes: BSON, since it is sealed and never leaves the site.

type sentItems struct {
	Items []sentItem `bson:"items"`
}

type sentItem struct {
	Deal    string      `bson:"deal"`
	Kind    deal.Kind   `bson:"kind,omitempty"`
	Expire  bool        `bson:"expire,omitempty"`
	Again   bool        `bson:"again,omitempty"`
	ID      string      `bson:"id,omitempty"`
	Key     *Key        `bson:"key,omitempty"`
	Account string      `bson:"account,omitempty"`
	Role    deal.Role   `bson:"role,omitempty"`
	Act     deal.Act    `bson:"act,omitempty"`
	Reason  deal.Reason `bson:"reason,omitempty"`
	Salts   []string    `bson:"salts,omitempty"`
	Related []string    `bson:"related,omitempty"`
	Values  bson.Raw    `bson:"values,omitempty"`
}

type sentVerdicts struct {
	Verdicts []sentVerdict `bson:"verdicts"`
}

type sentVerdict struct {
	Fate      string        `bson:"fate"`
	Kept      *keptAnswer   `bson:"kept,omitempty"`
	Signature string        `bson:"signature,omitempty"`
	Replayed  bool          `bson:"replayed,omitempty"`
	Code      fault.Code    `bson:"code,omitempty"`
	Params    bson.M        `bson:"params,omitempty"`
	Fields    []fault.Field `bson:"fields,omitempty"`
}

// Fates of a sent item.
const (
	fateAccepted = "accepted"
	fateRefused  = "refused"
	fateMoved    = "moved"   // not decided: the lane belongs to somebody else
	fatePending  = "pending" // not decided yet: ask again
)

// errPending says that the owner has an entry and has not decided it yet.
var errPending = errors.New("engine: not decided yet")

// packItems makes a body of items. The kind of a deal says how its entries are read again.
func (e *Engine) packItems(ctx context.Context, batch []*item) ([]byte, error) {
	out := sentItems{Items: make([]sentItem, len(batch))}
	for i, it := range batch {
		s, x := it.sub, it.sub.Entry
		w := sentItem{Deal: s.Deal, Expire: it.expire, Again: it.again, ID: s.ID, Key: s.Key, Account: x.Account, Role: x.Role, Act: x.Act,
			Reason: x.Reason, Salts: x.Salts, Related: x.Related}
		if x.Values != nil {
			kind, err := e.Kind(ctx, s.Deal)
			if err != nil && !errors.Is(err, store.ErrNotFound) { // the owner says that there is no such deal
				return nil, err
			}
			if err == nil {
				w.Kind = kind
				if w.Values, err = bson.Marshal(x.Values); err != nil {
					return nil, fmt.Errorf("send an entry: %w", err)
				}
			}
		}
		out.Items[i] = w
	}
	return bson.Marshal(out)
}

// unpackItems reads what packItems made.
func (e *Engine) unpackItems(body []byte) ([]*item, error) {
	var in sentItems
	if err := bson.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("entries of another process: %w", err)
	}
	out := make([]*item, len(in.Items))
	for i, w := range in.Items {
		s := Submission{Deal: w.Deal, ID: w.ID, Key: w.Key, Entry: deal.Entry{Account: w.Account, Role: w.Role, Act: w.Act, Reason: w.Reason,
			Salts: w.Salts, Related: w.Related}}
		if w.Values != nil {
			values, err := e.input(w)
			if err != nil {
				return nil, err
			}
			s.Entry.Values = values
		}
		out[i] = newItem(s)
		out[i].expire, out[i].again = w.Expire, w.Again
	}
	return out, nil
}

// input decodes what an act brings along.
func (e *Engine) input(w sentItem) (any, error) {
	m, ok := e.cfg.Mechanisms[w.Kind]
	if !ok {
		return nil, fmt.Errorf("an entry of unknown kind %q", w.Kind)
	}
	p := m.NewInput(w.Act)
	if p == nil {
		return nil, fmt.Errorf("%s of a %s deal brings nothing along", w.Act, w.Kind)
	}
	if err := bson.Unmarshal(w.Values, p); err != nil {
		return nil, fmt.Errorf("values of %s: %w", w.Act, err)
	}
	return reflect.ValueOf(p).Elem().Interface(), nil
}

// packVerdicts makes a body of what became of items.
func packVerdicts(all []verdict) ([]byte, error) {
	out := sentVerdicts{Verdicts: make([]sentVerdict, len(all))}
	for i, v := range all {
		out.Verdicts[i] = v.sent()
	}
	return bson.Marshal(out)
}

func (v verdict) sent() sentVerdict {
	switch {
	case errors.Is(v.err, errMoved):
		return sentVerdict{Fate: fateMoved}
	case errors.Is(v.err, errPending):
		return sentVerdict{Fate: fatePending}
	case v.err != nil:
		f := fault.From(v.err)
		return sentVerdict{Fate: fateRefused, Code: f.Code, Params: bson.M(f.Params), Fields: f.Fields}
	}
	a := v.accepted
	return sentVerdict{Fate: fateAccepted, Replayed: a.Replayed, Signature: a.Receipt.Head.Signature,
		Kept: &keptAnswer{Receipt: a.Receipt, Answer: a.Answer, Orders: a.Orders, Closing: a.Closing}}
}

// unpackVerdicts reads what packVerdicts made of n items.
func unpackVerdicts(body []byte, n int) ([]verdict, error) {
	var in sentVerdicts
	if err := bson.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("verdicts of another process: %w", err)
	}
	if len(in.Verdicts) != n {
		return nil, fmt.Errorf("%d verdicts for %d entries", len(in.Verdicts), n)
	}
	out := make([]verdict, n)
	for i, w := range in.Verdicts {
		out[i] = w.verdict()
	}
	return out, nil
}

func (w sentVerdict) verdict() verdict {
	switch w.Fate {
	case fateMoved:
		return verdict{err: errMoved}
	case fatePending:
		return verdict{err: errPending}
	case fateAccepted:
		if w.Kept == nil {
			return verdict{err: fault.New(fault.CodeInternal, nil)}
		}
		k := w.Kept
		if k.Receipt.Head.Path == nil {
			k.Receipt.Head.Path = []deal.Sibling{}
		}
		k.Receipt.Head.Signature = w.Signature
		return verdict{accepted: Accepted{Receipt: k.Receipt, Answer: k.Answer, Orders: k.Orders, Closing: k.Closing, Replayed: w.Replayed}}
	}
	f := fault.New(w.Code, plainParams(w.Params))
	f.Fields = w.Fields
	for i := range f.Fields {
		f.Fields[i].Params = plainParams(bson.M(f.Fields[i].Params))
	}
	return verdict{err: f}
}

// plainParams gives numbers the type that they have everywhere: int64.
func plainParams(in bson.M) fault.Params {
	if in == nil {
		return nil
	}
	out := make(fault.Params, len(in))
	for k, v := range in {
		if n, ok := v.(int32); ok {
			v = int64(n)
		}
		out[k] = v
	}
	return out
}
