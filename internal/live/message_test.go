package live

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestEventsTravelTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z0-9-]{0,20}`)
		want := rapid.MapOf(word, rapid.Custom(func(t *rapid.T) Event {
			return Event{rapid.Int64().Draw(t, "seq"), word.Draw(t, "kind"), rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "data")}
		})).Draw(t, "events")
		most := rapid.IntRange(1, 2000).Draw(t, "most")
		got := map[string]Event{}
		for _, m := range pack("s", want, most) {
			n := 0
			if err := unpack(m, "another", func(topic string, e Event) { got[topic] = e; n++ }); err != nil {
				t.Fatal(err)
			}
			if len(m) > most && n > 1 {
				t.Errorf("%d events in a message of %d bytes, want at most %d", n, len(m), most)
			}
			if err := unpack(m, "s", func(string, Event) { t.Error("the sender hears itself") }); err != nil {
				t.Error(err)
			}
		}
		if !cmp.Equal(got, want, cmpopts.EquateEmpty()) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// TestEventsShareAMessage: a commit that changed twenty deals costs those who listen one message.
func TestEventsShareAMessage(t *testing.T) {
	events := map[string]Event{}
	for i := range 20 {
		events[string(rune('a'+i))] = Event{Seq: 1, Kind: "state", Data: make([]byte, 800)}
	}
	if n := len(pack("s", events, maxMessage)); n != 1 {
		t.Errorf("twenty events in %d messages", n)
	}
}

func TestMessagesThatCannotBeRead(t *testing.T) {
	for _, bad := range []string{"", "s", "s\nd\n1\nk", "s\nd\n1\nk\n3\nab", "s\nd\n1\nk\n-1\nab", "s\nd\nx\nk\n2\nab",
		"s\nd\n99999999999999999999\nk\n0\n", "s\nd\n1\nk\n2\nabc"} {
		if err := unpack([]byte(bad), "another", func(string, Event) {}); err == nil {
			t.Errorf("%q was read", bad)
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
