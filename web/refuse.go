package web

import (
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/web/view"
)

// blames says which field a refusal is about; "amount" stands for the form's own amount.
var blames = map[fault.Code]string{
	fault.CodeBelowMinimum:         "amount",
	fault.CodeAboveNamedPrice:      "amount",
	fault.CodeNotLowerThanOwn:      "amount",
	fault.CodeNotCash:              "amount",
	fault.CodeOverPersonLimit:      "quantity",
	fault.CodeOverCap:              "quantity",
	fault.CodeOutOfStock:           "quantity",
	fault.CodeCeilingBelowBestTier: "ceiling",
	fault.CodeEmailTaken:           "email",
	fault.CodeWrongCode:            "code",
	fault.CodeConfirmIdentity:      "confirm",
	fault.CodeCardDeclined:         "card",
	fault.CodeCardExpired:          "card",
	fault.CodeCardChallenge:        "card",
}

// formNames are the fields whose name in a form is not the one of the API.
var formNames = map[string]string{"durationSeconds": "duration", "softClose": "hardClose", "priceVisible": "hidden", "notifications": "outbid", "addresses": "address"}

// shape is what a form has: the name of its amount, and the fields where a message can stand.
type shape struct {
	amount string
	fields []string
}

// shown gives the form its first wrong field, where the reader goes on.
func (s shape) shown(form view.Form) view.Form {
	for _, name := range s.fields {
		if form.Wrong[name] != "" {
			form.Focus = name
			break
		}
	}
	return form
}

func (s shape) has(name string) bool { return name != "" && slices.Contains(s.fields, name) }

// refuse turns a refusal into the form drawn again: the message beside the field it is about, else above the form, and
// all that was typed kept. An error that is no refusal of the input comes back.
func (in *input) refuse(err error, s shape) (view.Form, int, error) {
	if errors.Is(err, errPaused) {
		return in.shown(), fiber.StatusOK, nil
	}
	f := refusalOf(err)
	switch f.Class() {
	case fault.Internal, fault.NotFound, fault.Unauthenticated:
		if f.Code != fault.CodeWrongCredentials {
			return view.Form{}, 0, err
		}
	}
	form := in.shown()
	form.Code = string(f.Code)
	if f.Code == fault.CodeKeyReused {
		in.v.page.Key = newKey()
	}
	if missing, ok := whole(f.Params["missing"]); ok {
		form.Short = in.v.Currency.Format(money.Amount(missing))
	}
	if f.Code == fault.CodeInvalid && len(f.Fields) > 0 {
		in.blameFields(&form, f.Fields, s)
		return s.shown(form), f.Code.Status(), nil
	}
	text := wording(in.v.page.Printer, f)
	if name := s.blamed(f.Code); s.has(name) {
		form.Wrong[name] = text
	} else {
		form.Refuse = text
	}
	return s.shown(form), f.Code.Status(), nil
}

func (s shape) blamed(c fault.Code) string {
	name := blames[c]
	if name == "amount" {
		return s.amount
	}
	return name
}

// blameFields puts the message of every wrong field beside it; what has no place on the form is said above it.
func (in *input) blameFields(form *view.Form, wrong []fault.Field, s shape) {
	var above []string
	for _, f := range wrong {
		name := fieldName(f.Name)
		text := in.fieldWording(name, f)
		if s.has(name) {
			form.Wrong[name] = text
		} else if !slices.Contains(above, text) {
			above = append(above, text)
		}
	}
	form.Refuse = strings.Join(above, " ")
}

// fieldName is the form's name of an API field: without index and sub-field; the fees have fields of their own.
func fieldName(name string) string {
	name = strings.TrimPrefix(name, "fees.")
	if i := strings.IndexAny(name, ".["); i > 0 {
		name = name[:i]
	}
	if other, ok := formNames[name]; ok {
		return other
	}
	return name
}

func (in *input) fieldWording(name string, f fault.Field) string {
	p := in.v.page
	if f.Code == "required" {
		return p.T("field.required")
	}
	return p.Or("field."+name, "field.invalid")
}
