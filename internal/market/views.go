package market

import (
	"haggle/internal/deal"
	"haggle/internal/money"
)

// Page is one page of a list. Next is the cursor of the following one; absent on the last.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// SiteView is what a client must know of the site.
type SiteView struct {
	Name           string            `json:"name"`
	Currency       string            `json:"currency"`
	Exponent       int               `json:"exponent"`
	CashUnit       money.Amount      `json:"cashUnit"`
	Now            Time              `json:"now"`
	IncrementTable [][2]money.Amount `json:"incrementTable"`
	FeeBasisPoints int64             `json:"feeBasisPoints"`
	LogKey         string            `json:"logKey"`
	LogKeys        []LogKeyView      `json:"logKeys"`
	MinDuration    int64             `json:"minDurationSeconds"`
}

// LogKeyView is one key that log heads are signed with; the newest stands first.
type LogKeyView struct {
	ID   string `json:"id"`
	Key  string `json:"key"` // base64url
	From Time   `json:"from"`
}

// Named is a text in both languages.
type Named struct {
	En   string `json:"en"`
	ZhTW string `json:"zh-TW"`
}

// CategoryView is one node of the category tree.
type CategoryView struct {
	ID       string         `json:"id"`
	Name     Named          `json:"name"`
	Children []CategoryView `json:"children"`
}

// PersonView is a person as others see him: never his e-mail.
type PersonView struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Since      Time        `json:"since"`
	Reputation []ScoreView `json:"reputation,omitempty"`
}

// ScoreView is a reputation in one role.
type ScoreView struct {
	Role     string  `json:"role"` // seller, buyer, organiser, member
	Score    float64 `json:"score"`
	N        int64   `json:"n"`
	Positive int64   `json:"positive"`
	Neutral  int64   `json:"neutral"`
	Negative int64   `json:"negative"`
}

// ReputationView opens every score into the list of what was counted.
type ReputationView struct {
	User   string         `json:"user"`
	Now    Time           `json:"now"` // at which scores and weights are
	Scores []ScoreView    `json:"scores"`
	Items  []FeedbackView `json:"items"`
}

// FeedbackView is one visible feedback and how it counts.
type FeedbackView struct {
	ID      string           `json:"id"`
	Order   string           `json:"order,omitempty"` // only for its two sides
	Deal    string           `json:"deal"`
	Title   string           `json:"title"`
	From    string           `json:"from"`
	Role    string           `json:"role"` // in which the person was rated
	Score   int              `json:"score"`
	Details map[string]int64 `json:"details,omitempty"`
	Comment string           `json:"comment"`
	At      Time             `json:"at"`
	Counts  *Time            `json:"countsFrom,omitempty"` // its weight halves every year from then on
	Worth   float64          `json:"worth,omitempty"`      // its weight then, by the order's amount beside the site's usual one
	Weight  float64          `json:"weight"`               // now
	Why     string           `json:"why"`                  // code: counted, pair_week, related, removed
	Visible bool             `json:"visible"`
}

// PhotoView is a stored photo.
type PhotoView struct {
	ID         string        `json:"id"`
	URL        string        `json:"url"`
	Width      int           `json:"width"`
	Height     int           `json:"height"`
	Thumbnails []VariantView `json:"thumbnails"`
}

// VariantView is one size of a photo.
type VariantView struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// MeInDeal is what a reader knows of himself in a deal.
type MeInDeal struct {
	Pseudonym  string        `json:"pseudonym,omitempty"`
	Role       string        `json:"role"` // owner, member
	Active     bool          `json:"active"`
	Leading    *bool         `json:"leading,omitempty"`
	Maximum    *money.Amount `json:"maximum,omitempty"`
	Minimum    *money.Amount `json:"minimum,omitempty"` // my own least next maximum
	UnitPrice  *money.Amount `json:"unitPrice,omitempty"`
	Quantity   *int64        `json:"quantity,omitempty"`
	Tolerance  *int64        `json:"tolerance,omitempty"`
	Ceiling    *money.Amount `json:"ceiling,omitempty"`
	Rank       *int64        `json:"rank,omitempty"`
	Backup     bool          `json:"backup,omitempty"` // my bid stands as a backup when the winner does not pay
	Hold       *money.Amount `json:"hold,omitempty"`
	Reserve    *money.Amount `json:"reservePrice,omitempty"` // owner only
	NamedPrice *money.Amount `json:"namedPrice,omitempty"`   // owner only, hidden ones
	Floor      *money.Amount `json:"floor,omitempty"`        // owner only
	Secrets    []deal.Secret `json:"secrets,omitempty"`      // owner, with the 201 only
	Orders     []string      `json:"orders,omitempty"`

	SecondChance *SecondChanceView `json:"secondChance,omitempty"` // what is offered to me alone
}

// SecondChanceView is what a bidder may buy since the winner did not pay.
type SecondChanceView struct {
	Deal  string       `json:"deal"`
	URL   string       `json:"url"`
	Title string       `json:"title"`
	Price money.Amount `json:"price"` // that of the auction without the winner's bids
	Until Time         `json:"until"`
}

