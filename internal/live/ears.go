package live

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// ears are the parts that this process listens to: those of the topics that have readers here, and some that had.
type ears struct {
	mu      sync.Mutex
	parts   [parts]ear
	changed chan struct{} // holds a sign while one is wanted that is not joined
	news    chan struct{} // closed when one is heard; then there is another
}

type ear struct {
	topics int       // that are read here
	left   time.Time // when the last of them was given up
	joined bool      // asked for, on the present connection
	heard  time.Time // since when its events arrive; zero: they do not
}

// idle says that nobody has read anything of the part for a while.
func (e *ear) idle(now time.Time) bool { return e.topics == 0 && now.Sub(e.left) >= leaveIn }

func newEars() *ears { return &ears{changed: make(chan struct{}, 1), news: make(chan struct{})} }

// want notes one more topic of a part.
func (e *ears) want(part int) {
	e.mu.Lock()
	e.parts[part].topics++
	known := e.parts[part].joined
	e.mu.Unlock()
	if !known {
		select {
		case e.changed <- struct{}{}:
		default:
		}
	}
}

// leave notes that a topic of a part has no reader any more.
func (e *ears) leave(part int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.parts[part].topics--
	e.parts[part].left = time.Now()
}

// since is when the events of a part began to arrive; zero: they do not.
func (e *ears) since(part int) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.parts[part].heard
}

// await waits until the events of a part arrive, but not for long.
func (e *ears) await(part int, atMost time.Duration) {
	late := time.After(atMost)
	for {
		e.mu.Lock()
		heard, news := !e.parts[part].heard.IsZero(), e.news
		e.mu.Unlock()
		if heard {
			return
		}
		select {
		case <-news:
		case <-late:
			return
		}
	}
}

// follow joins on a connection what is wanted, and leaves what is not, until it is ended or ctx is; then nothing is heard.
func (e *ears) follow(ctx context.Context, sub *redis.PubSub) (end func()) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(leaveIn)
		defer tick.Stop()
		for {
			join, leave := e.turn(time.Now())
			if len(join) > 0 {
				_ = sub.Subscribe(ctx, join...) // a connection that fails is noticed by who reads it
			}
			if len(leave) > 0 {
				_ = sub.Unsubscribe(ctx, leave...)
			}
			select {
			case <-e.changed:
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		stop()
		<-done
		e.deafen()
	}
}

// turn decides what to join and what to leave now.
func (e *ears) turn(now time.Time) (join, leave []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.parts {
		switch p := &e.parts[i]; {
		case !p.joined && p.topics > 0:
			p.joined = true
			join = append(join, partChannel(i))
		case p.joined && p.idle(now):
			p.joined, p.heard = false, time.Time{}
			leave = append(leave, partChannel(i))
		}
	}
	return join, leave
}

// answered takes Redis's word that a part was joined.
func (e *ears) answered(s *redis.Subscription) {
	if s.Kind != "subscribe" {
		return
	}
	i, err := strconv.Atoi(strings.TrimPrefix(s.Channel, channel+":"))
	if err != nil || i < 0 || i >= parts {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.parts[i].joined && e.parts[i].heard.IsZero() {
		e.parts[i].heard = time.Now()
		close(e.news)
		e.news = make(chan struct{})
	}
}

// deafen notes that the connection is lost.
func (e *ears) deafen() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.parts {
		e.parts[i].joined, e.parts[i].heard = false, time.Time{}
	}
}
