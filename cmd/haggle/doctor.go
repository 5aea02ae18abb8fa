package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"haggle/internal/config"
	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/identity"
	"haggle/internal/market"
	"haggle/internal/store"
	"haggle/internal/store/migrate"
	"haggle/internal/store/mongo"
)

// doctor looks at everything a site needs and changes nothing, beside a running server.
type doctor struct {
	Logs bool `help:"Verify the log of every deal, too."`
	config.Site
}

// probeFor bounds each look at another server.
const probeFor = 5 * time.Second

// Run looks at everything, whatever it found before.
func (c *doctor) Run(ctx context.Context, t *terminal) error {
	f := findings{OK: true}
	b, err := c.openUnchanged(ctx, &f)
	switch {
	case err == nil:
		defer b.close()
		f.add("store", b.store.Name()+" answers, made for "+b.site.Currency, c.sameCurrency(b))
		c.lookIntoStore(ctx, b, &f)
	default:
		f.add("store", "", err)
	}
	f.put(c.lookAtRedis(ctx))
	f.put(c.lookAtQueue(ctx))
	f.put(c.lookAtSearch(ctx, b))
	f.put(c.lookAtMail(ctx))
	c.lookAtSignIns(ctx, &f)
	f.put(c.lookAtPhotos(ctx))
	f.put(c.lookAtSecret())
	f.put(c.lookAtAddress())
	f.put(c.lookAtAdvertise(ctx))
	f.put(c.lookAtDisk())
	f.put(c.lookAtTraces(ctx))
	return t.verdict(f, f.OK)
}

func (c *doctor) lookIntoStore(ctx context.Context, b *books, f *findings) {
	if m, ok := b.store.(*mongo.Engine); ok {
		f.put(lookAtSet(ctx, m))
	}
	watch := clockWatch{store: b.store}
	f.add("clock", "agrees with the database's", errors.Join(watch.compare(ctx), watch.check(ctx)))
	f.add("log key", "signs the logs since "+deal.FormatTime(b.site.From), c.sameKey(b))
	found, err := b.audit(ctx)
	if err == nil && !found.OK {
		err = errors.New(found.String())
	}
	f.add("books", found.String(), err)
	f.add(c.mails(ctx, b))
	if c.Logs {
		n, err := b.verifyLogs(ctx)
		f.add("logs", fmt.Sprintf("%d are sound", n), err)
	}
}

// openUnchanged opens the books where nothing would be changed by it: the store is of this program's version and has
// exactly the indexes and validators that are declared. What is otherwise is named.
func (c *doctor) openUnchanged(ctx context.Context, f *findings) (*books, error) {
	if err := thereIs(&c.Site); err != nil {
		return nil, err
	}
	s, err := openEngine(ctx, &c.Site)
	if err != nil {
		return nil, err
	}
	err = c.lookAtSchema(ctx, s, f)
	if err := errors.Join(err, s.Close()); err != nil {
		return nil, err
	}
	return openBooks(ctx, &c.Site, c.Logger())
}

func (c *doctor) lookAtSchema(ctx context.Context, s store.Engine, f *findings) error {
	known := market.Migrations().Known()
	own, err := s.Inspect(ctx, []store.Spec{siteSpec(), migrate.Spec()})
	switch {
	case err != nil:
	case len(own) == 0:
		if err = knowVersion(ctx, s); err == nil {
			err = migrate.Gate(ctx, s, known)
		}
	case known > 1 && slices.Contains(own, store.Difference{Coll: migrate.Collection, What: "the collection is missing", Mends: true}):
		err = &migrate.VersionError{Store: 1, Known: known} // it says nothing
	}
	if err != nil {
		return err
	}
	found, err := s.Inspect(ctx, allSpecs())
	if err != nil {
		return err
	}
	if len(found) == 0 {
		f.add("schema", fmt.Sprintf("is of version %d, indexes and validators are in place", known), nil)
		return nil
	}
	return differences(found)
}

// differences are what a start would mend, and what it would refuse.
func differences(found []store.Difference) error {
	var mend, refuse []string
	for _, d := range found {
		if d.Mends {
			mend = append(mend, d.String())
		} else {
			refuse = append(refuse, d.String())
		}
	}
	var errs []error
	if refuse != nil {
		errs = append(errs, fmt.Errorf("cannot be served: %s", strings.Join(refuse, "; ")))
	}
	if mend != nil {
		errs = append(errs, fmt.Errorf("the next start mends: %s", strings.Join(mend, "; ")))
	}
	return errors.Join(errs...)
}

func (c *doctor) sameCurrency(b *books) error {
	if os.Getenv("HAGGLE_CURRENCY") != "" && c.Currency != b.site.Currency {
		return fmt.Errorf("the store was made for %s, HAGGLE_CURRENCY says %s", b.site.Currency, c.Currency)
	}
	return nil
}

// sameKey says whether the secret that is set is the one that signed the logs last. A secret is not made.
func (c *doctor) sameKey(b *books) error {
	secret, err := identity.NewSecret(c.Secret)
	if c.Secret == "" {
		if _, err := os.Stat(c.Path("secret")); err != nil {
			return err
		}
		secret, err = identity.OpenSecret(c.Data)
	}
	if err != nil {
		return err
	}
	public := secret.LogKey()[32:]
	if hex.EncodeToString(public) != b.site.LogKey {
		return errors.New("this secret is not the one that signed the logs")
	}
	return nil
}

// verifyLogs verifies every log and counts them; the error names the first wrong one.
func (b *books) verifyLogs(ctx context.Context) (n int, err error) {
	reg := registry.All()
	err = b.engine.EachDeal(ctx, func(d engine.Deal) error {
		var log bytes.Buffer
		if err := b.engine.WriteLog(ctx, d.ID, -1, &log); err != nil {
			return err
		}
		if _, err := deal.Verify(&log, reg); err != nil {
			return fmt.Errorf("log of deal %s: %w", d.ID, err)
		}
		n++
		return nil
	})
	return n, err
}

// mailPatience is how long a mail may wait for its server before something is wrong.
const mailPatience = time.Hour

// mails says how many wait to be sent, and how many no server took: most of those are addresses that nobody has.
func (c *doctor) mails(ctx context.Context, b *books) (name, note string, err error) {
	t, err := market.TallyMails(ctx, b.store, time.Now())
	if err == nil && t.Waiting > 0 && time.Since(t.Oldest) > mailPatience {
		err = fmt.Errorf("%d wait, the oldest since %s; %d were refused in the last 30 days", t.Waiting, deal.FormatTime(t.Oldest), t.Failed)
	}
	return "mails", fmt.Sprintf("%d wait, %d were refused in the last 30 days", t.Waiting, t.Failed), err
}
