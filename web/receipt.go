package web

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// maxReceipt bounds a receipt that travels in a cookie, in bytes of base64.
const maxReceipt = 3800

// receiptAge is how long a receipt can be downloaded after its entry, in seconds.
const receiptAge = 60 * 60

func receiptPath(dealID string) string { return "/deals/" + dealID + "/receipt" }

// keepReceipt gives the receipt of an entry to its maker's browser, in a cookie that only the receipt's own page gets:
// it holds the salt of his secret, which the site shows to nobody else.
func (v *visit) keepReceipt(r deal.Receipt) bool {
	raw, err := json.Marshal(r)
	if err != nil || r.Hash == "" {
		return false
	}
	value := base64.RawURLEncoding.EncodeToString(raw)
	if len(value) > maxReceipt {
		return false
	}
	v.setCookie(fiber.Cookie{Name: receiptCookie, Value: value, Path: receiptPath(r.Deal), MaxAge: receiptAge})
	return true
}

// showReceipt downloads the receipt of the reader's last entry in a deal, as `haggle verify` reads it.
func showReceipt(v *visit) error {
	raw, err := base64.RawURLEncoding.DecodeString(v.c.Cookies(receiptCookie))
	var r deal.Receipt
	if err != nil || json.Unmarshal(raw, &r) != nil || r.Deal != v.c.Params("id") {
		return fault.New(fault.CodeNotFound, nil)
	}
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	v.c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	v.c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="receipt-%d.json"`, r.Seq))
	return v.c.Send(raw)
}
