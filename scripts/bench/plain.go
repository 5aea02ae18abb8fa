package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/gofiber/fiber/v2"
)

// servePlain is what the market is compared with: Fiber that decodes and encodes a small JSON object and does nothing
// else, and Fiber that serves a page of any size from memory.
func servePlain(addr string) {
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	app.Post("/json", func(c *fiber.Ctx) error {
		var in struct {
			Max int64 `json:"max"`
		}
		if err := c.BodyParser(&in); err != nil {
			return err
		}
		return c.Status(201).JSON(fiber.Map{"leading": true, "standing": in.Max, "minimum": in.Max + 100,
			"receipt": fiber.Map{"deal": "01a20fda-adf4-746e-88a0-8e6230865fc1", "seq": in.Max, "hash": "aa150eb6abea1b48bd49c2e6c5094c740dafbcd98a3444e1f7ff661291e09a60"}})
	})
	pages := map[int][]byte{}
	app.Get("/page/:bytes", func(c *fiber.Ctx) error {
		n, err := c.ParamsInt("bytes")
		if err != nil || n < 1 || n > 1<<20 {
			return fiber.ErrBadRequest
		}
		c.Type("html", "utf-8")
		return c.Send(page(pages, n))
	})
	if err := app.Listen(addr); err != nil {
		fmt.Fprintln(os.Stderr, "plain:", err)
		os.Exit(1)
	}
}

// page is n bytes; every size that is asked for was made before the load began (see warm).
func page(pages map[int][]byte, n int) []byte {
	if p, ok := pages[n]; ok {
		return p
	}
	pages[n] = bytes.Repeat([]byte("x"), n)
	return pages[n]
}
