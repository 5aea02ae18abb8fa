package market

import (
	"context"
	"errors"
	"strings"

	"haggle/internal/store"
)

// wayMail tells the actor's account that a way to sign in to it changed; inside the transaction of the change, so that the
// one is never without the other. title names the passkey, the token or the other site.
func (m *Market) wayMail(ctx context.Context, a Actor, what, title string) error {
	agent, err := m.agentOf(ctx, a)
	if err != nil {
		return err
	}
	id := strings.ReplaceAll(what, "_", "-") + "-" + newNonce()[:10]
	return m.putMails(ctx, []MailRow{newMail(id, what, a.Account, Facts{Title: title, Agent: agent}, m.Now())})
}

// agentOf is the browser of the actor's session; "" where the session is over, or is none.
func (m *Market) agentOf(ctx context.Context, a Actor) (string, error) {
	if a.Via != "session" {
		return "", nil
	}
	row, err := m.rows.sessions.Get(ctx, a.Session)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return row.Name, err
}
