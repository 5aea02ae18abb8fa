package market

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"time"

	"haggle/internal/blob"
	"haggle/internal/blob/photo"
	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/identity/passkey"
	"haggle/internal/live"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/pay"
	"haggle/internal/recent"
	"haggle/internal/search"
	"haggle/internal/store"
)

// Limiter counts tries; see package limit.
type Limiter interface {
	Allow(ctx context.Context, key string, n int, per time.Duration) (ok bool, retryAfter time.Duration)
}

// Config is what a market is made of.
type Config struct {
	Name        string
	URL         string // what people type, without a slash at the end
	Currency    money.Currency
	FeeBasis    int64 // basis points of the total, taken at completion
	MinDuration time.Duration
	LogKey      ed25519.PrivateKey
	LogKeyFrom  time.Time

	Store   store.Engine
	Engine  *engine.Engine
	Gateway pay.Gateway
	Blobs   blob.Store
	Hasher  *identity.Hasher
	Search  search.Index
	Live    *live.Hub
	Limiter Limiter // nil: no limits

	Secret    identity.Secret // seals second factors
	Providers []Provider      // other sites to sign in with, in the order of their buttons
	Passkeys  *passkey.Site   // nil: the site's address cannot have any

	Push                Pusher // nil: nothing goes to devices
	MailKey             []byte // signs the links in mails; nil: one of this process alone
	RequireConfirmation bool   // who has not confirmed his address may not trade

	Calendar order.Calendar // holidays, for the clocks of orders; the engine's, too

	Clock  func() time.Time
	Logger *slog.Logger
}

// Market is the use cases over one store. Make one with New.
type Market struct {
	cfg    Config
	eng    *engine.Engine
	rows   *rows
	guard  *guard
	photos *photo.Processor
	actors *recall[Actor]
	names  *recall[PersonView]
	blocks *recall[[]string] // by account: whom it has blocked
	owners *recall[string]   // by deal
	shelf  *shelf
	finder *finder
	own    *recent.Cache[ownKey, ownPlace]
	listed *listed
	unread *unread

	watched *recall[[]string] // by account: the deals on his list
	members *recall[string]   // by deal and pseudonym: whose it is
	arrived *arrivals

	histories *recent.Cache[historyKey, history]
}

// New makes a market. The store must have its collections (Specs).
func New(cfg Config) *Market {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.MailKey == nil {
		cfg.MailKey = []byte(rand.Text())
	}
	return &Market{cfg: cfg, eng: cfg.Engine, rows: newRows(cfg.Store), guard: newGuard(), photos: photo.New(),
		actors: newRecall[Actor](), names: newRecall[PersonView](), blocks: newRecall[[]string](), owners: newRecall[string](),
		shelf: newShelf(cfg.Engine.DealsByID), finder: newFinder(cfg.Search), own: newOwn(), listed: newListed(), unread: newUnread(), watched: newRecall[[]string](), members: newRecall[string](), arrived: newArrivals(), histories: newHistories()}
}

// Engine is the engine under the market, for workers and checks.
func (m *Market) Engine() *engine.Engine { return m.eng }

// Now is the market's clock: UTC, whole milliseconds.
func (m *Market) Now() time.Time { return deal.Millis(m.cfg.Clock()) }

// Site tells a client what it must know of the site.
func (m *Market) Site() SiteView {
	key := m.cfg.LogKey.Public().(ed25519.PublicKey)
	k := LogKeyView{ID: hex.EncodeToString(key[:4]), Key: base64.RawURLEncoding.EncodeToString(key), From: At(m.cfg.LogKeyFrom)}
	return SiteView{Name: m.cfg.Name, Currency: m.cfg.Currency.Code, Exponent: m.cfg.Currency.Exponent, CashUnit: m.cfg.Currency.CashUnit,
		Now: At(m.Now()), IncrementTable: m.cfg.Currency.Increments(), FeeBasisPoints: m.cfg.FeeBasis,
		LogKey: k.Key, LogKeys: []LogKeyView{k}, MinDuration: int64(m.cfg.MinDuration / time.Second)}
}

// Currency is the site's currency.
func (m *Market) Currency() money.Currency { return m.cfg.Currency }

// Scopes of personal access tokens. A session may do everything.
const (
	ScopeRead   = "read"   // see what the account sees
	ScopeTrade  = "trade"  // open deals and enter them, move orders
	ScopeWallet = "wallet" // move money in and out
)

// moderates says whether the actor may act for the site.
func (a Actor) moderates() bool { return a.Role == "moderator" || a.Role == "admin" }

// writeLimit is how many writes a person may make in a minute.
const writeLimit = 120

func (m *Market) limited(ctx context.Context, key string, n int, per time.Duration) error {
	if m.cfg.Limiter == nil {
		return nil
	}
	ok, wait := m.cfg.Limiter.Allow(ctx, key, n, per)
	if ok {
		return nil
	}
	return fault.New(fault.CodeRateLimited, fault.Params{"retryAfter": int64((wait + time.Second - 1) / time.Second)})
}
