package view

import (
	"strconv"
	"time"

	"haggle/internal/market"
)

// NoticeItem is one line of the list of notices, in the reader's words.
type NoticeItem struct {
	ID     string
	Text   string
	Kind   string // of the table of tellings; empty: always told
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

// noticeIcon is the drawing beside a notice.
func noticeIcon(kind string) string {
	switch kind {
	case market.KindOutbid, market.KindWon:
		return "auction"
	case market.KindQuotes:
		return "request"
	case market.KindWatched:
		return "group"
	}
	return "bell"
}
