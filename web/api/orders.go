package api

import (
	"context"
	"net/http"

	"haggle/internal/market"
)

// orders registers orders and what their two sides do with them.
func (s *server) orders() {
	type listIn struct {
		Side string `query:"side" enum:"buyer,seller"`
		PageQuery
	}
	handle(s, op(http.MethodGet, "/orders", "listOrders", "Your orders, newest first", signedIn, tag("orders")),
		func(ctx context.Context, in *listIn) (*body[market.Page[market.OrderView]], error) {
			return answer(s.Market.Orders(ctx, actor(ctx), in.Side, in.Limit, in.Cursor))
		})
	handle(s, op(http.MethodGet, "/orders/{id}", "getOrder", "An order of yours", signedIn, onOrder, tag("orders")),
		func(ctx context.Context, in *IDPath) (*body[market.OrderView], error) {
			return answer(s.Market.Order(ctx, actor(ctx), in.ID))
		})
	steps := map[string]string{"pay": "Pay into escrow", "ship": "Say that it is on its way", "confirm": "Confirm that it came: the seller is paid",
		"cancel": "Call the order off", "dispute": "Open a dispute", "return": "Send it back", "refund": "Give money back", "extend": "Ask for three more days"}
	for _, act := range []string{"pay", "ship", "confirm", "cancel", "dispute", "return", "refund", "extend"} {
		s.orderStep(act, steps[act])
	}
	type feedbackIn struct {
		IDPath
		Keyed
		Body market.FeedbackInput
	}
	handle(s, op(http.MethodPost, "/orders/{id}/feedback", "leaveFeedback", "Rate the other side", signedIn, onOrder, tag("orders"), also(403, 409)),
		func(ctx context.Context, in *feedbackIn) (*body[market.FeedbackView], error) {
			return answerOnce(s.Market.LeaveFeedback(ctx, actor(ctx), in.key(), in.ID, in.Body))
		})
}

type stepIn struct {
	IDPath
	Keyed
	Body *market.OrderInput `required:"false"`
}

func (s *server) orderStep(act, summary string) {
	o := op(http.MethodPost, "/orders/{id}/"+act, act+"Order", summary, signedIn, onOrder, tag("orders"), status(200), also(402, 403, 409))
	handle(s, o, func(ctx context.Context, in *stepIn) (*body[market.OrderView], error) {
		var input market.OrderInput
		if in.Body != nil {
			input = *in.Body
		}
		return answerOnce(s.Market.StepOrder(ctx, actor(ctx), in.key(), in.ID, act, input))
	})
}
