package testenv

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is the URL of a real Redis server for this test alone, empty.
func Redis(t testing.TB) (url string) {
	t.Helper()
	return OwnRedis(t).URL
}

// OwnRedis is a real Redis server for this test alone, to be killed and started again. It keeps nothing on disk, so a
// restart finds it empty.
func OwnRedis(t testing.TB) *Server {
	t.Helper()
	path := program(t, "redis", "HAGGLE_TEST_REDIS", "redis-server")
	s := &Server{
		args: func(s *Server) []string {
			s.URL = fmt.Sprintf("redis://127.0.0.1:%d/0", s.port)
			return []string{path, "--bind", "127.0.0.1", "--port", strconv.Itoa(s.port), "--dir", s.Dir, "--save", "", "--appendonly", "no"}
		},
		ready: ping,
	}
	if err := s.launch(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.discard)
	return s
}

func ping(s *Server) error {
	opts, err := redis.ParseURL(s.URL)
	if err != nil {
		return err
	}
	opts.MaxRetries, opts.DialerRetries = -1, 1
	client := redis.NewClient(opts)
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return client.Ping(ctx).Err()
}
