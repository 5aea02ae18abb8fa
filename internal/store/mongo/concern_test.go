package mongo

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"haggle/internal/store"
	"haggle/internal/testenv"
)

// wire hears every command that a client sends, and notes those that promise less than they must.
type wire struct {
	mu   sync.Mutex
	seen map[string]int
	weak map[string]bool
	once map[string]bool // transactions whose commit was sent
}

func newWire() *wire {
	return &wire{seen: map[string]int{}, weak: map[string]bool{}, once: map[string]bool{}}
}

// monitor is a client's monitor that this wire hears.
func (w *wire) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, s *event.CommandStartedEvent) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seen[s.CommandName]++
		again := false
		if s.CommandName == "commitTransaction" {
			transaction := s.Command.Lookup("lsid").String() + s.Command.Lookup("txnNumber").String()
			again, w.once[transaction] = w.once[transaction], true
		}
		if why := weakness(s.CommandName, s.Command, again); why != "" {
			w.weak[s.CommandName+": "+why] = true
		}
	}}
}

// check reports what was weak, and that enough was heard to say so.
func (w *wire) check(t *testing.T) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for why := range w.weak {
		t.Error(why)
	}
	for _, name := range []string{"find", "aggregate", "insert", "update", "delete", "commitTransaction", "create", "createIndexes", "dropIndexes", "collMod"} {
		if w.seen[name] == 0 {
			t.Errorf("no %s was sent", name)
		}
	}
	t.Logf("commands: %v", w.seen)
}

// weakness says why a command promises too little; empty: it does not.
// A commit that is repeated need not name the journal: see journals.
func weakness(name string, c bson.Raw, again bool) string {
	inside := c.Lookup("autocommit").Type == bson.TypeBoolean
	begins := c.Lookup("startTransaction").Type == bson.TypeBoolean
	if mode, ok := c.Lookup("$readPreference", "mode").StringValueOK(); ok && mode != "primary" && mode != "primaryPreferred" {
		return "reads from a " + mode // primaryPreferred is what the driver says to the one server of a direct connection
	}
	level, _ := c.Lookup("readConcern", "level").StringValueOK()
	switch name {
	case "hello", "replSetGetConfig", "ping", "endSessions", "killCursors", "getMore", "listCollections", "listIndexes", "abortTransaction":
		return ""
	case "insert", "update", "delete":
		if !inside {
			return "a write outside of a transaction"
		}
	case "find", "aggregate":
		if !inside && level != "majority" && level != "snapshot" {
			return fmt.Sprintf("read concern %q", level)
		}
	case "commitTransaction", "create", "createIndexes", "dropIndexes", "collMod":
		w, _ := c.Lookup("writeConcern", "w").StringValueOK()
		if j, _ := c.Lookup("writeConcern", "j").BooleanOK(); w != "majority" || !j && !again {
			return fmt.Sprintf("write concern %v", c.Lookup("writeConcern"))
		}
		return ""
	default:
		return "nobody has said what it must promise"
	}
	if begins && level != "snapshot" {
		return fmt.Sprintf("a transaction with read concern %q", level)
	}
	return ""
}

// TestAMajorityMustBeJournaled turns the journal off in the set's own settings.
func TestAMajorityMustBeJournaled(t *testing.T) {
	s := testenv.OwnMongod(t)
	e, err := Open(bg, s.URL, "haggle", store.Hooks{})
	ok(t, err)
	defer e.Close()
	admin := e.client.Database("admin")
	var answer struct{ Config bson.D }
	ok(t, admin.RunCommand(bg, bson.D{{Key: "replSetGetConfig", Value: 1}}).Decode(&answer))
	for i, f := range answer.Config {
		switch f.Key {
		case "version":
			answer.Config[i].Value = f.Value.(int32) + 1
		case "writeConcernMajorityJournalDefault":
			answer.Config[i].Value = false
		}
	}
	ok(t, admin.RunCommand(bg, bson.D{{Key: "replSetReconfig", Value: answer.Config}}).Err())
	if again, err := Open(bg, s.URL, "haggle", store.Hooks{}); err == nil || !strings.Contains(err.Error(), "writeConcernMajorityJournalDefault") {
		t.Errorf("opened: %v", err)
		if err == nil {
			_ = again.Close()
		}
	}
}
