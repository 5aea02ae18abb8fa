package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/migrate"
	"haggle/internal/store/mongo"
	"haggle/internal/store/sqlite"
	"haggle/internal/testenv"
)

// A toy: notes once had their text inside; version 2 keeps it in a collection of its own.
type (
	oldNote struct {
		ID      string `bson:"_id"`
		Version int64  `bson:"version"`
		Title   string `bson:"title"`
		Text    string `bson:"text,omitempty"`
	}
	newNote struct {
		ID      string `bson:"_id"`
		Version int64  `bson:"version"`
		Title   string `bson:"title"`
		Length  int    `bson:"length"`
	}
	noteText struct {
		ID   string `bson:"_id"`
		Text string `bson:"text"`
		Runs int64  `bson:"runs"` // how often the step put it there: 1
	}
)

var (
	notesSpec = store.Spec{Name: "notes", Indexes: []store.Index{{Name: "title", Fields: []store.Field{{Path: "title"}}}}, Shape: newNote{}}
	textsSpec = store.Spec{Name: "texts", Shape: noteText{}}
)

// splitNotes is version 2. It is how a migration is written.
func splitNotes() migrate.Migration {
	return migrate.Migration{Version: 2, Name: "the text of notes apart", Collection: "notes", Needs: []store.Spec{notesSpec, textsSpec},
		Step: func(ctx context.Context, s store.Engine, docs []bson.Raw) error {
			var notes []newNote
			var texts []noteText
			for _, d := range docs {
				if d.Lookup("length").Type != 0 {
					continue // in the new form already
				}
				var old oldNote
				if err := store.Decode(d, &old); err != nil {
					return err
				}
				notes = append(notes, newNote{ID: old.ID, Version: old.Version, Title: old.Title, Length: len(old.Text)})
				texts = append(texts, noteText{ID: old.ID, Text: old.Text, Runs: 1})
			}
			if len(notes) == 0 {
				return nil
			}
			if err := store.NewCollection[noteText](s, "texts").Insert(ctx, texts...); err != nil { // fails where a chunk runs twice
				return err
			}
			return store.NewCollection[newNote](s, "notes").Put(ctx, notes...)
		}}
}

// shout is version 3: titles in capitals, once.
func shout() migrate.Migration {
	return migrate.Migration{Version: 3, Name: "louder titles", Collection: "notes", Needs: []store.Spec{notesSpec},
		Step: func(ctx context.Context, s store.Engine, docs []bson.Raw) error {
			var notes []newNote
			for _, d := range docs {
				var n newNote
				if err := store.Decode(d, &n); err != nil {
					return err
				}
				n.Title += "!"
				notes = append(notes, n)
			}
			return store.NewCollection[newNote](s, "notes").Put(ctx, notes...)
		}}
}

var bg = context.Background()

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stand opens engines over one store, again and again: each is a process of its own.
type stand func(t testing.TB) store.Engine

// overBoth runs a test over both engines, each with a store of its own.
func overBoth(t *testing.T, test func(t *testing.T, open stand)) {
	keep := func(t testing.TB, e store.Engine, err error) store.Engine {
		t.Helper()
		ok(t, err)
		t.Cleanup(func() { _ = e.Close() })
		ok(t, e.Ensure(bg, []store.Spec{migrate.Spec()}))
		return e
	}
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		test(t, func(t testing.TB) store.Engine {
			e, err := sqlite.Open(dir, store.Hooks{})
			return keep(t, e, err)
		})
	})
	t.Run("mongo", func(t *testing.T) {
		uri, name := testenv.Mongod(t), fmt.Sprintf("migrate_%d", time.Now().UnixNano())
		test(t, func(t testing.TB) store.Engine {
			e, err := mongo.Open(bg, uri, name, store.Hooks{})
			return keep(t, e, err)
		})
	})
}

const crowd = 2300 // several chunks, the last not full

