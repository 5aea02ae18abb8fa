package main

import (
	"context"

	"haggle/internal/mail/devbox"
	"haggle/internal/mail/smtp"
)

// openMail opens the way of mails: a server, or a box in this process.
func (h *house) openMail(context.Context) (err error) {
	if h.site.Mail != "dev" {
		h.mail, err = smtp.Open(h.site.Mail, h.site.MailFrom)
		return err
	}
	h.mail = devbox.New(h.now)
	return nil
}

// letters is the box whose mails a page shows; nil where there is none, or where strangers could read it: they would find
// the links that set passwords.
func (h *house) letters() *devbox.Box {
	box, ok := h.mail.(*devbox.Box)
	if ok && !h.site.Private() {
		h.log.Warn("mail goes nowhere and is not shown: the site can be reached from outside; set --mail")
		return nil
	}
	return box
}
