package view

import (
	"strconv"
	"strings"
	"time"
)

// NoticeItem is one line of the list of notices, in the reader's words.
type NoticeItem struct {
	ID     string
	Text   string
	What   string // a row of the table of tellings
	At     time.Time
	Unread bool
}

// NoticesPage is the list of notices.
type NoticesPage struct {
	Items  []NoticeItem
	Unread int64
	More   string
}

// mostCounted is the largest number that the bell shows.
const mostCounted = 99

// UnreadText is the number beside the bell.
func UnreadText(n int64) string {
	if n > mostCounted {
		return strconv.Itoa(mostCounted) + "+"
	}
	return strconv.FormatInt(n, 10)
}

// noticeIcon is the shape of what a line is about.
func noticeIcon(n NoticeItem) string {
	switch what, _, _ := strings.Cut(n.What, "_"); what {
	case "won", "lost", "sold", "unsold", "outbid", "second", "chance":
		return "auction"
	case "award", "awarded", "request", "quote":
		return "request"
	case "group", "tier":
		return "group"
	case "shipped":
		return "truck"
	case "deposit", "payment", "paid", "pay", "refunded":
		return "free"
	}
	return "bell"
}
