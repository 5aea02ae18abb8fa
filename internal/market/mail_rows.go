package market

import (
	"time"

	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
)

// MailRow is one mail to one person. It is written with the change that it tells of, or made of a row of the outbox; its
// id says what happened and to whom, so that the same news is one mail however often it is derived.
type MailRow struct {
	ID      string     `bson:"_id"`
	Version int64      `bson:"version"`
	State   string     `bson:"state"`             // waiting, sent, failed, dropped
	What    string     `bson:"what"`              // a row of mailRules
	Account string     `bson:"account,omitempty"` // whose mail it is; empty: found by To when it is sent
	To      string     `bson:"to,omitempty"`      // an address that is not the account's present one
	Facts   Facts      `bson:"facts"`
	Nonce   string     `bson:"nonce,omitempty"` // what its link is made of
	At      time.Time  `bson:"at"`
	NextAt  *time.Time `bson:"nextAt,omitempty"` // of the next try; absent once there is none
	Tries   int64      `bson:"tries,omitempty"`
	SentAt  *time.Time `bson:"sentAt,omitempty"`
	Why     string     `bson:"why,omitempty"` // it was not sent
}

// Facts are what a mail tells. What does not belong to it is absent.
type Facts struct {
	Deal     string       `bson:"deal,omitempty"`
	Order    string       `bson:"order,omitempty"`
	Title    string       `bson:"title,omitempty"`
	Amount   money.Amount `bson:"amount,omitempty"` // the one that the subject names
	Price    money.Amount `bson:"price,omitempty"`  // of one piece
	Minimum  money.Amount `bson:"minimum,omitempty"`
	Fee      money.Amount `bson:"fee,omitempty"`
	Quantity int64        `bson:"quantity,omitempty"`
	DueAt    *time.Time   `bson:"dueAt,omitempty"`
	Tracking string       `bson:"tracking,omitempty"`
	Thread   string       `bson:"thread,omitempty"` // of messages
	Who      string       `bson:"who,omitempty"`    // the name of whoever wrote
	Search   string       `bson:"search,omitempty"` // a saved search; Title is then its name
	Agent    string       `bson:"agent,omitempty"`  // the browser in which a way to sign in was changed; Title is then the way's name
}

// States of mails.
const (
	MailWaiting = "waiting"
	MailSent    = "sent"    // the next server took it
	MailFailed  = "failed"  // no server takes it, or none did for a day
	MailDropped = "dropped" // was not true, or not wanted, any more when its turn came
)

// MarkRow says up to which line of a deal's log its mails are written.
type MarkRow struct {
	ID      string `bson:"_id"` // of the deal
	Version int64  `bson:"version"`
	Seq     int64  `bson:"seq"`              // −1: none yet
	Leader  string `bson:"leader,omitempty"` // who led there, as an account
	Who     string `bson:"who,omitempty"`    // and as a pseudonym
	Done    bool   `bson:"done,omitempty"`   // the deal is over, and so is what it has to tell
	Tier    int64  `bson:"tier,omitempty"`   // of a group: the step that was told last

	At     *time.Time `bson:"at,omitempty"`     // when it was told last
	NextAt *time.Time `bson:"nextAt,omitempty"` // when to look again: there is news, and it was told a moment ago
}

// SlotRow holds news of one kind about one deal to one person apart.
type SlotRow struct {
	ID      string    `bson:"_id"` // kind, deal and account
	At      time.Time `bson:"at"`  // of the last mail, which may be in the future
	Expires time.Time `bson:"expires"`
}

// MailLinkRow is a link that was mailed: it does something once, for whoever has the letter. Its id is the hash of the token.
type MailLinkRow struct {
	ID      string    `bson:"_id"`
	Kind    string    `bson:"kind"` // confirm, reset
	Account string    `bson:"account"`
	Email   string    `bson:"email"`           // to which it went
	Print   string    `bson:"print,omitempty"` // of the password that it replaces
	Expires time.Time `bson:"expires"`
}

// Names of the collections of mail.
const (
	Mails     = "mails"
	MailMarks = "mail_marks"
	MailSlots = "mail_slots"
	MailLinks = "mail_links"
)

// mailRows are the collections of mail, and of what mails are derived from.
type mailRows struct {
	entries   *store.Collection[engine.EntryRow]
	journal   *store.Collection[engine.JournalRow]
	mails     *store.Collection[MailRow]
	marks     *store.Collection[MarkRow]
	slots     *store.Collection[SlotRow]
	mailLinks *store.Collection[MailLinkRow]
}

func newMailRows(s store.Engine) mailRows {
	return mailRows{
		entries:   store.NewCollection[engine.EntryRow](s, engine.Entries),
		journal:   store.NewCollection[engine.JournalRow](s, engine.Journal),
		mails:     store.NewCollection[MailRow](s, Mails),
		marks:     store.NewCollection[MarkRow](s, MailMarks),
		slots:     store.NewCollection[SlotRow](s, MailSlots),
		mailLinks: store.NewCollection[MailLinkRow](s, MailLinks),
	}
}

func mailSpecs() []store.Spec {
	field := func(path string) store.Field { return store.Field{Path: path} }
	return []store.Spec{
		{Name: Mails, Shape: MailRow{}, Indexes: []store.Index{
			{Name: "next", Fields: []store.Field{field("nextAt")}, Sparse: true},
			{Name: "state", Fields: []store.Field{field("state"), field("at")}},
		}},
		{Name: MailMarks, Shape: MarkRow{}, Indexes: []store.Index{{Name: "next", Fields: []store.Field{field("nextAt")}, Sparse: true}}},
		{Name: MailSlots, Shape: SlotRow{}, Indexes: []store.Index{{Name: "expires", Fields: []store.Field{field("expires")}}}},
		{Name: MailLinks, Shape: MailLinkRow{}, Indexes: []store.Index{
			{Name: "account", Fields: []store.Field{field("account"), field("kind")}},
			{Name: "expires", Fields: []store.Field{field("expires")}},
		}},
	}
}
