package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// Options are how a Run goes about it.
type Options struct {
	Owner   string // names this process in the lease
	Program string // is written into the store

	// Grace is how long the walk waits after it was announced, so that programs that run on the store have looked.
	Grace time.Duration

	// Lease is how long a silent walker keeps the walk; 0: five seconds.
	Lease time.Duration

	// Announced runs in the transaction of the announcement; nil: nothing.
	Announced func(ctx context.Context) error

	// Progress hears what happens; nil: nobody. A waiting process reports what the walking one has done.
	Progress func(Progress)
}

// Progress is how far a migration is.
type Progress struct {
	Version int    `json:"version"` // that is being made
	Name    string `json:"name"`
	Done    int64  `json:"done"`              // documents walked
	Waiting bool   `json:"waiting,omitempty"` // another process walks, or those that run have time to look
	Ended   bool   `json:"ended,omitempty"`   // the store is of that version
}

// walk is the row that says where a migration is. Each migration has its own.
type walk struct {
	ID      string    `bson:"_id"`
	Version int64     `bson:"version"`
	After   string    `bson:"after"` // the last _id that was walked
	Done    int64     `bson:"done"`  // documents
	Ended   bool      `bson:"ended"`
	Owner   string    `bson:"owner"`
	Until   time.Time `bson:"until"` // of the lease, by the database's clock
	From    time.Time `bson:"from"`  // when the walk may begin
}

func walkID(version int) string { return fmt.Sprintf("walk:%04d", version) }

// runner is one Run.
type runner struct {
	store  store.Engine
	list   List
	opts   Options
	states *store.Collection[State]
	walks  *store.Collection[walk]
}

// Run brings a store to the version that a list knows. It returns when it is there, whoever brought it; at once where it
// was. A newer store is refused with a *VersionError. After any other error, or a kill, what was done stays and the next
// Run goes on from there.
func (l List) Run(ctx context.Context, s store.Engine, opts Options) error {
	if err := l.Check(); err != nil {
		return err
	}
	if opts.Lease == 0 {
		opts.Lease = 5 * time.Second
	}
	opts.Progress = whenNew(opts.Progress)
	r := runner{store: s, list: l, opts: opts, states: store.NewCollection[State](s, Collection), walks: store.NewCollection[walk](s, Collection)}
	for {
		st, err := Read(ctx, s)
		if err != nil {
			return err
		}
		if max(st.Schema, st.Aim) > l.Known() {
			return st.fits(l.Known())
		}
		if st.Schema == l.Known() {
			return nil
		}
		if err := r.bring(ctx, l[st.Schema-1]); err != nil { // the one that makes version Schema+1
			return err
		}
	}
}

// whenNew tells only what was not told just now.
func whenNew(tell func(Progress)) func(Progress) {
	var last Progress
	return func(p Progress) {
		if tell != nil && p != last {
			tell(p)
		}
		last = p
	}
}

// bring makes one version.
func (r *runner) bring(ctx context.Context, m Migration) error {
	if err := r.store.Ensure(ctx, m.Needs); err != nil {
		return fmt.Errorf("migration to version %d: %w", m.Version, err)
	}
	if err := r.announce(ctx, m); err != nil {
		return err
	}
	for {
		w, mine, err := r.claim(ctx, m)
		switch {
		case err != nil:
			return err
		case w.Ended:
			return r.raise(ctx, m, w)
		}
		r.opts.Progress(Progress{Version: m.Version, Name: m.Name, Done: w.Done, Waiting: !mine})
		if !mine {
			err = pause(ctx, r.opts.Lease/10)
		} else {
			err = r.walk(ctx, m)
		}
		if err != nil {
			return err
		}
	}
}

// announce says to all that a version is being made, and which is aimed at in the end. From then on nobody who looks
// writes in an old form; a walk begins when there was time to look.
func (r *runner) announce(ctx context.Context, m Migration) error {
	return patiently(ctx, func() error {
		return r.store.Tx(ctx, func(ctx context.Context) error {
			st, err := Read(ctx, r.store)
			if err != nil || st.Schema >= m.Version {
				return err
			}
			_, err = r.walks.Get(ctx, walkID(m.Version))
			if !errors.Is(err, store.ErrNotFound) {
				return err // another process was faster
			}
			now, err := r.store.Now(ctx)
			if err != nil {
				return err
			}
			from := now
			if st.Aim < r.list.Known() {
				from = now.Add(r.opts.Grace)
				if err := r.aim(ctx, st, now); err != nil {
					return err
				}
			}
			return r.walks.Insert(ctx, walk{ID: walkID(m.Version), Version: 1, From: from})
		})
	})
}

func (r *runner) aim(ctx context.Context, st State, now time.Time) error {
	if err := r.setState(ctx, st, st.Schema, r.list.Known(), now); err != nil || r.opts.Announced == nil {
		return err
	}
	return r.opts.Announced(ctx)
}

// setState writes the store's row by compare-and-set, or as the first.
func (r *runner) setState(ctx context.Context, st State, schema, aim int, now time.Time) error {
	read := st.Version
	st.Version, st.Schema, st.Aim, st.Program, st.At = read+1, schema, aim, r.opts.Program, now
	if read == 0 {
		return r.states.Insert(ctx, st)
	}
	return r.states.Replace(ctx, store.Changed[State]{ID: st.ID, Version: read, Doc: st})
}

