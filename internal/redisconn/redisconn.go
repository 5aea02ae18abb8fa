// Package redisconn opens the one Redis client of a process, which queue, live and limit share: a real server, or one
// inside the process that needs no installation and no port.
package redisconn

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// tick is how exact expiry is in the embedded server: a key lives up to one tick too long or too short.
const tick = time.Second

// Conn is a client and, when the server is embedded, the server.
type Conn struct {
	redis.UniversalClient
	embedded *miniredis.Miniredis
	stop     chan struct{}
	once     sync.Once
}

// Open connects to url (`redis://`, `rediss://` or `unix://`) and waits for the server's answer; empty means an
// embedded server, which forgets everything when the process ends.
func Open(ctx context.Context, url string) (*Conn, error) {
	if url == "" {
		return embed(ctx)
	}
	opt, err := redis.ParseURL(url)
	if err != nil {
		return nil, errAddress
	}
	return connect(ctx, &Conn{stop: make(chan struct{})}, opt)
}

// Embedded says whether the server lives in this process.
func (c *Conn) Embedded() bool { return c.embedded != nil }

// Close ends the client and an embedded server. Closing again does nothing.
func (c *Conn) Close() (err error) {
	c.once.Do(func() {
		err = c.UniversalClient.Close()
		close(c.stop)
		if c.embedded != nil {
			c.embedded.Close()
		}
	})
	return err
}

func embed(ctx context.Context) (*Conn, error) {
	c := &Conn{embedded: miniredis.NewMiniRedis(), stop: make(chan struct{})}
	go c.age()
	dial := func(context.Context, string, string) (net.Conn, error) { return c.embedded.Dial() }
	return connect(ctx, c, &redis.Options{Addr: "embedded", Dialer: dial})
}

// age lets the embedded server's keys expire: it has no clock of its own.
func (c *Conn) age() {
	t := time.NewTicker(tick)
	defer t.Stop()
	last := time.Now()
	for {
		select {
		case <-c.stop:
			return
		case now := <-t.C:
			c.embedded.FastForward(now.Sub(last))
			last = now
		}
	}
}

// connect makes the client and waits for the server's answer.
func connect(ctx context.Context, c *Conn, opt *redis.Options) (*Conn, error) {
	c.client(opt)
	if err := c.Ping(ctx).Err(); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("redis at %s does not answer: %w", opt.Addr, err)
	}
	return c, nil
}

// client makes a client that fails fast: what Redis does for us can wait or be done without it.
func (c *Conn) client(opt *redis.Options) {
	opt.DialTimeout = time.Second
	opt.DialerRetries = 1
	opt.MaxRetries = 1
	opt.ContextTimeoutEnabled = true
	opt.DisableIdentity = true
	opt.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	c.UniversalClient = redis.NewClient(opt)
}
