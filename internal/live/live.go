// Package live tells those who watch a deal what just changed, in this process and, over Redis, in all others.
//
// It is best effort: an event may be lost, a slow reader sees only the newest of several. So an event carries the whole
// public state and its place in the log (Seq); a reader who missed some has lost nothing he needs, and one who needs
// every line reads the log. Publishing never blocks and never fails the caller.
//
// A reader holds at most one event that he has not read yet. A page that wants at most ten frames a second simply waits
// a tenth of a second after each: what happens meanwhile arrives as its newest.
//
// Most callers need two functions: [Hub].Publish and [Hub].Subscribe.
package live

import (
	"hash/fnv"
	"io"
	"strconv"
	"time"
)

// Event is one piece of news about a topic.
type Event struct {
	Seq  int64  // rises within a topic; what is not newer than the last event is dropped. One event per Seq
	Kind string // "state", "entry", "closed"
	Data []byte // shared between readers: not to be changed
}

// Bounds of a hub.
const (
	MaxSubscribers = 20_000 // readers in one process
	maxUnsent      = 4_096  // topics that wait to be told to other processes
	maxMessage     = 64_000 // bytes of several events told at once
)

// Topics are spread over the parts of a channel, so that a process hears only of those near what its readers read: most of
// what happens on a site is watched in few processes.
const (
	channel  = "haggle:live:3"        // of which every process hears that it is heard
	parts    = 16                     // each a channel of its own
	leaveIn  = 30 * time.Second       // after the last reader
	joinWait = 250 * time.Millisecond // at most, for the answer to a subscription
)

// part is where a topic's events go.
func part(topic string) int {
	h := fnv.New32a()
	_, _ = io.WriteString(h, topic)
	return int(h.Sum32() % parts)
}

func partChannel(part int) string { return channel + ":" + strconv.Itoa(part) }
