package demo

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"haggle/internal/market"
)

const (
	day    = 24 * time.Hour
	hour   = time.Hour
	minute = time.Minute
	second = time.Second
)

// scene is something that somebody does at a time.
type scene struct {
	at time.Time
	n  int // scenes of one time are played in order of being written
	of string
	do func(context.Context) error
}

// scenes are a heap: the earliest first.
type scenes []scene

func (s scenes) Len() int           { return len(s) }
func (s scenes) Less(i, j int) bool { return cmp.Or(s[i].at.Compare(s[j].at), s[i].n-s[j].n) < 0 }
func (s scenes) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *scenes) Push(x any)        { *s = append(*s, x.(scene)) }
func (s *scenes) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// play is one filling of the market: scenes in order of time, each of which may add later ones. What would come after
// the present is left to whoever visits the market.
type play struct {
	Deps
	end    time.Time // the present
	now    time.Time // of the scene that is played
	doing  string
	queue  scenes
	count  int
	lots   int
	actors map[who]market.Actor
	album  *album
	words  *words
}

func newPlay(d Deps, end time.Time) *play {
	return &play{Deps: d, end: end, now: end.Add(-history), doing: "registering", actors: map[who]market.Actor{}, album: newAlbum(d.Market), words: newWords()}
}

// run plays everything: people come, their deals are written into the queue, then the queue is played to its end.
func (p *play) run(ctx context.Context) error {
	if err := p.register(ctx); err != nil {
		return err
	}
	p.write()
	ctx, stop := context.WithCancel(ctx)
	defer p.album.wait()
	defer stop()
	p.album.start(ctx)
	for p.queue.Len() > 0 {
		s := heap.Pop(&p.queue).(scene)
		if s.at.After(p.end) {
			continue
		}
		p.now, p.doing = s.at, s.of
		p.Clock.Set(s.at)
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s before the present: %w", p.end.Sub(s.at).Round(time.Minute), err)
		}
	}
	p.doing = "signing out"
	p.Clock.Reset()
	return p.signOut(ctx)
}

// write puts every deal of the script into the queue.
func (p *play) write() {
	for _, a := range auctions {
		p.auction(a)
	}
	for _, l := range listings {
		p.listing(l)
	}
	for _, r := range requests {
		p.request(r)
	}
	for _, g := range groups {
		p.group(g)
	}
}

// at adds a scene.
func (p *play) at(t time.Time, of string, do func(context.Context) error) {
	p.count++
	heap.Push(&p.queue, scene{at: t, n: p.count, of: of, do: do})
}

// after adds a scene some time after the present one.
func (p *play) after(d time.Duration, of string, do func(context.Context) error) {
	p.at(p.now.Add(d), of, do)
}

// within is a random time from least to most, always the same for the same source.
func within(r *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(r.Int64N(int64(most-least)))
}
