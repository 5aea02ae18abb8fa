package redisconn

import (
	"errors"

	"github.com/redis/go-redis/v9"
)

// errAddress does not repeat the address: it may hold a password.
var errAddress = errors.New("redis: the address is not redis://, rediss:// or unix://")

// Dial makes a client of a server that need not answer yet: everything that Redis does for us can wait.
func Dial(url string) (*Conn, error) {
	opt, err := redis.ParseURL(url)
	if err != nil {
		return nil, errAddress
	}
	c := &Conn{stop: make(chan struct{})}
	c.client(opt)
	return c, nil
}
