package engine

import (
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/store"
)

// Names of the collections that the engine writes.
const (
	Deals     = "deals"
	Papers    = "particulars"
	Segments  = "segments"
	Standings = "standings"
	Entries   = "entries"
	Awards    = "awards"
	Orders    = "orders"
	Holds     = "holds"
	Journal   = "journal"
	Balances  = "balances"
	Keys      = "keys"
	Outbox    = "outbox"
)

// Photo is a photo of a deal: the id finds its bytes, the hash stands in the log.
type Photo struct {
	ID    string      `bson:"id"`
	Sizes []PhotoSize `bson:"sizes"` // largest first
}

// PhotoSize is one stored size of a photo, in pixels.
type PhotoSize struct {
	Name   string `bson:"name"`
	Width  int    `bson:"width"`
	Height int    `bson:"height"`
}

// Particulars are what a deal is about and its terms: written when it is opened, and never again. They are a document of
// their own, so that an entry does not write them anew.
type Particulars struct {
	Title       string            `bson:"title"`
	Description string            `bson:"description"`
	Category    string            `bson:"category"`
	Condition   string            `bson:"condition,omitempty"`
	Attributes  map[string]string `bson:"attributes,omitempty"`
	Photos      []Photo           `bson:"photos,omitempty"`
	Delivery    []string          `bson:"delivery,omitempty"`
	About       string            `bson:"about"`
	Terms       bson.Raw          `bson:"terms"`
}

// Paper is the stored document of a deal's particulars.
type Paper struct {
	ID          string `bson:"_id"` // of the deal
	Particulars `bson:",inline"`
}

// Deal is a deal as stored: its particulars, and the document of what moves. Neither grows with the crowd.
type Deal struct {
	Particulars `bson:"-"`

	ID      string `bson:"_id"`
	Version int64  `bson:"version"`

	Kind     deal.Kind   `bson:"kind"`
	Status   deal.Status `bson:"status"`
	Owner    string      `bson:"owner"`
	Currency string      `bson:"currency"`
	FeeBasis int64       `bson:"feeBasis"` // basis points, frozen at the opening

	OpenedAt time.Time  `bson:"openedAt"`
	ClosesAt *time.Time `bson:"closesAt,omitempty"` // absent: open-ended
	NextAt   *time.Time `bson:"nextAt,omitempty"`   // when the sweep must look; absent once final
	LastAt   time.Time  `bson:"lastAt"`             // of the last log line

	Seq  int64          `bson:"seq"`  // of the last log line
	Hash string         `bson:"hash"` // of the last log line
	Root string         `bson:"root"` // of the commit that wrote it
	Path []deal.Sibling `bson:"path"`

	Members int64    `bson:"members"`           // pseudonyms given
	Entered int64    `bson:"entered"`           // accepted entries
	Awarded int64    `bson:"awarded,omitempty"` // awards written before the close (fixed price)
	State   bson.Raw `bson:"state"`

	Decision   *deal.Decision `bson:"decision,omitempty"`
	DecidedAt  *time.Time     `bson:"decidedAt,omitempty"`
	DecidedSeq int64          `bson:"decidedSeq,omitempty"` // last line before the closing's own
	Steps      int64          `bson:"steps,omitempty"`      // settlement steps done
}

// Frame is the deal as its mechanism sees it, terms decoded.
func (d *Deal) frame(c money.Currency, terms any) deal.Frame {
	f := deal.Frame{Deal: d.ID, Owner: d.Owner, Currency: c, About: d.About, OpenedAt: d.OpenedAt, Terms: terms}
	if d.ClosesAt != nil {
		f.ClosesAt = *d.ClosesAt
	}
	return f
}

// StatusAt is the status as readers see it: from the deadline on an open deal reads as clearing, by the clock.
func (d *Deal) StatusAt(now time.Time) deal.Status {
	if d.Status == deal.Open && d.ClosesAt != nil && !now.Before(*d.ClosesAt) {
		return deal.Clearing
	}
	return d.Status
}

// Segment holds the log lines of one deal and commit, as the bytes that are served.
type Segment struct {
	ID    string   `bson:"_id"` // deal and From, so that ids sort as the log does
	Deal  string   `bson:"deal"`
	From  int64    `bson:"from"`
	To    int64    `bson:"to"`
	Lines [][]byte `bson:"lines"`
}

func segmentID(dealID string, from int64) string { return fmt.Sprintf("%s:%012d", dealID, from) }

// StandingRow is one actor's standing in a deal, with its secrets.
type StandingRow struct {
	ID        string       `bson:"_id"` // deal and account
	Deal      string       `bson:"deal"`
	Account   string       `bson:"account"`
	Kind      deal.Kind    `bson:"kind"`
	Owner     bool         `bson:"owner,omitempty"` // the deal's owner's own row (a binding request's hold)
	Pseudonym string       `bson:"pseudonym"`
	Seq       int64        `bson:"seq"`
	At        time.Time    `bson:"at"`
	Since     time.Time    `bson:"since"` // of the first entry: lists are in its order, so that no later one moves a row in its index
	Active    bool         `bson:"active"`
	Hold      money.Amount `bson:"hold"`
	Values    bson.Raw     `bson:"values,omitempty"`
}

