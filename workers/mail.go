package workers

import (
	"context"
	"sync"
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
	TakeMail(ctx context.Context, id string) (l market.Letter, ok bool, err error)
	MailDone(ctx context.Context, id string) error
	MailRefused(ctx context.Context, id, why string, permanent bool) error
	SweepMails(ctx context.Context, limit int) (int, error)
}

const (
	mailEvery   = time.Second
	mailPage    = 100
	mailsAtOnce = 4
	sendBound   = 30 * time.Second // below market.MailClaim
	mailTries   = 8                // failed ones in a row: the server is down, the rest waits
)

// writeNews writes the mails of deals that were told of a moment ago and have changed since.
func (w *Workers) writeNews(ctx context.Context) error {
	_, err := w.cfg.Market.SweepNews(ctx, mailPage)
	return err
}

// sendMail sends the mails whose turn has come. A mail is claimed in the store, then sent outside of any transaction, then
// noted as sent: a crash between the last two sends it once more, with the same Message-ID. Where a mail cannot be sent now
// it waits longer each time; it does not keep the others up.
func (w *Workers) sendMail(ctx context.Context) error {
	ids, err := w.cfg.Market.DueMails(ctx, mailPage)
	if err != nil || len(ids) == 0 {
		return err
	}
	turn := make(chan string)
	var row failures
	var group sync.WaitGroup
	for range min(mailsAtOnce, len(ids)) {
		group.Go(func() {
			for id := range turn {
				if err := w.sendOne(ctx, id, &row); err != nil && ctx.Err() == nil {
					w.log.Warn("mail; it is tried again", "mail", id, "err", err)
				}
			}
		})
	}
	for _, id := range ids {
		if ctx.Err() != nil || row.many() {
			break
		}
		turn <- id
	}
	close(turn)
	group.Wait()
	return ctx.Err()
}

// sendOne sends one mail. An error is the store's; that of the mail server is noted there.
func (w *Workers) sendOne(ctx context.Context, id string, row *failures) error {
	l, ok, err := w.cfg.Market.TakeMail(ctx, id)
	if err != nil || !ok {
		return err
	}
	m, err := w.cfg.Compose(l, w.eng.Now())
	if err != nil {
		err = mail.Refuse(err)
	} else {
		bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendBound) // one that is under way is ended in good order
		err = w.cfg.Mail.Send(bound, m)
		cancel()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendBound)
	defer cancel()
	if err == nil {
		row.none()
		return w.cfg.Market.MailDone(ctx, id)
	}
	permanent := mail.Permanent(err)
	if !permanent {
		row.another()
	}
	w.log.Warn("a mail was not taken", "mail", id, "what", l.What, "permanent", permanent) // why stands in its row: it may name the address
	return w.cfg.Market.MailRefused(ctx, id, err.Error(), permanent)
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