// old fills a store of version 1.
func old(t testing.TB, e store.Engine) {
	t.Helper()
	ok(t, e.Ensure(bg, []store.Spec{{Name: "notes", Indexes: notesSpec.Indexes}}))
	var notes []oldNote
	for i := range crowd {
		notes = append(notes, oldNote{ID: fmt.Sprintf("n%05d", i), Version: int64(i), Title: fmt.Sprint("t", i), Text: strings.Repeat("x", i%7)})
	}
	ok(t, store.NewCollection[oldNote](e, "notes").Insert(bg, notes...))
}

// check holds a store against what the migrations should have made of it.
func check(t testing.TB, e store.Engine, version int) {
	t.Helper()
	st, err := migrate.Read(bg, e)
	ok(t, err)
	if st.Schema != version || st.Aim != version || st.Program != "the test" {
		t.Errorf("the store says %+v, want version %d", st, version)
	}
	ok(t, e.Ensure(bg, []store.Spec{notesSpec, textsSpec}))
	n := 0
	ok(t, store.NewCollection[newNote](e, "notes").Scan(bg, func(x newNote) error {
		if want := fmt.Sprint("t", n) + strings.Repeat("!", version-2); x.Title != want || x.Length != n%7 || x.Version != int64(n) {
			t.Fatalf("note %d is %+v, want title %s", n, x, want)
		}
		n++
		return nil
	}))
	texts := 0
	ok(t, store.NewCollection[noteText](e, "texts").Scan(bg, func(x noteText) error {
		if x.ID != fmt.Sprintf("n%05d", texts) || len(x.Text) != texts%7 || x.Runs != 1 {
			t.Fatalf("text %d is %+v", texts, x)
		}
		texts++
		return nil
	}))
	if n != crowd || texts != crowd {
		t.Errorf("%d notes and %d texts of %d", n, texts, crowd)
	}
}

func options(owner string) migrate.Options {
	return migrate.Options{Owner: owner, Program: "the test", Lease: 300 * time.Millisecond}
}

func TestRunBringsAStoreUp(t *testing.T) {
	overBoth(t, func(t *testing.T, open stand) {
		e := open(t)
		old(t, e)
		list := migrate.List{splitNotes(), shout()}
		st, plan, err := list.Plan(bg, e)
		ok(t, err)
		if st.Schema != 1 || len(plan) != 2 || plan[0].Documents != crowd || plan[1].Name != "louder titles" {
			t.Errorf("the plan is %+v of %+v", plan, st)
		}
		var heard []migrate.Progress
		announced := 0
		opts := options("a")
		opts.Progress = func(p migrate.Progress) { heard = append(heard, p) }
		opts.Announced = func(context.Context) error { announced++; return nil }
		ok(t, list.Run(bg, e, opts))
		check(t, e, 3)
		last := heard[len(heard)-1]
		if announced != 1 || len(heard) < 2*crowd/migrate.Chunk || !last.Ended || last.Version != 3 || last.Done != crowd {
			t.Errorf("announced %d times, heard %+v", announced, heard)
		}
		ok(t, list.Run(bg, e, opts)) // nothing is left to do
		check(t, e, 3)
		if _, plan, err := list.Plan(bg, e); err != nil || len(plan) > 0 {
			t.Errorf("afterwards the plan is %v, %v", plan, err)
		}
	})
}

// TestKilledAtAnyMoment lets the walk fail, and its process forget everything, after every number of calls in turn.
func TestKilledAtAnyMoment(t *testing.T) {
	overBoth(t, func(t *testing.T, open stand) {
		e := open(t)
		old(t, e)
		killed := 0
		for n := 1; ; n++ {
			list := migrate.List{splitNotes(), shout()}
			calls := 0
			for i := range list {
				step := list[i].Step
				list[i].Step = func(ctx context.Context, s store.Engine, docs []bson.Raw) error {
					calls++
					if err := step(ctx, s, docs); err != nil || calls < 1+n%3 {
						return err
					}
					return errKilled // after everything was written, and before it is committed
				}
			}
			err := list.Run(bg, e, options(fmt.Sprint("process ", n)))
			if err == nil {
				break
			}
			if !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
			killed++
			if n > 50 {
				t.Fatal("it makes no progress")
			}
		}
		if killed < 5 {
			t.Errorf("killed %d times only", killed)
		}
		check(t, e, 3)
	})
}

