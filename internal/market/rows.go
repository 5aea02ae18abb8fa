package market

import (
	"time"

	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
)

// AccountRow is a person.
type AccountRow struct {
	ID        string    `bson:"_id"`
	Version   int64     `bson:"version"`
	EmailKey  string    `bson:"emailKey"` // unique
	Email     string    `bson:"email"`
	Name      string    `bson:"name"`
	Password  string    `bson:"password"` // PHC string
	Locale    string    `bson:"locale"`
	Role      string    `bson:"role"` // member, moderator, admin
	At        time.Time `bson:"at"`
	Addresses []Address `bson:"addresses,omitempty"`
	Notify    Notify    `bson:"notify"`
	Blocked   []string  `bson:"blocked,omitempty"`

	ConfirmedAt *time.Time `bson:"confirmedAt,omitempty"` // when the address was confirmed; absent: not yet
	NewEmail    string     `bson:"newEmail,omitempty"`    // takes the address's place once it is confirmed
}

// SessionRow is one signed-in device, or one personal access token: its id is the hash of the token.
type SessionRow struct {
	ID      string    `bson:"_id"`
	Account string    `bson:"account"`
	Kind    string    `bson:"kind"` // session, token
	Name    string    `bson:"name"` // browser, or the token's name
	Scopes  []string  `bson:"scopes,omitempty"`
	At      time.Time `bson:"at"`
	SeenAt  time.Time `bson:"seenAt"`
	Expires time.Time `bson:"expires"`
}

// used is when a token was used last, to within seenEvery; nil before its first use.
func (r SessionRow) used() *time.Time {
	if !r.SeenAt.After(r.At) {
		return nil
	}
	return &r.SeenAt
}

// IntentRow is a call to a payment gateway: stored before the call, closed with what followed from it.
type IntentRow struct {
	ID       string       `bson:"_id"`
	Version  int64        `bson:"version"`
	Account  string       `bson:"account"`
	Purpose  string       `bson:"purpose"` // deposit, withdrawal, pay:<order>, buy-now
	Order    string       `bson:"order,omitempty"`
	Amount   money.Amount `bson:"amount"`
	State    string       `bson:"state"` // open, succeeded, declined, failed, unknown, reversing, reversed
	Last4    string       `bson:"last4,omitempty"`
	At       time.Time    `bson:"at"`
	OpenAt   *time.Time   `bson:"openAt,omitempty"` // absent once closed; the index of the sweep
	Gateway  string       `bson:"gateway"`
	FailedAt *time.Time   `bson:"failedAt,omitempty"` // the gateway took it back later
}

// FeedbackRow is what one side of an order says of the other.
type FeedbackRow struct {
	ID      string           `bson:"_id"` // order and side
	Version int64            `bson:"version"`
	Order   string           `bson:"order"`
	Deal    string           `bson:"deal"`
	Title   string           `bson:"title"`
	From    string           `bson:"from"`
	To      string           `bson:"to"`
	Role    string           `bson:"role"` // of To
	Score   int              `bson:"score"`
	Details map[string]int64 `bson:"details,omitempty"`
	Comment string           `bson:"comment"`
	Amount  money.Amount     `bson:"amount"`
	Median  money.Amount     `bson:"median"` // of the site's orders when it was given
	Related bool             `bson:"related,omitempty"`
	Removed bool             `bson:"removed,omitempty"`
	At      time.Time        `bson:"at"`
	ShownAt time.Time        `bson:"shownAt"` // when it becomes visible
}

// Names of the collections that the market writes beside the engine's.
const (
	Accounts = "accounts"
	Sessions = "sessions"
	Photos   = "photos"
	Intents  = "intents"
	Feedback = "feedback"
)

// rows are the typed collections of the market.
type rows struct {
	accounts *store.Collection[AccountRow]
	sessions *store.Collection[SessionRow]
	photos   *store.Collection[PhotoRow]
	intents  *store.Collection[IntentRow]
	feedback *store.Collection[FeedbackRow]
	links    *store.Collection[LinkRow]
	passkeys *store.Collection[PasskeyRow]
	factors  *store.Collection[FactorRow]
	flows    *store.Collection[FlowRow]
	chances  *store.Collection[ChanceRow]
	mailRows
	noticeRows
	draftRows
}

func newRows(s store.Engine) *rows {
	return &rows{
		accounts: store.NewCollection[AccountRow](s, Accounts),
		sessions: store.NewCollection[SessionRow](s, Sessions),
		photos:   store.NewCollection[PhotoRow](s, Photos),
		intents:  store.NewCollection[IntentRow](s, Intents),
		feedback: store.NewCollection[FeedbackRow](s, Feedback),
		links:    store.NewCollection[LinkRow](s, Links),
		passkeys: store.NewCollection[PasskeyRow](s, Passkeys),
		factors:  store.NewCollection[FactorRow](s, Factors),
		flows:    store.NewCollection[FlowRow](s, Flows),
		chances:  store.NewCollection[ChanceRow](s, Chances),
		mailRows: newMailRows(s),

		noticeRows: newNoticeRows(s),
		draftRows:  newDraftRows(s),
	}
}

// Specs declares every collection and index of the site.
func Specs() []store.Spec {
	path := func(paths ...string) []store.Field {
		out := make([]store.Field, len(paths))
		for i, p := range paths {
			out[i] = store.Field{Path: p}
		}
		return out
	}
	return append(append(append(append(engine.Specs(), mailSpecs()...), noticeSpecs()...), draftSpecs()...),
		store.Spec{Name: Accounts, Shape: AccountRow{}, Indexes: []store.Index{{Name: "email", Fields: path("emailKey"), Unique: true}}},
		store.Spec{Name: Sessions, Shape: SessionRow{}, Indexes: []store.Index{{Name: "account", Fields: path("account", "kind", "at")}, {Name: "expires", Fields: path("expires")}}},
		store.Spec{Name: Photos, Shape: PhotoRow{}, Indexes: []store.Index{{Name: "loose", Fields: path("loose"), Sparse: true}}},
		store.Spec{Name: Intents, Shape: IntentRow{}, Indexes: []store.Index{{Name: "open", Fields: path("openAt"), Sparse: true}}},
		store.Spec{Name: Feedback, Shape: FeedbackRow{}, Indexes: []store.Index{{Name: "to", Fields: path("to", "at")}, {Name: "at", Fields: path("at")}}},
		store.Spec{Name: Links, Shape: LinkRow{}, Indexes: []store.Index{{Name: "account", Fields: path("account", "at")}}},
		store.Spec{Name: Passkeys, Shape: PasskeyRow{}, Indexes: []store.Index{{Name: "account", Fields: path("account", "at")}}},
		store.Spec{Name: Factors, Shape: FactorRow{}},
		chanceSpec(),
		store.Spec{Name: Flows, Shape: FlowRow{}, Indexes: []store.Index{{Name: "expires", Fields: path("expires")}}},
	)
}
