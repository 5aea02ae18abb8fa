package demo

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/pay/sandbox"
)

// agent names the demo's sessions; they end with the filling.
const agent = "haggle demo"

// register lets everybody in at once: hashing passwords is most of the work.
func (p *play) register(ctx context.Context) error {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for _, one := range cast {
		group.Go(func() error {
			actor, err := p.enter(ctx, one)
			if err == nil {
				mu.Lock()
				p.actors[one.who] = actor
				mu.Unlock()
			}
			return err
		})
	}
	return group.Wait()
}

// enter opens one account and fits it out. After a filling that broke off before the first deal the account is there already.
func (p *play) enter(ctx context.Context, one person) (market.Actor, error) {
	m := p.Market
	grant, err := m.Register(ctx, market.RegisterInput{Email: one.email(), Password: Password, Name: one.name, Locale: one.locale, Agent: agent})
	if fault.Is(err, fault.CodeEmailTaken) {
		grant, err = m.SignIn(ctx, market.SignInInput{Email: one.email(), Password: Password, Agent: agent})
	}
	if err != nil {
		return market.Actor{}, err
	}
	actor, err := m.Authenticate(ctx, grant.Token)
	if err != nil {
		return actor, err
	}
	return actor, p.fitOut(ctx, actor, one)
}

// fitOut gives somebody an address and money, unless he has some.
func (p *play) fitOut(ctx context.Context, actor market.Actor, one person) error {
	m := p.Market
	if _, err := m.UpdateMe(ctx, actor, market.MePatch{Addresses: &[]market.Address{one.address}}); err != nil {
		return err
	}
	w, err := m.Wallet(ctx, actor)
	if err != nil || w.Available > 0 {
		return err
	}
	_, _, err = m.Deposit(ctx, actor, market.Key{}, market.DepositInput{Amount: cash(one.deposit), Card: sandbox.CardGood})
	return err
}

// signOut ends the sessions of the filling.
func (p *play) signOut(ctx context.Context) error {
	for _, one := range cast {
		if err := p.Market.SignOut(ctx, p.actors[one.who]); err != nil {
			return err
		}
	}
	return nil
}