// claim takes or renews the lease of a walk, unless another process holds it.
func (r *runner) claim(ctx context.Context, m Migration) (w walk, mine bool, err error) {
	err = patiently(ctx, func() error {
		return r.store.Tx(ctx, func(ctx context.Context) error {
			w, mine = walk{}, false
			now, err := r.store.Now(ctx)
			if err != nil {
				return err
			}
			if w, err = r.walks.Get(ctx, walkID(m.Version)); err != nil || w.Ended {
				return err
			}
			if w.Owner != r.opts.Owner && now.Before(w.Until) || now.Before(w.From) {
				return nil
			}
			mine = true
			return r.put(ctx, w, now)
		})
	})
	return w, mine, err
}

func (r *runner) put(ctx context.Context, w walk, now time.Time) error {
	read := w.Version
	w.Version, w.Owner, w.Until = read+1, r.opts.Owner, now.Add(r.opts.Lease)
	return r.walks.Replace(ctx, store.Changed[walk]{ID: w.ID, Version: read, Doc: w})
}

// walk walks chunk by chunk while the lease is this process's.
func (r *runner) walk(ctx context.Context, m Migration) error {
	for {
		w, mine, err := r.chunk(ctx, m)
		if err != nil || !mine || w.Ended {
			return err
		}
		r.opts.Progress(Progress{Version: m.Version, Name: m.Name, Done: w.Done})
	}
}

// chunk rewrites the next documents and moves the place behind them, in one transaction. Another process that does the
// same replaces the same row, so only one of them commits.
func (r *runner) chunk(ctx context.Context, m Migration) (w walk, mine bool, err error) {
	err = patiently(ctx, func() error {
		return r.store.Tx(ctx, func(ctx context.Context) error {
			w, mine = walk{}, false
			now, err := r.store.Now(ctx)
			if err != nil {
				return err
			}
			if w, err = r.walks.Get(ctx, walkID(m.Version)); err != nil || w.Ended {
				return err
			}
			if mine = w.Owner == r.opts.Owner; !mine {
				return nil
			}
			page, err := r.store.Find(ctx, m.Collection, behind(w.After))
			if err != nil {
				return err
			}
			if len(page.Docs) > 0 {
				if err := m.Step(ctx, r.store, page.Docs); err != nil {
					return fmt.Errorf("migration to version %d (%s), behind %q: %w", m.Version, m.Name, w.After, err)
				}
				if w.After, err = store.ID(page.Docs[len(page.Docs)-1]); err != nil {
					return err
				}
			}
			w.Done += int64(len(page.Docs))
			w.Ended = page.Next == ""
			return r.put(ctx, w, now)
		})
	})
	return w, mine, err
}

func behind(id string) store.Query {
	q := store.Query{Index: store.ByID, Limit: Chunk}
	if id != "" {
		q.From = store.Above(id)
	}
	return q
}

// raise ends a migration: the store is of its version, unless another process has said so already.
func (r *runner) raise(ctx context.Context, m Migration, w walk) error {
	err := patiently(ctx, func() error {
		return r.store.Tx(ctx, func(ctx context.Context) error {
			st, err := Read(ctx, r.store)
			if err != nil || st.Schema >= m.Version {
				return err
			}
			now, err := r.store.Now(ctx)
			if err != nil {
				return err
			}
			return r.setState(ctx, st, m.Version, max(st.Aim, m.Version), now)
		})
	})
	if err == nil {
		r.opts.Progress(Progress{Version: m.Version, Name: m.Name, Done: w.Done, Ended: true})
	}
	return err
}

// patience is how long a try that came to nothing is repeated.
const patience = 30 * time.Second

// patiently tries again where another process was faster, where the database is away for a moment, and where nobody knows
// whether a commit happened: every try looks first where things are.
func patiently(ctx context.Context, do func() error) error {
	for end := time.Now().Add(patience); ; {
		err := do()
		if !passing(err) || time.Now().After(end) {
			return err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

func passing(err error) bool {
	var conflict *store.ConflictError
	var twice *store.DuplicateError
	return errors.As(err, &conflict) && conflict.Coll == Collection || errors.As(err, &twice) && twice.Coll == Collection ||
		errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Plan is what a Run would still do: one line for each migration, and how many documents its walk has before it, as far
// as can be said now. Nothing is changed; collections that Ensure was not told of are looked at by Dump.
func (l List) Plan(ctx context.Context, s store.Engine) (st State, plan []Pending, err error) {
	if st, err = Read(ctx, s); err != nil {
		return st, nil, err
	}
	if max(st.Schema, st.Aim) > l.Known() {
		return st, nil, st.fits(l.Known())
	}
	for _, m := range l[st.Schema-1:] {
		plan = append(plan, Pending{Version: m.Version, Name: m.Name, Collection: m.Collection})
	}
	if len(plan) == 0 {
		return st, nil, nil
	}
	after := map[string]string{}
	walks := store.NewCollection[walk](s, Collection)
	for _, p := range plan {
		w, err := walks.Get(ctx, walkID(p.Version))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return st, nil, err
		}
		after[p.Collection] = w.After
	}
	err = s.Dump(ctx, func(coll string, doc bson.Raw) error {
		id, err := store.ID(doc)
		for i := range plan {
			if plan[i].Collection == coll && id > after[coll] {
				plan[i].Documents++
			}
		}
		return err
	})
	return st, plan, err
}

// Pending is a migration that is still to be made.
type Pending struct {
	Version    int    `json:"version"`
	Name       string `json:"name"`
	Collection string `json:"collection"`
	Documents  int64  `json:"documents"` // that it has before it
}
