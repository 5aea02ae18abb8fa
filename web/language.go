package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/locale"
)

// language chooses the reader's language: in a cookie, and for his account where he has one.
func language(v *visit) error {
	in := v.form()
	lang, ok := locale.Parse(in.text("lang"))
	if !ok {
		return fault.Invalidf("lang", "one of %v", locale.Langs())
	}
	if err := v.speak(lang); err != nil {
		return err
	}
	return v.c.Redirect(local(in.text("next"), "/"), fiber.StatusSeeOther)
}

func (v *visit) speak(lang locale.Lang) error {
	v.setCookie(fiber.Cookie{Name: langCookie, Value: string(lang), MaxAge: year})
	if v.me.Guest() || v.me.Locale == string(lang) {
		return nil
	}
	choice := string(lang)
	_, err := v.Market.UpdateMe(v.ctx, v.me, market.MePatch{Locale: &choice})
	return err
}
