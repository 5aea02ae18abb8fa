package view

import (
	"fmt"
	"path"
	"slices"
	"strconv"

	"haggle/internal/market"
)

// Zones are the time zones that the settings offer; one that was chosen by other ways is offered, too.
func Zones() []string {
	return []string{"Asia/Taipei", "Asia/Shanghai", "Asia/Tokyo", "Asia/Seoul", "Asia/Singapore", "Asia/Bangkok", "Asia/Kolkata", "Asia/Dubai",
		"Europe/London", "Europe/Berlin", "Europe/Athens", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo",
		"Australia/Sydney", "Pacific/Auckland", "UTC"}
}

func zoneOptions(p *Page, chosen string) []Option {
	zones := Zones()
	if !slices.Contains(zones, chosen) {
		zones = append(zones, chosen)
	}
	options := make([]Option, len(zones))
	for i, z := range zones {
		options[i] = Option{Value: z, Label: p.Or("zone."+path.Base(z), z)}
	}
	return options
}

func mailWayOptions(p *Page) []Option {
	var options []Option
	for _, way := range market.MailWays() {
		options = append(options, Option{Value: way, Label: p.T("mailWay." + way)})
	}
	return options
}

func digestOptions(p *Page) []Option {
	options := []Option{{Value: "day", Label: p.T("digest.day")}}
	for day := range 7 {
		options = append(options, Option{Value: strconv.Itoa(day), Label: p.T("digest.week." + strconv.Itoa(day))})
	}
	return options
}

// digestValue is a digest's rhythm as the form has it: day, or the number of a day of the week.
func digestValue(d market.Digest) string {
	if d.Every == "week" {
		return strconv.Itoa(d.Day)
	}
	return "day"
}

func hourOptions() []Option {
	options := make([]Option, 24)
	for h := range options {
		options[h] = Option{Value: strconv.Itoa(h), Label: fmt.Sprintf("%02d:00", h)}
	}
	return options
}

// pushed says whether the form has a kind's devices ticked, or, before it was sent, the person has.
func pushed(form Form, n market.Notify, kind string) bool {
	if form.Sent() {
		return form.Get("push-"+kind) != ""
	}
	return n.Push(kind)
}

// ticked is a box as it was sent, or as it is.
func ticked(form Form, name string, on bool) bool {
	if form.Sent() {
		return form.Get(name) != ""
	}
	return on
}
