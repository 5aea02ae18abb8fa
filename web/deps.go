package web

import (
	"context"
	"io"
	"log/slog"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// Market is what the pages ask of the market: *market.Market has all of it. See there for what each answers.
type Market interface {
	accounts
	waysIn
	deals
	acts
	orders
	wallets
	mails
	blocks
	notices
	unsent
}

// unsent is what people have typed and not sent yet.
type unsent interface {
	TryListing(ctx context.Context, a market.Actor, in market.ListingInput) (market.DealView, error)
	TryRequest(ctx context.Context, a market.Actor, in market.RequestInput) (market.DealView, error)
	TryGroup(ctx context.Context, a market.Actor, in market.GroupInput) (market.DealView, error)
	Photos(ctx context.Context, ids []string) ([]market.PhotoView, error)
	Drafts(ctx context.Context, a market.Actor) ([]market.DraftView, error)
	Draft(ctx context.Context, a market.Actor, id string) (market.DraftView, error)
	SaveDraft(ctx context.Context, a market.Actor, in market.DraftInput) (market.DraftView, error)
	DeleteDraft(ctx context.Context, a market.Actor, id string) error
	KeepForm(ctx context.Context, account, from string, f market.KeptForm) (ticket string, err error)
	KeptForm(ctx context.Context, a market.Actor, ticket string) (market.KeptForm, error)
	DropForm(ctx context.Context, a market.Actor, ticket string) error
}

type notices interface {
	Unread(ctx context.Context, a market.Actor) (int64, error)
	Notices(ctx context.Context, a market.Actor, limit int, cursor string) (market.NoticesView, error)
	NoticesSince(ctx context.Context, a market.Actor, since time.Time) (market.NoticesView, error)
	Notice(ctx context.Context, a market.Actor, id string) (market.NoticeView, error)
	ReadNotices(ctx context.Context, a market.Actor, in market.ReadNoticesInput) (market.UnreadView, error)
	WatchNotices(a market.Actor) (*market.NoticeFeed, error)
	Alive(ctx context.Context, a market.Actor) bool
	messages
	watchlists
	devices
}

type devices interface {
	Devices(ctx context.Context, a market.Actor) (market.DevicesView, error)
	AddDevice(ctx context.Context, a market.Actor, in market.DeviceInput) (market.DeviceView, error)
	DropDevice(ctx context.Context, a market.Actor, id string) error
}

type watchlists interface {
	WatchDeal(ctx context.Context, a market.Actor, in market.WatchInput) (market.WatchView, error)
	UnwatchDeal(ctx context.Context, a market.Actor, deal string) error
	Watches(ctx context.Context, a market.Actor, deal string) (bool, error)
	Watchlist(ctx context.Context, a market.Actor, limit int, cursor string) (market.Page[market.DealView], error)
	SavedSearches(ctx context.Context, a market.Actor) ([]market.SavedView, error)
	SavedSearch(ctx context.Context, a market.Actor, id string) (market.SavedView, error)
	SaveSearch(ctx context.Context, a market.Actor, k market.Key, in market.SavedInput) (market.SavedView, bool, error)
	DropSearch(ctx context.Context, a market.Actor, id string) error
}

type messages interface {
	Threads(ctx context.Context, a market.Actor, limit int, cursor string) (market.Page[market.ThreadView], error)
	Thread(ctx context.Context, a market.Actor, id string, limit int, cursor string) (market.MessagesView, error)
	ThreadAbout(ctx context.Context, a market.Actor, deal, order string) (thread string, to market.PersonView, title string, err error)
	SendMessage(ctx context.Context, a market.Actor, k market.Key, in market.MessageInput) (market.MessageView, bool, error)
	ReadThread(ctx context.Context, a market.Actor, id string) error
	HideThread(ctx context.Context, a market.Actor, id string) error
	UploadMessagePhoto(ctx context.Context, a market.Actor, r io.Reader) (market.PhotoView, error)
	OpenMessagePhoto(ctx context.Context, a market.Actor, thread, id, variant string) (io.ReadCloser, string, int64, error)
}

type blocks interface {
	BlockPerson(ctx context.Context, a market.Actor, id string) error
	UnblockPerson(ctx context.Context, a market.Actor, id string) error
	Blocked(ctx context.Context, a market.Actor) ([]market.PersonView, error)
	Blocks(ctx context.Context, a market.Actor, id string) (bool, error)
}

type mails interface {
	ConfirmLink(ctx context.Context, token string) (address string, err error)
	ConfirmEmail(ctx context.Context, in market.MailedToken) error
	ResendConfirmation(ctx context.Context, a market.Actor) error
	ChangeEmail(ctx context.Context, a market.Actor, in market.EmailInput) error
	ForgotPassword(ctx context.Context, in market.ForgottenInput) error
	ResetLink(ctx context.Context, token string) (address string, err error)
	ResetPassword(ctx context.Context, in market.NewPasswordInput) error
	CheckMailOff(account, kind, signature string) error
	MailOff(ctx context.Context, account, kind, signature string) error
}

type accounts interface {
	Register(ctx context.Context, in market.RegisterInput) (market.Grant, error)
	SignIn(ctx context.Context, in market.SignInInput) (market.Grant, error)
	Authenticate(ctx context.Context, token string) (market.Actor, error)
	SignOut(ctx context.Context, a market.Actor) error
	Sessions(ctx context.Context, a market.Actor) ([]market.SessionView, error)
	RevokeSession(ctx context.Context, a market.Actor, id string) error
	Tokens(ctx context.Context, a market.Actor) ([]market.TokenView, error)
	CreateToken(ctx context.Context, a market.Actor, in market.TokenInput) (market.TokenView, error)
	RevokeToken(ctx context.Context, a market.Actor, id string) error
	Me(ctx context.Context, a market.Actor) (market.MeView, error)
	UpdateMe(ctx context.Context, a market.Actor, in market.MePatch) (market.MeView, error)
	Person(ctx context.Context, id string) (market.PersonView, error)
	Reputation(ctx context.Context, a market.Actor, user string) (market.ReputationView, error)
}

type deals interface {
	Site() market.SiteView
	Categories() []market.CategoryView
	Deal(ctx context.Context, a market.Actor, id string) (market.DealView, error)
	List(ctx context.Context, a market.Actor, in market.SearchInput) (market.SearchView, error)
	Mine(ctx context.Context, a market.Actor, what, cursor string) (market.Page[market.DealView], error)
	OpenDeals(ctx context.Context, most int) ([]market.MapEntry, error)
	History(ctx context.Context, deal string, limit int) ([]market.HistoryLine, error)
	OpenListing(ctx context.Context, a market.Actor, k market.Key, in market.ListingInput) (market.DealView, bool, error)
	OpenRequest(ctx context.Context, a market.Actor, k market.Key, in market.RequestInput) (market.DealView, bool, error)
	OpenGroup(ctx context.Context, a market.Actor, k market.Key, in market.GroupInput) (market.DealView, bool, error)
	UploadPhoto(ctx context.Context, a market.Actor, r io.Reader) (market.PhotoView, error)
	OpenPhoto(ctx context.Context, id, variant string) (io.ReadCloser, string, int64, error)
}

type acts interface {
	PlaceBid(ctx context.Context, a market.Actor, k market.Key, deal string, in market.BidInput) (market.EntryView, error)
	Buy(ctx context.Context, a market.Actor, k market.Key, deal string, in market.PurchaseInput) (market.EntryView, error)
	SubmitQuote(ctx context.Context, a market.Actor, k market.Key, deal string, in market.QuoteInput) (market.EntryView, error)
	AwardRequest(ctx context.Context, a market.Actor, k market.Key, deal string, in market.AwardInput) (market.EntryView, error)
	Pledge(ctx context.Context, a market.Actor, k market.Key, deal string, in market.PledgeInput) (market.EntryView, error)
	Withdraw(ctx context.Context, a market.Actor, k market.Key, deal string, in market.ReasonInput) (market.EntryView, error)
	Retract(ctx context.Context, a market.Actor, k market.Key, deal string, in market.ReasonInput) (market.EntryView, error)
	CancelBids(ctx context.Context, a market.Actor, k market.Key, deal string, in market.ReasonInput) (market.EntryView, error)
	EndEarly(ctx context.Context, a market.Actor, k market.Key, deal string, in market.ReasonInput) (market.EntryView, error)
	CancelDeal(ctx context.Context, a market.Actor, k market.Key, deal string, in market.ReasonInput) (market.EntryView, error)
	AnswerChance(ctx context.Context, a market.Actor, k market.Key, deal string, in market.ChanceInput) (market.AnsweredView, bool, error)
	SecondChances(ctx context.Context, a market.Actor) ([]market.SecondChanceView, error)
	Preview(ctx context.Context, a market.Actor, deal string, in market.PreviewInput) (deal.Preview, error)
}

type orders interface {
	Orders(ctx context.Context, a market.Actor, side string, limit int, cursor string) (market.Page[market.OrderView], error)
	Order(ctx context.Context, a market.Actor, id string) (market.OrderView, error)
	StepOrder(ctx context.Context, a market.Actor, k market.Key, id, act string, in market.OrderInput) (market.OrderView, bool, error)
	LeaveFeedback(ctx context.Context, a market.Actor, k market.Key, order string, in market.FeedbackInput) (market.FeedbackView, bool, error)
}

type wallets interface {
	Wallet(ctx context.Context, a market.Actor) (market.WalletView, error)
	Free(ctx context.Context, a market.Actor) (money.Amount, error)
	WalletParts(ctx context.Context, a market.Actor) (market.WalletParts, error)
	WalletEntries(ctx context.Context, a market.Actor, limit int, cursor string) (market.Page[market.WalletEntry], error)
	Deposit(ctx context.Context, a market.Actor, k market.Key, in market.DepositInput) (market.TransferView, bool, error)
	WithdrawMoney(ctx context.Context, a market.Actor, k market.Key, in market.WithdrawalInput) (market.TransferView, bool, error)
}

// Limiter counts tries under a key: at most n per length of time.
type Limiter interface {
	Allow(ctx context.Context, key string, n int, per time.Duration) (ok bool, retryAfter time.Duration)
}

// Deps is what the pages are made of.
type Deps struct {
	Market   Market
	URL      string // what people type, without a slash at the end; https makes cookies Secure
	Currency money.Currency
	Zone     *time.Location // in which times are shown; nil: Asia/Taipei
	FormKey  []byte         // signs the tokens of forms; at least 32 bytes, the same in every process
	Sandbox  bool           // the payment gateway is the sandbox: pages name its test cards
	Texts    Texts          // the operator's own terms and privacy texts
	Operator string         // who runs the site, as those texts name him; empty: not said
	Contact  string         // where he is reached
	Limiter  Limiter        // by address, for signing in and up; nil: no limits
	Now      func() time.Time
	Logger   *slog.Logger

	act   func(ctx context.Context, name string) (context.Context, func(error)) // see tracing.act
	ended <-chan struct{}                                                       // closed when the process stops: streams end; nil: never
	down  func(ctx context.Context, err error)                                  // see outages.note; nil: nobody
}

// Taipei is where the site's readers live; it has no summer time.
var Taipei = time.FixedZone("Asia/Taipei", 8*60*60)

var taipei = Taipei

func (d Deps) withDefaults() Deps {
	if d.Zone == nil {
		d.Zone = taipei
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	if d.act == nil {
		d.act = tracing{}.act
	}
	return d
}
