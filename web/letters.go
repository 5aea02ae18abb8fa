package web

import (
	"bytes"
	_ "embed"
	"html/template"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/mail/devbox"
	"haggle/web/static"
)

//go:embed letters.html
var lettersText string

var lettersPage = template.Must(template.New("letters").Parse(lettersText))

// mountLetters shows the mail that was not sent, to those who develop or try haggle out.
func mountLetters(app fiber.Router, box *devbox.Box) {
	app.Get("/dev/mail", func(c *fiber.Ctx) error {
		var b bytes.Buffer
		if err := lettersPage.Execute(&b, map[string]any{"Sheet": static.URL("app.css"), "Letters": box.Letters(), "Kept": devbox.Kept}); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentSecurityPolicy, policy)
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
		return c.Send(b.Bytes())
	})
}