func standingID(dealID, account string) string { return dealID + ":" + account }

// EntryRow finds an accepted entry by its id, and keeps the secrets of its line until the close.
type EntryRow struct {
	ID      string        `bson:"_id"`
	Deal    string        `bson:"deal"`
	Account string        `bson:"account"`
	Seq     int64         `bson:"seq"`
	Act     deal.Act      `bson:"act"`
	At      time.Time     `bson:"at"`
	Secrets []deal.Secret `bson:"secrets,omitempty"`
}

// AwardRow is one award of a closed deal.
type AwardRow struct {
	ID        string       `bson:"_id"` // deal and rank
	Deal      string       `bson:"deal"`
	Rank      int64        `bson:"rank"` // from 1
	To        string       `bson:"to"`   // pseudonym
	Account   string       `bson:"account"`
	Quantity  int64        `bson:"quantity"`
	UnitPrice money.Amount `bson:"unitPrice"`
	Total     money.Amount `bson:"total"`
	Order     string       `bson:"order"`
}

func awardID(dealID string, rank int64) string { return fmt.Sprintf("%s:%08d", dealID, rank) }

// OutboxRow names what changed, never the new value. The handler loads the present state; the row is removed when
// the work is done. A subject has one row, written anew by each of its changes, so that what waits does not grow with the
// trade; a store that an earlier version wrote has one a change, with the version in the id.
type OutboxRow struct {
	ID      string    `bson:"_id"` // topic and subject
	Topic   string    `bson:"topic"`
	Subject string    `bson:"subject"`
	Version int64     `bson:"version"`
	At      time.Time `bson:"at"` // of the change
}

// Topics of the outbox.
const (
	TopicDeal  = "deal"  // a deal changed: search copy, wake-up at its deadline
	TopicOrder = "order" // an order changed: wake-up, notices
)

// NewOutboxRow names a change.
func NewOutboxRow(topic, subject string, version int64, at time.Time) OutboxRow {
	return OutboxRow{ID: OutboxID(topic, subject), Topic: topic, Subject: subject, Version: version, At: at}
}

// KeyRow keeps the answer to a request with an idempotency key.
type KeyRow struct {
	ID      string    `bson:"_id"` // account and key
	Hash    string    `bson:"hash"`
	Expires time.Time `bson:"expires"`
	Answer  bson.Raw  `bson:"answer"`
}

// Specs declares the collections and indexes that the engine needs.
func Specs() []store.Spec {
	return []store.Spec{
		{Name: Deals, Shape: Deal{}, Indexes: []store.Index{
			{Name: "next", Fields: fields("nextAt"), Sparse: true},
			{Name: "owner", Fields: []store.Field{{Path: "owner"}, {Path: "kind"}, {Path: "openedAt", Desc: true}}},
			{Name: "status", Fields: []store.Field{{Path: "status"}, {Path: "openedAt", Desc: true}}},
		}},
		{Name: Papers, Shape: Paper{}},
		{Name: Segments, Shape: Segment{}},
		{Name: Standings, Shape: StandingRow{}, Indexes: []store.Index{
			{Name: "account", Fields: []store.Field{{Path: "account"}, {Path: "kind"}, {Path: "since", Desc: true}}},
		}},
		{Name: Entries, Shape: EntryRow{}, Indexes: []store.Index{{Name: "deal", Fields: fields("deal", "seq")}}},
		{Name: Awards, Shape: AwardRow{}},
		{Name: Orders, Shape: order.Order{}, Indexes: []store.Index{
			{Name: "buyer", Fields: []store.Field{{Path: "buyer"}, {Path: "createdAt", Desc: true}}},
			{Name: "seller", Fields: []store.Field{{Path: "seller"}, {Path: "createdAt", Desc: true}}},
			{Name: "buyer_escrow", Fields: fields("buyer", "escrow")},
			{Name: "seller_escrow", Fields: fields("seller", "escrow")},
			{Name: "next", Fields: fields("nextAt"), Sparse: true},
			{Name: "deal", Fields: fields("deal", "seq")},
		}},
		{Name: Holds, Shape: ledger.Hold{}, Indexes: []store.Index{{Name: "user", Fields: fields("user", "state")}}},
		{Name: Journal, Shape: JournalRow{}, Indexes: []store.Index{
			{Name: "user", Fields: []store.Field{{Path: "user"}, {Path: "at", Desc: true}}, Sparse: true},
			{Name: "other", Fields: []store.Field{{Path: "other"}, {Path: "at", Desc: true}}, Sparse: true},
		}},
		{Name: Balances, Shape: ledger.Balance{}},
		{Name: Keys, Shape: KeyRow{}, Indexes: []store.Index{{Name: "expires", Fields: fields("expires")}}},
		{Name: Outbox, Shape: OutboxRow{}, Indexes: []store.Index{{Name: "at", Fields: fields("at")}}},
		{Name: Lanes, Shape: LaneRow{}},
		{Name: Members, Shape: MemberRow{}},
	}
}

func fields(paths ...string) []store.Field {
	out := make([]store.Field, len(paths))
	for i, p := range paths {
		out[i] = store.Field{Path: p}
	}
	return out
}
