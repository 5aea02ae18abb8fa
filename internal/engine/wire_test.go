package engine_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// fill gives every part of a value something of its own to say, so that whatever does not travel is missed.
func fill(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 5, 13, 4, 5, int(*n)*int(time.Millisecond), time.UTC)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), n)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString(fmt.Sprintf("合購 %d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
		v.SetInt(*n)
	case reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Uint16, reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Interface:
		v.Set(reflect.ValueOf(*n << 33))
	default:
		panic("nothing to fill a " + v.Kind().String() + " with")
	}
}

func filled[T any]() (v T) {
	var n int64
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

var allActs = []deal.Act{deal.Bid, deal.Buy, deal.Quote, deal.Pledge, deal.Withdraw, deal.Retract, deal.CancelBid, deal.EndEarly, deal.Cancel, deal.Choose,
	deal.Paid, deal.Lapse, deal.FallThrough, deal.ActClose}

// TestEntriesTravelWhole sends an entry of every kind and act, with something in every field.
func TestEntriesTravelWhole(t *testing.T) {
	e := newWorld(t, backends[0]).Engine
	brought := 0
	for kind, m := range registry.All() {
		for _, act := range allActs {
			s := engine.Submission{Deal: string(kind), ID: "e1", Key: &engine.Key{Account: "ann", Value: "k", Hash: "h"}, Entry: filled[deal.Entry]()}
			s.Entry.Act, s.Entry.Values = act, nil
			if p := m.NewInput(act); p != nil {
				var n int64 = 1000
				fill(reflect.ValueOf(p).Elem(), &n)
				s.Entry.Values = reflect.ValueOf(p).Elem().Interface()
				brought++
			}
			got, expire, again, err := e.Carry(kind, s, true, true)
			if err != nil || !expire || !again {
				t.Errorf("%s of %s: closing %v, again %v, %v", act, kind, expire, again, err)
			}
			if !reflect.DeepEqual(got, s) {
				t.Errorf("%s of %s arrives as\n%+v\nwas\n%+v", act, kind, got, s)
			}
		}
	}
	if brought < 8 {
		t.Errorf("%d acts bring something along", brought)
	}
	odd := engine.Submission{Deal: "d", ID: "e3", Key: &engine.Key{Account: "ann", Value: "\xff\xfe", Hash: "h"}, Entry: deal.Entry{Account: "ann", Act: deal.Withdraw, Reason: "\xc3("}}
	if got, _, _, err := e.Carry(deal.Group, odd, false, false); err != nil || !reflect.DeepEqual(got, odd) {
		t.Errorf("text that is none arrives as %+v, %v", got, err)
	}
	plain := engine.Submission{Deal: "d", ID: "e2"}
	if got, expire, again, err := e.Carry(deal.English, plain, false, false); err != nil || expire || again || !reflect.DeepEqual(got, plain) {
		t.Errorf("an empty entry arrives as %+v, closing %v, again %v, %v", got, expire, again, err)
	}
}

// TestVerdictsTravelWhole sends an answer with something in every field, one with nothing, and every other fate.
func TestVerdictsTravelWhole(t *testing.T) {
	bare := engine.Accepted{Receipt: deal.Receipt{Head: deal.SignedHead{Path: []deal.Sibling{}}}}
	for _, want := range []engine.Accepted{filled[engine.Accepted](), bare} {
		if got, err := engine.CarryBack(want, nil); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v, arrives as\n%+v\nwas\n%+v", err, got, want)
		}
	}
	for _, want := range []error{engine.Moved, engine.Pending} {
		if _, err := engine.CarryBack(engine.Accepted{}, want); !errors.Is(err, want) {
			t.Errorf("%v arrives as %v", want, err)
		}
	}
	refusal := fault.New(fault.CodeBelowMinimum, fault.Params{"minimum": money.Amount(1 << 40), "left": int64(-3), "name": "ann\xff", "open": true, "few": 7})
	refusal.Fields = []fault.Field{{Name: "max", Code: "too_small", Detail: "d", Params: fault.Params{"min": money.Amount(5)}}}
	_, err := engine.CarryBack(engine.Accepted{}, refusal)
	want := fault.New(fault.CodeBelowMinimum, fault.Params{"minimum": int64(1 << 40), "left": int64(-3), "name": "ann\xff", "open": true, "few": int64(7)})
	want.Fields = []fault.Field{{Name: "max", Code: "too_small", Detail: "d", Params: fault.Params{"min": int64(5)}}}
	if !reflect.DeepEqual(fault.From(err), want) {
		t.Errorf("a refusal arrives as\n%+v\nwas\n%+v", err, want)
	}
}
