package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/web/view"
)

// design shows the parts that pages are made of, in all their states.
func design(v *visit) error { return v.show(fiber.StatusOK, view.Design(v.page)) }
