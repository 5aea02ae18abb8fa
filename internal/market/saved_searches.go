package market

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/store"
)

const (
	maxSearches   = 50 // of one person
	maxSearchText = 200
)

// SavedInput saves a search under a name.
type SavedInput struct {
	Name      string        `json:"name"`
	Text      string        `json:"q,omitempty"`
	Kind      string        `json:"kind,omitempty"`
	Category  string        `json:"category,omitempty"`
	Condition string        `json:"condition,omitempty"`
	PriceMin  *money.Amount `json:"priceMin,omitempty"`
	PriceMax  *money.Amount `json:"priceMax,omitempty"`
}

// SavedView is a saved search; URL is the page that lists what it finds.
type SavedView struct {
	ID string `json:"id"`
	SavedInput
	URL       string `json:"url"`
	CreatedAt Time   `json:"createdAt"`
}

// SaveSearch saves a search of the actor's. Once something new fits it he is told.
func (m *Market) SaveSearch(ctx context.Context, a Actor, k Key, in SavedInput) (SavedView, bool, error) {
	if err := m.begins(ctx, a); err != nil {
		return SavedView{}, false, err
	}
	if err := m.checkSaved(in); err != nil {
		return SavedView{}, false, err
	}
	return once(ctx, m, a, k, a.permit(ScopeTrade), func(key *engine.Key) (v SavedView, err error) {
		err = m.tx(ctx, func(ctx context.Context) error {
			now := m.Now()
			n, err := m.rows.searches.Count(ctx, store.Query{Index: "account", Eq: []any{a.Account}})
			if err != nil {
				return err
			}
			if n >= maxSearches {
				return fault.New(fault.CodeLimit, fault.Params{"limit": maxSearches})
			}
			row := SearchRow{ID: engine.NewID(), Version: 1, Account: a.Account, Name: strings.TrimSpace(in.Name), Text: in.Text, Kind: in.Kind, Category: in.Category,
				Condition: in.Condition, PriceMin: in.PriceMin, PriceMax: in.PriceMax, At: now, CheckedAt: now, NewSince: now}
			v = m.savedView(row)
			if err := m.rows.searches.Insert(ctx, row); err != nil {
				return err
			}
			return m.keep(ctx, key, now, v)
		})
		return v, err
	})
}

func (m *Market) checkSaved(in SavedInput) error {
	var c fault.Collect
	checkText(&c, "name", in.Name, 1, maxName)
	checkText(&c, "q", in.Text, 0, maxSearchText)
	if in.Kind != "" && !slices.Contains([]string{"english", "fixed", "request", "group"}, in.Kind) {
		c.Addf("kind", "unknown", "english, fixed, request or group")
	}
	if _, ok := categoryPaths[in.Category]; in.Category != "" && !ok {
		c.Addf("category", "unknown", "an id of GET /api/v1/categories")
	}
	checkCondition(&c, in.Condition)
	checkOptionalPrice(&c, "priceMin", in.PriceMin)
	checkOptionalPrice(&c, "priceMax", in.PriceMax)
	return c.Err()
}

func (m *Market) savedView(r SearchRow) SavedView {
	in := SavedInput{Name: r.Name, Text: r.Text, Kind: r.Kind, Category: r.Category, Condition: r.Condition, PriceMin: r.PriceMin, PriceMax: r.PriceMax}
	q := url.Values{}
	for name, value := range map[string]string{"q": in.Text, "kind": in.Kind, "category": in.Category, "condition": in.Condition} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, a := range map[string]*money.Amount{"priceMin": in.PriceMin, "priceMax": in.PriceMax} {
		if a != nil {
			q.Set(name, major(*a, m.cfg.Currency))
		}
	}
	q.Set("sort", "newest")
	return SavedView{ID: r.ID, SavedInput: in, URL: "/search?" + q.Encode(), CreatedAt: At(r.At)}
}

// major writes an amount as a form of the site has it: major units, decimals where there are some.
func major(a money.Amount, c money.Currency) string {
	return strings.TrimSuffix(c.Plain(a), "."+strings.Repeat("0", c.Exponent))
}

// SavedSearches lists the actor's saved searches, the newest first.
func (m *Market) SavedSearches(ctx context.Context, a Actor) ([]SavedView, error) {
	if err := need(a, ScopeRead); err != nil {
		return nil, err
	}
	page, err := m.rows.searches.Find(ctx, store.Query{Index: "account", Eq: []any{a.Account}, Desc: true, Limit: maxSearches})
	out := []SavedView{}
	for _, r := range page.Docs {
		out = append(out, m.savedView(r))
	}
	return out, err
}

// SavedSearch is one of the actor's; not_found where it is not his.
func (m *Market) SavedSearch(ctx context.Context, a Actor, id string) (SavedView, error) {
	if err := need(a, ScopeRead); err != nil {
		return SavedView{}, err
	}
	r, err := m.rows.searches.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && r.Account != a.Account {
		return SavedView{}, fault.New(fault.CodeNotFound, nil)
	}
	return m.savedView(r), err
}

// DropSearch removes one of the actor's saved searches; not_found where it is not his.
func (m *Market) DropSearch(ctx context.Context, a Actor, id string) error {
	if err := m.begins(ctx, a); err != nil {
		return err
	}
	if a.permit(ScopeRead) == nil {
		if _, err := m.SavedSearch(ctx, a, id); err != nil {
			return err
		}
	}
	if err := a.permit(ScopeTrade); err != nil {
		return err
	}
	return m.rows.searches.Delete(ctx, id)
}

// since is how far back a search looks behind its last time: a deal reaches the index a little after it was opened.
const since = 2 * time.Minute
