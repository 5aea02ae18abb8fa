package market

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"haggle/internal/store"
)

// NoticeRow is one line of a person's list of notices. Its id says what it is about and for whom, so that the same news is
// one notice however often it is derived; newer news of the same thing takes its place.
type NoticeRow struct {
	ID      string    `bson:"_id"`
	Version int64     `bson:"version"`
	Account string    `bson:"account"`
	What    string    `bson:"what"`   // a row of tellings
	Source  string    `bson:"source"` // the mail that tells the same: which news it is
	Facts   Facts     `bson:"facts"`
	At      time.Time `bson:"at"` // when it was told here
	Unread  bool      `bson:"unread"`
	Expires time.Time `bson:"expires"`          // noticeKept after At, at the end of that day
	Digest  string    `bson:"digest,omitempty"` // the digest that tells it, too
}

// noticeKept is how long a notice stays in the list, and to the end of that day.
const noticeKept = 90 * 24 * time.Hour

// endOfDay is the first midnight that is not before a moment, in UTC.
func endOfDay(t time.Time) time.Time { return t.Add(24*time.Hour - 1).Truncate(24 * time.Hour) }

// Names of the collections of notices.
const (
	Notices  = "notices"
	Devices  = "push_devices"
	Pushes   = "pushes"
	Watches  = "watches"
	Searches = "searches"
	Threads  = "threads"
	Messages = "messages"
)

// noticeRows are the collections of what people are told and what they asked to be told of.
type noticeRows struct {
	notices *store.Collection[NoticeRow]
	messageRows
	watchRows
	pushRows
}

func newNoticeRows(s store.Engine) noticeRows {
	return noticeRows{
		notices:     store.NewCollection[NoticeRow](s, Notices),
		messageRows: newMessageRows(s),
		watchRows:   newWatchRows(s),
		pushRows:    newPushRows(s),
	}
}

// noticeSpecs says how notices are looked for. Whoever is outbid again and again has the same notice written again each time:
// of its indexes only that of the list, which is in order of time, changes with it.
func noticeSpecs() []store.Spec {
	fields := func(paths ...string) []store.Field {
		out := make([]store.Field, len(paths))
		for i, p := range paths {
			out[i] = store.Field{Path: p}
		}
		return out
	}
	return slices.Concat(messageSpecs(), watchSpecs(), pushSpecs(), []store.Spec{
		{Name: Notices, Shape: NoticeRow{}, Indexes: []store.Index{
			{Name: "account", Fields: fields("account", "at")},
			{Name: "unread", Fields: fields("account", "unread")},
			{Name: "digest", Fields: fields("digest", "at"), Sparse: true},
			{Name: "expires", Fields: fields("expires")},
		}},
	})
}

// joined are the news of which the newest about one thing stands for all: whoever is outbid ten times reads it once.
var joined = map[string]func(f Facts) string{
	"outbid":       func(f Facts) string { return f.Deal },
	"quote":        func(f Facts) string { return f.Deal },
	"quote_hidden": func(f Facts) string { return f.Deal },
	"message":      func(f Facts) string { return f.Thread },
	"saved":        func(f Facts) string { return f.Search },
}

// noticeID is the id of the notice that a mail's news have. It tells nothing of other people.
func noticeID(r MailRow) string {
	of := r.ID
	if subject := joined[r.What]; subject != nil {
		of = r.What + "\n" + r.Account + "\n" + subject(r.Facts)
	}
	sum := sha256.Sum256([]byte("haggle notice 1\n" + of))
	return strings.ReplaceAll(r.What, "_", "-") + "-" + hex.EncodeToString(sum[:12])
}

// noticeOf makes the notice of a mail; ok is false where there is none.
func noticeOf(r MailRow, now time.Time) (n NoticeRow, ok bool) {
	if r.Account == "" || !tellings[r.What].notice {
		return n, false
	}
	return NoticeRow{ID: noticeID(r), Version: 1, Account: r.Account, What: r.What, Source: r.ID, Facts: r.Facts, At: now, Unread: true,
		Expires: endOfDay(now.Add(noticeKept))}, true
}
