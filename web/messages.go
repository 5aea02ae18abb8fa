package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// listThreads lists what the reader writes with others about.
func listThreads(v *visit) error {
	page, err := v.Market.Threads(v.ctx, v.me, 0, v.query().text("cursor"))
	if err != nil {
		return err
	}
	m := view.ThreadsPage{Items: page.Items}
	if page.Next != "" {
		m.More = nextPage(v, page.Next)
	}
	v.takeNotice()
	return v.show(fiber.StatusOK, view.Threads(v.page, m))
}

// newMessage is the form of a first message, to the owner of a deal or the other side of an order. Where they have written
// before it leads to that.
func newMessage(v *visit) error {
	in := v.query()
	if in.text("deal") == "" && in.text("order") == "" {
		return v.c.Redirect("/messages", fiber.StatusSeeOther)
	}
	return v.firstMessage(in.text("deal"), in.text("order"), view.Form{}, fiber.StatusOK)
}

func (v *visit) firstMessage(deal, order string, form view.Form, status int) error {
	thread, to, title, err := v.Market.ThreadAbout(v.ctx, v.me, deal, order)
	if fault.Is(err, fault.CodeOwnDeal) {
		return v.c.Redirect("/messages", fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	if thread != "" && status == fiber.StatusOK {
		return v.c.Redirect("/messages/"+thread, fiber.StatusSeeOther)
	}
	return v.show(status, view.NewMessage(v.page, view.MessagePage{Deal: deal, Order: order, To: to, Title: title, Form: form}))
}

// showThread shows a thread. Whoever looks at it has read it.
func showThread(v *visit) error { return v.threadPage(v.c.Params("id"), view.Form{}, fiber.StatusOK) }

func (v *visit) threadPage(id string, form view.Form, status int) error {
	cursor := v.query().text("cursor")
	page, err := v.Market.Thread(v.ctx, v.me, id, 0, cursor)
	if err != nil {
		return err
	}
	if page.Thread.Unread > 0 && cursor == "" {
		if err := v.Market.ReadThread(v.ctx, v.me, id); err != nil {
			return err
		}
		v.page.Unread, _ = v.Market.Unread(v.ctx, v.me)
	}
	m := view.ThreadPage{Thread: page.Thread, Items: page.Items, Form: form}
	if page.Next != "" {
		m.More = nextPage(v, page.Next)
	}
	v.takeNotice()
	return v.show(status, view.Thread(v.page, m))
}

// sendMessage sends what the form of a thread, or of a first message, says.
func sendMessage(v *visit) error {
	in := v.form()
	input := market.MessageInput{Thread: in.text("thread"), Deal: in.text("deal"), Order: in.text("order"), Text: strings.ReplaceAll(in.raw("text"), "\r\n", "\n")}
	key := in.key()
	sent, err := v.sendIt(key, input)
	if err == nil {
		return v.done("/messages/"+sent.Thread, "message")
	}
	form, status, err := in.refuse(err, shape{fields: []string{"text", "photos"}})
	if err != nil {
		return err
	}
	if input.Thread != "" {
		return v.threadPage(input.Thread, form, status)
	}
	return v.firstMessage(input.Deal, input.Order, form, status)
}

// sendIt stores the photos of the form first. A form that is sent twice stores them twice and sends one message; what is
// not sent is swept.
func (v *visit) sendIt(key market.Key, input market.MessageInput) (market.MessageView, error) {
	form, err := v.c.MultipartForm()
	if err == nil {
		for _, header := range form.File["photos"] {
			if header.Size == 0 {
				continue
			}
			if len(input.Photos) == market.MaxMessagePhotos {
				return market.MessageView{}, fault.Invalidf("photos", "at most %d", market.MaxMessagePhotos)
			}
			file, err := header.Open()
			if err != nil {
				return market.MessageView{}, err
			}
			photo, err := v.Market.UploadMessagePhoto(v.ctx, v.me, file)
			if err := errors.Join(asPhotoFault(err), file.Close()); err != nil {
				return market.MessageView{}, err
			}
			input.Photos = append(input.Photos, photo.ID)
		}
	}
	sent, _, err := v.Market.SendMessage(v.ctx, v.me, key, input)
	return sent, err
}

// hideThread takes a thread out of the reader's list.
func hideThread(v *visit) error {
	if err := v.Market.HideThread(v.ctx, v.me, v.c.Params("id")); err != nil {
		return err
	}
	return v.done("/messages", "thread_hidden")
}

// messagePhoto serves a photo to the two people of its thread. Their browsers may keep it, nobody in between.
func messagePhoto(v *visit) error {
	variant, ok := market.PhotoVariant(v.c.Params("file"))
	if !ok {
		return fault.New(fault.CodeNotFound, nil)
	}
	body, mediaType, size, err := v.Market.OpenMessagePhoto(v.ctx, v.me, v.c.Params("id"), v.c.Params("photo"), variant)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderContentType, mediaType)
	v.c.Set(fiber.HeaderCacheControl, "private, max-age=86400")
	v.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	v.c.Set(fiber.HeaderVary, fiber.HeaderCookie)
	return v.c.SendStream(body, int(size))
}
