package market

import "time"

// LinkRow says that somebody's account at another site signs in to his account here. Issuer and subject alone find it.
type LinkRow struct {
	ID       string    `bson:"_id"` // hash of issuer and subject
	Account  string    `bson:"account"`
	Provider string    `bson:"provider"`
	Issuer   string    `bson:"issuer"`
	Subject  string    `bson:"subject"`
	Email    string    `bson:"email"` // as the provider told it then, to tell links apart
	At       time.Time `bson:"at"`
}

// PasskeyRow is one passkey.
type PasskeyRow struct {
	ID      string    `bson:"_id"` // as the browser names it
	Account string    `bson:"account"`
	Name    string    `bson:"name"`
	Record  []byte    `bson:"record"`
	At      time.Time `bson:"at"`
	UsedAt  time.Time `bson:"usedAt"`
}

// FactorRow is a person's second factor: codes that his telephone shows.
type FactorRow struct {
	ID       string    `bson:"_id"` // the account
	Version  int64     `bson:"version"`
	Secret   string    `bson:"secret"`   // sealed
	On       bool      `bson:"on"`       // a first code was right
	Step     int64     `bson:"step"`     // of the last code that was taken
	Recovery []string  `bson:"recovery"` // hashes of the codes that are left
	Misses   int       `bson:"misses"`   // wrong codes in a row
	MissedAt time.Time `bson:"missedAt"`
	At       time.Time `bson:"at"`
}

// FlowRow is something begun that one answer ends, within minutes: used once, in the browser that began it.
type FlowRow struct {
	ID       string    `bson:"_id"` // hash of what comes back
	Kind     string    `bson:"kind"`
	Browser  string    `bson:"browser"`            // hash of what the browser holds
	Account  string    `bson:"account,omitempty"`  // whose it is, where somebody is known
	Provider string    `bson:"provider,omitempty"` // the other site
	Secret   string    `bson:"secret,omitempty"`   // sealed: nonce and verifier
	State    []byte    `bson:"state,omitempty"`    // of a passkey's ceremony
	Issuer   string    `bson:"issuer,omitempty"`   // who signed in there
	Subject  string    `bson:"subject,omitempty"`
	Email    string    `bson:"email,omitempty"`
	Verified bool      `bson:"verified,omitempty"`
	Name     string    `bson:"name,omitempty"`
	Next     string    `bson:"next,omitempty"` // where the reader was going
	Expires  time.Time `bson:"expires"`
}

// Names of the collections of the ways to sign in.
const (
	Links    = "links"
	Passkeys = "passkeys"
	Factors  = "factors"
	Flows    = "flows"
)
