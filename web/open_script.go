package web

import (
	"mime/multipart"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/web/view"
)

// answerScript answers the page's own script, which has the page already: `keep` keeps the draft and draws what follows
// from the numbers; `photo` stores one file and draws its place in the list.
func (f *filling) answerScript(what string) error {
	f.v.c.Set(fiber.HeaderCacheControl, "no-store")
	if what == "photo" {
		return f.addPhotos()
	}
	if err := f.saveDraft(); err != nil {
		return err
	}
	m, err := f.openPage(f.shownAt())
	if err != nil {
		return err
	}
	m.Form.Values = f.in.values
	return f.v.show(fiber.StatusOK, view.OpenDrawn(f.v.page, m))
}

// addPhotos stores the files of one request and draws them alone.
func (f *filling) addPhotos() error {
	if f.v.me.Guest() {
		return f.v.c.SendStatus(fiber.StatusUnauthorized)
	}
	form, err := f.v.c.MultipartForm()
	if err != nil || !hasFiles(form) {
		return fault.New(fault.CodeMalformed, nil)
	}
	var m view.OpenPage
	for _, header := range form.File["photos"] {
		photo, err := f.v.upload(header)
		if err != nil {
			refused, err := f.worded(err)
			if err != nil {
				return err
			}
			text := refused.Wrong["photos"]
			if text == "" {
				text = refused.Refuse
			}
			return f.v.c.Status(fiber.StatusUnprocessableEntity).SendString(text)
		}
		m.Photos = append(m.Photos, photo)
	}
	return f.v.show(fiber.StatusOK, view.OpenPhotos(f.v.page, m))
}

func hasFiles(form *multipart.Form) bool {
	for _, header := range form.File["photos"] {
		if header.Size > 0 {
			return true
		}
	}
	return false
}