// AnsweredView answers what somebody said to a second chance.
type AnsweredView struct {
	Accepted bool       `json:"accepted"`
	Order    *OrderView `json:"order,omitempty"`
}

// DealView is a deal as one reader may see it.
type DealView struct {
	ID          string            `json:"id"`
	Kind        deal.Kind         `json:"kind"`
	Format      string            `json:"format,omitempty"`
	URL         string            `json:"url"`
	Status      deal.Status       `json:"status"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Category    string            `json:"category"`
	Condition   string            `json:"condition,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"`
	Photos      []PhotoView       `json:"photos"`
	Delivery    []string          `json:"delivery,omitempty"`
	Owner       PersonView        `json:"owner"`
	Currency    string            `json:"currency"`
	FeeBasis    int64             `json:"feeBasisPoints"`
	OpenedAt    Time              `json:"openedAt"`
	ClosesAt    *Time             `json:"closesAt,omitempty"`
	Now         Time              `json:"now"`
	Seq         int64             `json:"seq"` // of the newest log line
	Version     int64             `json:"-"`   // of the deal as stored; 0: unknown
	deal.Public
	Me      *MeInDeal    `json:"me,omitempty"`
	Outcome *OutcomeView `json:"outcome,omitempty"`
}

// OutcomeView is how a deal ended.
type OutcomeView struct {
	Result     deal.Result   `json:"result"`
	Reason     deal.Reason   `json:"reason,omitempty"`
	Tier       int64         `json:"tier,omitempty"`
	UnitPrice  *money.Amount `json:"unitPrice,omitempty"`
	Pieces     int64         `json:"pieces,omitempty"`
	Awards     []AwardView   `json:"awards"`
	AwardCount int64         `json:"awardCount"`
	Next       string        `json:"next,omitempty"`
}

// AwardView is one award. Order and Mine are there only for its two sides.
type AwardView struct {
	To        string       `json:"to"`
	Quantity  int64        `json:"quantity"`
	UnitPrice money.Amount `json:"unitPrice"`
	Total     money.Amount `json:"total"`
	Order     string       `json:"order,omitempty"`
	Mine      bool         `json:"mine,omitempty"`
}

// EntryView answers an accepted entry.
type EntryView struct {
	Receipt deal.Receipt `json:"receipt"`
	deal.Answer
	Order    *OrderView `json:"order,omitempty"` // buy-now, purchases, choice
	Replayed bool       `json:"-"`
}

// HistoryLine is one line of a deal's history for people, made from the public log.
type HistoryLine struct {
	Seq  int64         `json:"seq"`
	At   Time          `json:"at"`
	Who  string        `json:"who"`
	Kind deal.LineKind `json:"kind"`
	Body deal.Body     `json:"body"`
}

// OrderView is an order as one of its two sides sees it.
type OrderView struct {
	ID        string        `json:"id"`
	Deal      string        `json:"deal"`
	DealURL   string        `json:"dealUrl"`
	Kind      deal.Kind     `json:"kind"`
	Title     string        `json:"title"`
	Photo     *PhotoView    `json:"photo,omitempty"`
	Status    string        `json:"status"`
	Side      string        `json:"side"` // buyer or seller
	Buyer     PersonView    `json:"buyer"`
	Seller    PersonView    `json:"seller"`
	Quantity  int64         `json:"quantity"`
	UnitPrice money.Amount  `json:"unitPrice"`
	Total     money.Amount  `json:"total"` // what the buyer pays
	Refunded  money.Amount  `json:"refunded"`
	Fee       money.Amount  `json:"fee"` // taken, or expected at completion
	Shares    []ShareView   `json:"shares"`
	Timeline  []StepView    `json:"timeline"`
	Can       []string      `json:"can"`
	DueAt     *Time         `json:"dueAt,omitempty"`
	NextAt    *Time         `json:"nextAt,omitempty"` // when the site acts by itself
	ShipBy    *Time         `json:"shipBy,omitempty"` // paid and not shipped by then, the buyer may cancel it
	Tracking  string        `json:"tracking,omitempty"`
	CreatedAt Time          `json:"createdAt"`
	Feedback  *FeedbackMine `json:"feedback,omitempty"`
}

// ShareView is one part of what an order's total is made of.
type ShareView struct {
	Of     string       `json:"of"` // goods, fees
	Amount money.Amount `json:"amount"`
}

// StepView is one line of an order's timeline.
type StepView struct {
	At     Time         `json:"at"`
	Act    string       `json:"act"`
	By     string       `json:"by"` // buyer, seller, site, moderator
	Status string       `json:"status"`
	Reason string       `json:"reason,omitempty"`
	Amount money.Amount `json:"amount,omitempty"`
}

// FeedbackMine says what a side has rated and whether it still may.
type FeedbackMine struct {
	May     bool  `json:"may"`
	Given   *int  `json:"given,omitempty"`
	Theirs  *int  `json:"theirs,omitempty"` // once visible
	Visible bool  `json:"visible"`
	Until   *Time `json:"until,omitempty"`
}

// WalletView is a person's money.
type WalletView struct {
	Available money.Amount `json:"available"`
	Held      money.Amount `json:"held"`
	Escrow    money.Amount `json:"escrow"`   // paid into orders not yet completed
	Incoming  money.Amount `json:"incoming"` // what waits there for him
	Owing     bool         `json:"owing,omitempty"`
	Currency  string       `json:"currency"`
}

// WalletParts is the money that waits, by what it waits for: at most 50 parts of each.
type WalletParts struct {
	Held     []WalletPart `json:"held"`     // promised to deals
	Escrow   []WalletPart `json:"escrow"`   // paid into orders that are not completed
	Incoming []WalletPart `json:"incoming"` // what waits there for the person, less the fee
}

// WalletPart is one of them: of a deal, or of an order.
type WalletPart struct {
	Deal   string       `json:"deal"`
	Order  string       `json:"order,omitempty"`
	Kind   deal.Kind    `json:"kind"`
	Title  string       `json:"title"`
	Amount money.Amount `json:"amount"`
	Since  Time         `json:"since"`
	Until  *Time        `json:"until,omitempty"` // when the deal closes that holds it

	Pieces    int64        `json:"pieces,omitempty"`    // a hold for pieces: how many at most
	UnitPrice money.Amount `json:"unitPrice,omitempty"` // … at which price at most; what the amount is more are a group's fees
}

// WalletEntry is one journal line of a wallet.
type WalletEntry struct {
	ID        string       `json:"id"`
	At        Time         `json:"at"`
	Reason    string       `json:"reason"`
	Available money.Amount `json:"available"` // change
	Held      money.Amount `json:"held"`      // change
	Deal      string       `json:"deal,omitempty"`
	Order     string       `json:"order,omitempty"`
	Title     string       `json:"title,omitempty"`
}

// TransferView answers a deposit or a withdrawal.
type TransferView struct {
	ID     string       `json:"id"`
	Amount money.Amount `json:"amount"`
	Status string       `json:"status"` // succeeded, pending
	Wallet WalletView   `json:"wallet"`
}

// MeView is a person as he sees himself.
type MeView struct {
	ID    string `json:"id"`
	Email string `json:"email"`

	EmailConfirmed bool   `json:"emailConfirmed"`
	NewEmail       string `json:"newEmail,omitempty"` // takes the address's place once it is confirmed

	Name       string      `json:"name"`
	Locale     string      `json:"locale"`
	Role       string      `json:"role"` // member, moderator, admin
	Since      Time        `json:"since"`
	Addresses  []Address   `json:"addresses"`
	Notify     Notify      `json:"notifications"`
	Reputation []ScoreView `json:"reputation"`
}

// Address is where things are sent.
type Address struct {
	Name  string `json:"name" bson:"name"`
	Phone string `json:"phone,omitempty" bson:"phone,omitempty"`
	Text  string `json:"text" bson:"text"`
}

// Notify are a person's choices of what he is told by mail.
type Notify struct {
	Outbid bool `json:"outbid" bson:"outbid"`
	Won    bool `json:"won" bson:"won"`
	Orders bool `json:"orders" bson:"orders"`

	Quotes *bool `json:"quotes,omitempty" bson:"quotes,omitempty"` // absent in a change: stays; in an account: yes

	Choices *Choices `json:"choices,omitempty" bson:"choices,omitempty"` // absent in a change: stay; in an account: as the table of tellings has it
}

// SessionView is one signed-in device.
type SessionView struct {
	ID        string `json:"id"`
	Agent     string `json:"agent"`
	CreatedAt Time   `json:"createdAt"`
	SeenAt    Time   `json:"seenAt"`
	ExpiresAt Time   `json:"expiresAt"`
	Current   bool   `json:"current"`
}

// TokenView is one personal access token; Token is shown once, at its making.
type TokenView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Scopes    []string `json:"scopes"`
	CreatedAt Time     `json:"createdAt"`
	ExpiresAt Time     `json:"expiresAt"`
	UsedAt    *Time    `json:"usedAt,omitempty" doc:"Last use, to within ten minutes; absent before the first."`
	Token     string   `json:"token,omitempty"`
}

// Grant answers a registration or a sign-in.
type Grant struct {
	ID        string `json:"id"`
	Token     string `json:"token"`
	ExpiresAt Time   `json:"expiresAt"`
}

// SearchView is a page of deals found.
type SearchView struct {
	Items  []DealView                  `json:"items"`
	Facets map[string]map[string]int64 `json:"facets"`
	Total  int64                       `json:"total"`
	Next   string                      `json:"next,omitempty"`
	Stale  bool                        `json:"stale,omitempty"` // search was down: the list comes from the store
	Loose  bool                        `json:"loose,omitempty"` // nothing has even most of the words: these have some

	Answer  int64 `json:"-"` // equal ones have equal facets; 0: unknown
	Listing int64 `json:"-"` // equal ones have equal items, but for what the reader has in them; 0: unknown
	Own     bool  `json:"-"` // the reader has something in some item
}
