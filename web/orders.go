package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// listOrders lists one's orders, as buyer, as seller or both.
func listOrders(v *visit) error {
	in := v.query()
	m := view.OrdersPage{}
	if side := in.text("side"); side == "buyer" || side == "seller" {
		m.Side = side
	}
	page, err := v.Market.Orders(v.ctx, v.me, m.Side, pageLength, in.text("cursor"))
	if err != nil {
		return err
	}
	m.Items = page.Items
	if page.Next != "" {
		m.More = nextPage(v, page.Next)
	}
	v.takeNotice()
	return v.show(fiber.StatusOK, view.Orders(v.page, m))
}

func showOrder(v *visit) error {
	m, err := v.orderPage(v.c.Params("id"))
	if err != nil {
		return err
	}
	v.takeNotice()
	return v.show(fiber.StatusOK, view.Order(v.page, m))
}

// toOrder leads from the page of a step, loaded again, to the order.
func toOrder(v *visit) error {
	return v.c.Redirect("/orders/"+v.c.Params("id"), fiber.StatusFound)
}

func (v *visit) orderPage(id string) (m view.OrderPage, err error) {
	if m.Order, err = v.Market.Order(v.ctx, v.me, id); err != nil {
		return m, err
	}
	free, err := v.Market.Free(v.ctx, v.me)
	m.Free = &free
	return m, err
}

// moveOrder does one thing with an order and leads back to it; a refusal draws the order with the form as it was sent.
func (v *visit) moveOrder(in *input, name string, s shape, do func(k market.Key) error) error {
	id := v.c.Params("id")
	form, status := s.shown(in.shown()), fiber.StatusUnprocessableEntity
	if in.ok() {
		err := do(in.key())
		if err == nil {
			return v.done("/orders/"+id, name)
		}
		if form, status, err = in.refuse(err, s); err != nil {
			return err
		}
	}
	m, err := v.orderPage(id)
	if err != nil {
		return err
	}
	m.Act, m.Form = name, form
	return v.show(status, view.Order(v.page, m))
}