var errKilled = errors.New("killed")

// TestSeveralProcesses lets four processes bring one store up at once; some die in the middle, some are slow.
func TestSeveralProcesses(t *testing.T) {
	overBoth(t, func(t *testing.T, open stand) {
		old(t, open(t))
		var all sync.WaitGroup
		var mu sync.Mutex
		walkers := map[string]int{}
		for p := range 4 {
			e := open(t)
			all.Go(func() {
				for life := 0; ; life++ {
					owner := fmt.Sprint(p, ".", life)
					list := migrate.List{splitNotes(), shout()}
					for i := range list {
						step := list[i].Step
						list[i].Step = func(ctx context.Context, s store.Engine, docs []bson.Raw) error {
							mu.Lock()
							walkers[owner]++
							mu.Unlock()
							if life == 0 && rand.IntN(3) == 0 {
								return errKilled
							}
							if rand.IntN(5) == 0 {
								time.Sleep(400 * time.Millisecond) // longer than the lease
							}
							return step(ctx, s, docs)
						}
					}
					err := list.Run(bg, e, options(owner))
					if errors.Is(err, errKilled) {
						continue
					}
					if err != nil {
						t.Error(err)
					}
					return
				}
			})
		}
		all.Wait()
		check(t, open(t), 3)
		t.Logf("chunks tried: %v", walkers)
	})
}

func TestVersionsAreRefusedByName(t *testing.T) {
	overBoth(t, func(t *testing.T, open stand) {
		e := open(t)
		ok(t, migrate.Gate(bg, e, 1)) // a store that says nothing is of version 1
		wants(t, migrate.Gate(bg, e, 2), "this store is of version 1; this program needs version 2: `haggle migrate` brings it there")
		first, err := migrate.Stamp(bg, e, 3, "haggle (later)")
		ok(t, err)
		again, err := migrate.Stamp(bg, e, 1, "haggle (earlier)")
		ok(t, err)
		if !first || again {
			t.Errorf("stamped %v, then %v", first, again)
		}
		ok(t, migrate.Gate(bg, e, 3))
		const newer = "this store is of version 3, written by haggle (later); this program knows up to 2"
		wants(t, migrate.Gate(bg, e, 2), newer)
		list := migrate.List{splitNotes()}
		wants(t, list.Run(bg, e, options("a")), newer)
		_, _, err = list.Plan(bg, e)
		wants(t, err, newer)
		wants(t, migrate.Gate(bg, e, 4), "this store is of version 3, written by haggle (later); this program needs version 4: `haggle migrate` brings it there")
		if (migrate.List{shout()}).Check() == nil || list.Check() != nil {
			t.Error("a list that leaves version 2 out is accepted, or one that does not is refused")
		}
	})
}

func wants(t testing.TB, err error, want string) {
	t.Helper()
	var v *migrate.VersionError
	if !errors.As(err, &v) || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

// TestRunningProgramsSeeAMigrationBegin: from the announcement on, and before the first document is touched, a program of
// the version before knows that it must not write.
func TestRunningProgramsSeeAMigrationBegin(t *testing.T) {
	overBoth(t, func(t *testing.T, open stand) {
		e := open(t)
		old(t, e)
		w, err := migrate.NewWatch(bg, open(t), 1, 20*time.Millisecond)
		ok(t, err)
		defer w.Close()
		ok(t, w.Check())
		m := splitNotes()
		step := m.Step
		m.Step = func(ctx context.Context, s store.Engine, docs []bson.Raw) error {
			wants(t, w.Check(), "this store is being brought to version 2, written by the test; this program knows up to 1")
			return step(ctx, s, docs)
		}
		opts := options("a")
		opts.Grace = 400 * time.Millisecond
		ok(t, migrate.List{m}.Run(bg, e, opts))
		select {
		case <-w.Off():
		default:
			t.Error("the watch is not off")
		}
		check(t, e, 2)
	})
}
