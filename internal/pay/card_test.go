package pay_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/pay"
)

func TestParseCard(t *testing.T) {
	for in, last4 := range map[string]string{
		"4242424242424242": "4242", " 4242 4242-4242 4242 ": "4242", "4000000000000341": "0341",
		"378282246310005": "0005", "pm_1Abc2_x": "",
	} {
		c, err := pay.ParseCard(in)
		if err != nil || c.Last4() != last4 || c.IsZero() {
			t.Errorf("%q: %v, %v", in, c, err)
		}
	}
	for _, in := range []string{
		"", "4242424242424241", "42", "4242x24242424242", "42424242424242424242", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "pm_", "_x", "pm_é", "1_2",
	} {
		if c, err := pay.ParseCard(in); !fault.Is(err, fault.CodeInvalid) || !c.IsZero() {
			t.Errorf("%q was taken: %v", in, err)
		}
	}
}

func TestCardNeverShowsItsNumber(t *testing.T) {
	c, _ := pay.ParseCard("4242424242424242")
	charge := pay.Charge{Intent: "i", Card: c}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb, c, charge)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "card", c, "charge", charge)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "card", c, "charge", charge)
	_ = json.NewEncoder(&out).Encode(charge)
	if s := out.String(); strings.Contains(s, "42424242") || strings.Contains(s, "34323432") || !strings.Contains(s, "4242") {
		t.Errorf("shown: %s", s)
	}
}
