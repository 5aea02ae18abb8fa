package market

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"haggle/internal/engine"
	"haggle/internal/store"
)

// ThreadRow is what two people write to each other about one deal. Nobody else sees it. Its id is made of the three.
type ThreadRow struct {
	ID      string    `bson:"_id"`
	Version int64     `bson:"version"`
	Deal    string    `bson:"deal"`
	Title   string    `bson:"title"`
	People  []string  `bson:"people"` // the two, in order of their ids
	Seq     int64     `bson:"seq"`    // of the last message
	At      time.Time `bson:"at"`     // of the last message
}

// BoxRow is a thread in the list of one of its people.
type BoxRow struct {
	ID      string    `bson:"_id"` // thread and account
	Account string    `bson:"account"`
	Thread  string    `bson:"thread"`
	Other   string    `bson:"other"`
	Deal    string    `bson:"deal"`
	Title   string    `bson:"title"`
	At      time.Time `bson:"at"`
	Unread  int64     `bson:"unread"` // messages
	Last    string    `bson:"last"`   // how the last message begins
	Mine    bool      `bson:"mine"`   // the last message is one's own
	Hidden  bool      `bson:"hidden,omitempty"`
}

// MessageRow is one message.
type MessageRow struct {
	ID     string         `bson:"_id"` // thread and seq
	Thread string         `bson:"thread"`
	Seq    int64          `bson:"seq"`
	From   string         `bson:"from"`
	Text   string         `bson:"text"`
	Photos []engine.Photo `bson:"photos,omitempty"`
	At     time.Time      `bson:"at"`
}

// MessagePhotoRow is a photo that is sent, or about to be. Its id is random; only the two people of its thread reach it.
type MessagePhotoRow struct {
	ID      string             `bson:"_id"`
	Version int64              `bson:"version"`
	Owner   string             `bson:"owner"`
	Thread  string             `bson:"thread,omitempty"` // absent: not sent yet
	Sizes   []engine.PhotoSize `bson:"sizes"`
	At      time.Time          `bson:"at"`
	Expires *time.Time         `bson:"expires,omitempty"` // absent once it is sent
}

// Names of the collections of messages beside Threads and Messages.
const (
	Boxes         = "thread_boxes"
	MessagePhotos = "message_photos"
)

type messageRows struct {
	threads  *store.Collection[ThreadRow]
	boxes    *store.Collection[BoxRow]
	messages *store.Collection[MessageRow]
	pictures *store.Collection[MessagePhotoRow]
}

func newMessageRows(s store.Engine) messageRows {
	return messageRows{
		threads:  store.NewCollection[ThreadRow](s, Threads),
		boxes:    store.NewCollection[BoxRow](s, Boxes),
		messages: store.NewCollection[MessageRow](s, Messages),
		pictures: store.NewCollection[MessagePhotoRow](s, MessagePhotos),
	}
}

func messageSpecs() []store.Spec {
	field := func(path string) store.Field { return store.Field{Path: path} }
	return []store.Spec{
		{Name: Threads, Shape: ThreadRow{}},
		{Name: Boxes, Shape: BoxRow{}, Indexes: []store.Index{{Name: "account", Fields: []store.Field{field("account"), field("at")}}}},
		{Name: Messages, Shape: MessageRow{}, Indexes: []store.Index{{Name: "thread", Fields: []store.Field{field("thread"), field("seq")}}}},
		{Name: MessagePhotos, Shape: MessagePhotoRow{}, Indexes: []store.Index{{Name: "expires", Fields: []store.Field{field("expires")}, Sparse: true}}},
	}
}

// threadID is the thread of two people about a deal.
func threadID(deal, one, other string) string {
	if one > other {
		one, other = other, one
	}
	sum := sha256.Sum256([]byte("haggle thread 1\n" + deal + "\n" + one + "\n" + other))
	return "m" + hex.EncodeToString(sum[:12])
}

func boxID(thread, account string) string { return thread + ":" + account }

// other is the other one of a thread.
func (t ThreadRow) other(account string) string {
	if t.People[0] == account {
		return t.People[1]
	}
	return t.People[0]
}
