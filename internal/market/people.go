package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/fault"
	"haggle/internal/store"
)

// namesFor is how long a process remembers a person's public face.
const namesFor = 30 * time.Second

// Person is somebody as others see him.
func (m *Market) Person(ctx context.Context, id string) (PersonView, error) {
	people, err := m.people(ctx, []string{id})
	if err != nil {
		return PersonView{}, err
	}
	p, ok := people[id]
	if !ok {
		return PersonView{}, fault.New(fault.CodeNotFound, nil)
	}
	return p, nil
}

// person is Person for an id that our own records name.
func (m *Market) person(ctx context.Context, id string) (PersonView, error) {
	people, err := m.people(ctx, []string{id})
	return people[id], err
}

// people reads several public faces at once; ids that are nobody's are left out.
func (m *Market) people(ctx context.Context, ids []string) (map[string]PersonView, error) {
	out := make(map[string]PersonView, len(ids))
	var missing []string
	for _, id := range ids {
		if p, ok := m.names.get(id, m.cfg.Clock()); ok {
			out[id] = p
		} else if !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	rows, err := m.rows.accounts.GetMany(ctx, missing)
	if err != nil {
		return nil, err
	}
	scores, err := m.scores(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		p := PersonView{ID: r.ID, Name: r.Name, Since: At(r.At), Reputation: scores[r.ID]}
		m.names.put(r.ID, p, m.cfg.Clock().Add(namesFor))
		out[r.ID] = p
	}
	return out, nil
}

// SetRole gives an account a role: member, moderator or admin. It is for the operator's command line.
func (m *Market) SetRole(ctx context.Context, emailKey, role string) error {
	if !slices.Contains([]string{"member", "moderator", "admin"}, role) {
		return fault.Invalidf("role", "member, moderator or admin")
	}
	row, err := m.accountByEmail(ctx, emailKey)
	if err != nil {
		return err
	}
	if row.ID == "" {
		return fault.New(fault.CodeNotFound, nil)
	}
	_, err = m.changeAccount(ctx, row.ID, func(a *AccountRow) error { a.Role = role; return nil })
	if errors.Is(err, store.ErrNotFound) {
		return fault.New(fault.CodeNotFound, nil)
	}
	return err
}
