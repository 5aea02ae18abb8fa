package workers

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/engine"
	"haggle/internal/mail"
	"haggle/internal/market"
	"haggle/internal/order"
)

// Post is what the jobs about mail ask of the market.
type Post interface {
	MailDeals(ctx context.Context, deals []engine.Deal) (failed map[string]error)
	SweepNews(ctx context.Context, limit int) (int, error)
	MailOrders(ctx context.Context, orders []order.Order) error
	DueMails(ctx context.Context, limit int) (ids []string, err error)
	TakeMails(ctx context.Context, ids ...string) ([]market.Letter, error)
	EndMails(ctx context.Context, tries ...market.Sending) error
	SweepMails(ctx context.Context, limit int) (int, error)
}

const (
	mailEvery   = time.Second
	newsPage    = 100              // deals
	mailPage    = 200              // mails
	mailBag     = 10               // mails claimed together, and noted as sent together; more where the server is quick
	mailBagMost = 50               // so many
	bagFor      = time.Second      // after which no more of a bag are sent: so long may a note stay behind what it notes
	bagQuick    = bagFor / 8       // a bag sent in this time may as well be twice as large
	mailsAtOnce = 4                // bags
	sendBound   = 30 * time.Second // with bagFor below market.MailClaim
	mailTries   = 8                // failed ones in a row: the server is down, the rest waits
)

// writeNews writes the mails of deals that were told of a moment ago and have changed since.
func (w *Workers) writeNews(ctx context.Context) error {
	_, err := w.cfg.Market.SweepNews(ctx, newsPage)
	return err
}

// sendMail sends the mails whose turn has come, some at a time. They are claimed in the store, then sent outside of any
// transaction, then noted as sent: a crash between the last two sends them once more, with the same Message-IDs. Where a mail
// cannot be sent now it waits longer each time; it does not keep the others up.
func (w *Workers) sendMail(ctx context.Context) error {
	ids, err := w.cfg.Market.DueMails(ctx, mailPage)
	if err != nil || len(ids) == 0 {
		return err
	}
	turn := make(chan []string)
	var row failures
	var group sync.WaitGroup
	for range min(mailsAtOnce, (len(ids)+mailBag-1)/mailBag) {
		group.Go(func() {
			for bag := range turn {
				w.sendBag(ctx, bag, &row)
			}
		})
	}
	for len(ids) > 0 && ctx.Err() == nil && !row.many() {
		bag := ids[:min(w.bag.size(), len(ids))]
		ids = ids[len(bag):]
		turn <- bag
	}
	close(turn)
	group.Wait()
	return ctx.Err()
}

// sendBag sends some mails. What cannot be claimed together is claimed one by one, so that one mail does not keep the others up.
func (w *Workers) sendBag(ctx context.Context, ids []string, row *failures) {
	letters, err := w.cfg.Market.TakeMails(ctx, ids...)
	if err != nil && len(ids) > 1 && ctx.Err() == nil {
		for _, id := range ids {
			w.sendBag(ctx, []string{id}, row)
		}
		return
	}
	if err == nil && len(letters) > 0 {
		began := time.Now()
		tries := w.deliver(ctx, letters, row)
		w.bag.took(len(ids)-unsent(tries), time.Since(began))
		err = w.noteBag(ctx, tries)
	}
	if err != nil && ctx.Err() == nil {
		w.log.Warn("mails; they are tried again", "mails", ids, "err", err)
	}
}

// deliver sends letters one after the other. Those whose turn does not come in time are given back.
func (w *Workers) deliver(ctx context.Context, letters []market.Letter, row *failures) []market.Sending {
	began := time.Now()
	tries := make([]market.Sending, len(letters))
	for i, l := range letters {
		tries[i] = market.Sending{ID: l.ID, Try: l.Try}
		if i > 0 && (time.Since(began) > bagFor || ctx.Err() != nil || row.many()) {
			continue
		}
		err := w.send(ctx, l)
		if err == nil {
			row.none()
			tries[i].End = market.Sent
			continue
		}
		tries[i].End, tries[i].Why = market.Refused, err.Error()
		if mail.Permanent(err) {
			tries[i].End = market.RefusedForGood
		} else {
			row.another()
		}
		w.log.Warn("a mail was not taken", "mail", l.ID, "what", l.What, "permanent", mail.Permanent(err)) // why stands in its row: it may name the address
	}
	return tries
}

// send writes a letter and hands it over.
func (w *Workers) send(ctx context.Context, l market.Letter) error {
	m, err := w.cfg.Compose(l, w.eng.Now())
	if err != nil {
		return mail.Refuse(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendBound) // one that is under way is ended in good order
	defer cancel()
	return w.cfg.Mail.Send(ctx, m)
}

func (w *Workers) noteBag(ctx context.Context, tries []market.Sending) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendBound)
	defer cancel()
	return w.cfg.Market.EndMails(ctx, tries...)
}

// bag is how many mails are claimed together: as many as the server takes in a moment, since a claim and a note cost the store
// about the same for one mail and for many.
type bag struct{ n atomic.Int64 } // zero: never changed

func (b *bag) size() int { return max(mailBag, int(b.n.Load())) }

// took notes how long it took until a number of mails were done with. Those that the server did not take are not among them: while
// it is away nobody claims more.
func (b *bag) took(n int, d time.Duration) {
	switch size := b.size(); {
	case d > bagQuick:
		b.n.Store(int64(size / 2))
	case n == size:
		b.n.Store(int64(min(2*size, mailBagMost)))
	}
}

// unsent counts the tries after which a mail was not sent.
func unsent(tries []market.Sending) (n int) {
	for _, t := range tries {
		if t.End != market.Sent {
			n++
		}
	}
	return n
}

// failures counts mails in a row that no server took.
type failures struct {
	mu sync.Mutex
	n  int
}

func (f *failures) none()    { f.mu.Lock(); defer f.mu.Unlock(); f.n = 0 }
func (f *failures) another() { f.mu.Lock(); defer f.mu.Unlock(); f.n++ }

func (f *failures) many() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n >= mailTries
}
