package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// doors is the choice between the ways to open a deal, behind what the reader has begun.
func doors(v *visit) error {
	var m view.DoorsPage
	if !v.me.Guest() {
		drafts, err := v.Market.Drafts(v.ctx, v.me)
		if err != nil {
			return err
		}
		m.Drafts = drafts
	}
	v.takeNotice()
	return v.show(fiber.StatusOK, view.Doors(v.page, m))
}

// deleteDraft throws away what the reader has begun. One that is gone already is as he wants it.
func deleteDraft(v *visit) error {
	if err := v.Market.DeleteDraft(v.ctx, v.me, v.c.Params("id")); err != nil && !fault.Is(err, fault.CodeNotFound) {
		return err
	}
	return v.done("/sell", "draft_deleted")
}

// saveDraft keeps the form as it is. Without an account, or with too many drafts, it stays in the page alone.
func (f *filling) saveDraft() error {
	if f.v.me.Guest() || f.v.recalled != nil {
		return nil
	}
	saved, err := f.v.Market.SaveDraft(f.v.ctx, f.v.me, market.DraftInput{ID: f.draft, Kind: string(f.o.kind), Fields: f.fields(), Photos: f.in.list("photo")})
	switch {
	case fault.Is(err, fault.CodeLimit):
		f.full = true
		return nil
	case err != nil && fault.From(err).Class() == fault.Invalid:
		return nil // too long to be a draft: the field's own message says what is too long
	case err != nil:
		return err
	}
	f.draft = saved.ID
	return nil
}

// fields are the values of the form by name, without its photos.
func (f *filling) fields() map[string][]string {
	kept := map[string][]string{sentField: f.in.values[sentField]}
	for _, name := range f.o.names() {
		if list, ok := f.in.values[name]; ok && name != photoField {
			kept[name] = list
		}
	}
	return kept
}
