package live

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFrameRoundTrip(t *testing.T) {
	want := frame{"s", "d1", Event{9, "closed", []byte("a\nb\n\nc")}}
	got, err := decode(want.encode())
	if err != nil || !cmp.Equal(got, want, cmp.AllowUnexported(frame{})) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "a\nb\nc", "s\nd\nx\nk\n{}", "s\nd\n99999999999999999999\nk\n"} {
		if _, err := decode([]byte(bad)); err == nil {
			t.Errorf("%q was read as a frame", bad)
		}
	}
}

func TestUnsentIsBoundedAndNewest(t *testing.T) {
	l := newLink(nil)
	for i := range maxUnsent + 10 {
		l.put(string(rune('a'+i)), Event{Seq: 1})
	}
	l.put("a", Event{Seq: 5})
	l.put("a", Event{Seq: 3})
	got := l.take()
	if len(got) != maxUnsent || got["a"].Seq != 5 {
		t.Errorf("%d topics wait, a at %d", len(got), got["a"].Seq)
	}
	if len(l.take()) != 0 {
		t.Error("taken twice")
	}
}
