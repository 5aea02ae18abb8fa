package rows

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Deal is a row of deals.
type Deal struct {
	ID       string     `bson:"_id"`
	Version  int64      `bson:"version"`
	Kind     string     `bson:"kind"`
	Status   string     `bson:"status"`
	Owner    string     `bson:"owner"`
	ClosesAt *time.Time `bson:"closesAt"`
	NextAt   *time.Time `bson:"nextAt"`
	Seq      int64      `bson:"seq"`
	Hash     string     `bson:"hash"`
	Entered  int64      `bson:"entered"`
	State    bson.Raw   `bson:"state"`
	Decision *Decision  `bson:"decision"`
}

// Decision is how a deal ended.
type Decision struct {
	Result    string `bson:"result"`
	Tier      int64  `bson:"tier"`
	UnitPrice int64  `bson:"unitPrice"`
	Pieces    int64  `bson:"pieces"`
	Awards    int64  `bson:"awards"`
}

// Final says that the deal is over.
func (d Deal) Final() bool {
	return d.Status == "settled" || d.Status == "failed" || d.Status == "cancelled"
}

// Paper is a row of particulars.
type Paper struct {
	ID    string   `bson:"_id"`
	Terms bson.Raw `bson:"terms"`
}

// Segment is a row of segments: the lines of one commit.
type Segment struct {
	ID    string   `bson:"_id"`
	Deal  string   `bson:"deal"`
	From  int64    `bson:"from"`
	To    int64    `bson:"to"`
	Lines [][]byte `bson:"lines"`
}

// Standing is a row of standings.
type Standing struct {
	ID        string   `bson:"_id"`
	Deal      string   `bson:"deal"`
	Account   string   `bson:"account"`
	Pseudonym string   `bson:"pseudonym"`
	Seq       int64    `bson:"seq"`
	Active    bool     `bson:"active"`
	Hold      int64    `bson:"hold"`
	Values    bson.Raw `bson:"values"`
}

// Entry is a row of entries.
type Entry struct {
	ID      string `bson:"_id"`
	Deal    string `bson:"deal"`
	Account string `bson:"account"`
	Seq     int64  `bson:"seq"`
	Act     string `bson:"act"`
}

// Award is a row of awards.
type Award struct {
	ID        string `bson:"_id"`
	Deal      string `bson:"deal"`
	Rank      int64  `bson:"rank"`
	To        string `bson:"to"`
	Account   string `bson:"account"`
	Quantity  int64  `bson:"quantity"`
	UnitPrice int64  `bson:"unitPrice"`
	Total     int64  `bson:"total"`
	Order     string `bson:"order"`
}

// Order is a row of orders.
type Order struct {
	ID        string `bson:"_id"`
	Deal      string `bson:"deal"`
	Kind      string `bson:"kind"`
	Seq       int64  `bson:"seq"`
	Buyer     string `bson:"buyer"`
	Seller    string `bson:"seller"`
	Quantity  int64  `bson:"quantity"`
	UnitPrice int64  `bson:"unitPrice"`
	Fees      int64  `bson:"fees"`
	Total     int64  `bson:"total"`
	Refunded  int64  `bson:"refunded"`
	FeeTaken  int64  `bson:"feeTaken"`
	Status    string `bson:"status"`
	Escrow    bool   `bson:"escrow"`
}

// Hold is a row of holds.
type Hold struct {
	ID     string `bson:"_id"`
	User   string `bson:"user"`
	Deal   string `bson:"deal"`
	Amount int64  `bson:"amount"`
	State  string `bson:"state"`
}

// Transfer is a row of the journal of money.
type Transfer struct {
	ID       string    `bson:"_id"`
	Intent   string    `bson:"intent"`
	At       time.Time `bson:"at"`
	Postings []Posting `bson:"postings"`
}

// Posting is one side of a transfer, in minor units.
type Posting struct {
	Account string `bson:"account"`
	Amount  int64  `bson:"amount"`
}

// Balance is a row of balances.
type Balance struct {
	User      string `bson:"_id"`
	Available int64  `bson:"available"`
	Held      int64  `bson:"held"`
	Owing     bool   `bson:"owing"`
}

// Key is a row of keys: the answer that is kept under one.
type Key struct {
	ID     string   `bson:"_id"`
	Answer bson.Raw `bson:"answer"`
}

// Outbox is a row of the outbox.
type Outbox struct {
	ID string    `bson:"_id"`
	At time.Time `bson:"at"`
}

// Intent is a row of intents: a call to the gateway.
type Intent struct {
	ID      string     `bson:"_id"`
	Account string     `bson:"account"`
	Purpose string     `bson:"purpose"`
	Amount  int64      `bson:"amount"`
	State   string     `bson:"state"`
	At      time.Time  `bson:"at"`
	OpenAt  *time.Time `bson:"openAt"`
}

// Charge is a record of the sandbox gateway's own book.
type Charge struct {
	Intent  string    `bson:"_id"`
	Act     string    `bson:"act"`
	Of      string    `bson:"of"`
	Amount  int64     `bson:"amount"`
	Purpose string    `bson:"purpose"`
	State   string    `bson:"state"`
	FailsAt time.Time `bson:"failsAt"`
}
