package engine

import (
	"fmt"
	"testing"
	"time"
)

// decided is an arrival that has its verdict.
func decided() *arrival {
	a := &arrival{ready: make(chan struct{})}
	close(a.ready)
	return a
}

// TestInboxKeepsTheNewest: however many come, the newest are remembered, the others are bounded, and what is under way is
// never forgotten.
func TestInboxKeepsTheNewest(t *testing.T) {
	var in inbox
	now := time.Now()
	underWay := &arrival{ready: make(chan struct{})}
	in.keep("under way", underWay, now)
	const all = 5*answersKept + 7
	for i := range all {
		in.keep(fmt.Sprint(i), decided(), now)
		if n := len(in.young) + len(in.old); n > 2*answersKept+1 {
			t.Fatalf("remembers %d after %d", n, i+1)
		}
		if in.find(fmt.Sprint(i)) == nil || in.find(fmt.Sprint(max(0, i-answersKept))) == nil {
			t.Fatalf("after %d: the newest %d are not all remembered", i+1, answersKept)
		}
	}
	if in.find("under way") != underWay {
		t.Error("an entry under way was forgotten: sent again, it would be decided beside itself")
	}
	close(underWay.ready)
	for i := range 3 * answersKept {
		in.keep(fmt.Sprint("more ", i), decided(), now)
	}
	if in.find("under way") != nil {
		t.Error("an entry decided long ago is still remembered")
	}
}

// TestInboxForgetsWithTime: an answer is remembered as long as anybody may ask for it, and not much longer.
func TestInboxForgetsWithTime(t *testing.T) {
	var in inbox
	began := time.Now()
	const step = answersFor / 4
	for i := range 40 {
		in.keep(fmt.Sprint(i), decided(), began.Add(time.Duration(i)*step))
		for k := range i {
			age := time.Duration(i-k) * step
			remembered := in.find(fmt.Sprint(k)) != nil
			if !remembered && age <= answersFor {
				t.Fatalf("an answer is forgotten after %v, and may be asked for until %v", age, answersFor)
			}
			if remembered && age > 2*answersFor+2*step {
				t.Fatalf("an answer is remembered after %v", age)
			}
		}
	}
}

// TestInboxFindsTheLaterOne: where an id came twice (a closing; what had moved), the later arrival is the one that is found,
// also when an earlier one is still under way while generations pass.
func TestInboxFindsTheLaterOne(t *testing.T) {
	for _, turnsBetween := range []int{0, 1, 2} {
		var in inbox
		now := time.Now()
		turn := func() {
			now = now.Add(answersFor + 1)
			in.keep(fmt.Sprint(now.UnixNano()), decided(), now)
		}
		in.keep("d", &arrival{ready: make(chan struct{})}, now)
		for range turnsBetween {
			turn()
		}
		later := &arrival{ready: make(chan struct{})}
		in.keep("d", later, now)
		for i := range 4 {
			if in.find("d") != later {
				t.Fatalf("%d turns between them, %d after: not the later one is found", turnsBetween, i)
			}
			turn()
		}
	}
}
