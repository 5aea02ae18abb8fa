package engine

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/fxamacker/cbor/v2"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// What travels between processes: CBOR, since it is sealed and never leaves the site, and takes half as long to write and
// read as BSON. Processes whose formats differ share no lanes, see laneID.
const wireFormat = 2

type sentItem struct {
	_       struct{} `cbor:",toarray"`
	Deal    string
	Kind    deal.Kind
	Expire  bool
	Again   bool
	ID      string
	Key     *Key
	Account string
	Role    deal.Role
	Act     deal.Act
	Reason  deal.Reason
	Salts   []string
	Related []string
	Values  []byte // CBOR; nil: the act brings nothing along
}

type sentVerdict struct {
	_        struct{} `cbor:",toarray"`
	Fate     fate
	Accepted *Accepted
	Code     fault.Code
	Params   fault.Params
	Fields   []fault.Field
}

// wireOut and wireIn write and read what travels: times to the nanosecond, every whole number in an any as int64, and text as
// it is. A key may be any bytes; text that is not UTF-8 must not cost the others in its message their verdicts.
var (
	wireOut = must(cbor.EncOptions{Time: cbor.TimeRFC3339NanoUTC}.EncMode())
	wireIn  = must(cbor.DecOptions{IntDec: cbor.IntDecConvertSignedOrFail, DefaultMapType: reflect.TypeFor[map[string]any](),
		UTF8: cbor.UTF8DecodeInvalid}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// fate is what became of a sent item.
type fate uint8

// Fates.
const (
	fateAccepted fate = iota + 1
	fateRefused
	fateMoved   // not decided: the lane belongs to somebody else
	fatePending // not decided yet: ask again
)

// errPending says that the owner has an entry and has not decided it yet.
var errPending = errors.New("engine: not decided yet")

// packItems makes a body of items. The kind of a deal says how its entries are read again.
func (e *Engine) packItems(ctx context.Context, batch []*item) ([]byte, error) {
	out := make([]sentItem, len(batch))
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
				if w.Values, err = wireOut.Marshal(x.Values); err != nil {
					return nil, fmt.Errorf("send an entry: %w", err)
				}
			}
		}
		out[i] = w
	}
	return wireOut.Marshal(out)
}

// unpackItems reads what packItems made.
func (e *Engine) unpackItems(body []byte) ([]*item, error) {
	var in []sentItem
	if err := wireIn.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("entries of another process: %w", err)
	}
	out := make([]*item, len(in))
	for i, w := range in {
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
	if err := wireIn.Unmarshal(w.Values, p); err != nil {
		return nil, fmt.Errorf("values of %s: %w", w.Act, err)
	}
	return reflect.ValueOf(p).Elem().Interface(), nil
}

// packVerdicts makes a body of what became of items.
func packVerdicts(all []verdict) ([]byte, error) {
	out := make([]sentVerdict, len(all))
	for i, v := range all {
		out[i] = v.sent()
	}
	return wireOut.Marshal(out)
}

func (v verdict) sent() sentVerdict {
	switch {
	case errors.Is(v.err, errMoved):
		return sentVerdict{Fate: fateMoved}
	case errors.Is(v.err, errPending):
		return sentVerdict{Fate: fatePending}
	case v.err != nil:
		f := fault.From(v.err)
		return sentVerdict{Fate: fateRefused, Code: f.Code, Params: f.Params, Fields: f.Fields}
	}
	return sentVerdict{Fate: fateAccepted, Accepted: &v.accepted}
}

// unpackVerdicts reads what packVerdicts made of n items.
func unpackVerdicts(body []byte, n int) ([]verdict, error) {
	var in []sentVerdict
	if err := wireIn.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("verdicts of another process: %w", err)
	}
	if len(in) != n {
		return nil, fmt.Errorf("%d verdicts for %d entries", len(in), n)
	}
	out := make([]verdict, n)
	for i, w := range in {
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
		if w.Accepted == nil {
			return verdict{err: fault.New(fault.CodeInternal, nil)}
		}
		return verdict{accepted: *w.Accepted}
	}
	f := fault.New(w.Code, w.Params)
	f.Fields = w.Fields
	return verdict{err: f}
}
