package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"haggle/internal/mail/smtp"
	"haggle/internal/market"
	"haggle/internal/redisconn"
	"haggle/internal/search/meili"
	"haggle/internal/store/mongo"
)

// longestLifetime is how long, in seconds, the database may keep what a dead process left open, and everybody who waits
// behind it.
const longestLifetime = 10

// lookAtSet looks at MongoDB's replica set.
func lookAtSet(ctx context.Context, m *mongo.Engine) finding {
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	l, err := m.Look(ctx)
	switch {
	case err != nil:
		return wrong("replicas", "the set does not answer", "look at its log")
	case l.Lifetime > longestLifetime:
		return should("replicas", fmt.Sprintf("%s ends a dead process's transaction only after %d s", l.Set, l.Lifetime),
			"start mongod with --setParameter transactionLifetimeLimitSeconds=5")
	case len(l.Members) < 3:
		return should("replicas", fmt.Sprintf("%s has %d member(s): what is acknowledged is lost with its disk, and the site stands while it is down", l.Set, len(l.Members)),
			"run three")
	}
	return well("replicas", "%s has %d members of MongoDB %s, a majority acknowledges", l.Set, len(l.Members), l.Version)
}

// lookAtRedis looks at the queue's server.
func (c *doctor) lookAtRedis(ctx context.Context) finding {
	if c.Redis == "" {
		if !c.Embedded() {
			return should("redis", "embedded: every process counts limits for itself and hears of others' changes after two seconds", "set --redis")
		}
		return well("redis", "embedded")
	}
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	conn, err := redisconn.Open(ctx, c.Redis)
	if err != nil {
		return wrong("redis", "does not answer", "look at --redis; the site trades on without it, closings may be two seconds late")
	}
	defer conn.Close()
	version := field(conn.Info(ctx, "server").Val(), "redis_version")
	if policy := conn.ConfigGet(ctx, "maxmemory-policy").Val()["maxmemory-policy"]; policy != "" && policy != "noeviction" {
		return should("redis", "answers, but forgets tasks when it is full ("+policy+")", "set maxmemory-policy noeviction")
	}
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err == nil && (major < 6 || major == 6 && minor < 2) {
		return should("redis", "answers, but is of version "+version, "run 6.2 or newer")
	}
	return well("redis", "answers, version %s", version)
}

// field finds a line of Redis's INFO.
func field(info, name string) string {
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// searchFor bounds comparing the search copy with the store.
const searchFor = time.Minute

// lookAtSearch compares the search copy with the store. An embedded one belongs to the running server, which holds it
// against the store when it starts.
func (c *doctor) lookAtSearch(ctx context.Context, b *books) finding {
	if c.Meili == "" {
		return well("search", "embedded")
	}
	ctx, cancel := context.WithTimeout(ctx, searchFor)
	defer cancel()
	index := meili.New(c.Meili, c.MeiliKey, indexName)
	defer index.Close()
	if index.Ready(ctx) != nil {
		return wrong("search", "does not answer, or has no copy yet", "look at --meili and --meili-key; `haggle reindex` makes the copy. Lists come from the store meanwhile")
	}
	if b == nil {
		return well("search", "answers")
	}
	diff, err := market.New(market.Config{Store: b.store, Engine: b.engine, Currency: b.currency, Search: index, Clock: time.Now}).CheckIndex(ctx)
	switch {
	case err != nil:
		return wrong("search", "cannot be compared with the store", "try again")
	case !diff.Clean():
		return should("search", fmt.Sprintf("differs from the store: %d missing, %d that should not be there, %d out of date", len(diff.Missing), len(diff.Extra), len(diff.Stale)),
			"`haggle reindex`, unless they are changes of this very moment")
	}
	return well("search", "is whole")
}

// lookAtMail connects to the mail server and signs in; nothing is sent.
func (c *doctor) lookAtMail(ctx context.Context) finding {
	if c.Mail == "dev" {
		if !c.Private() {
			return should("mail", "stays here, at /dev/mail, which this machine alone shows", "set --mail and --mail-from")
		}
		return well("mail", "stays here, at /dev/mail")
	}
	s, err := smtp.Open(c.Mail, c.MailFrom)
	if err != nil {
		return wrong("mail", err.Error(), "look at --mail and --mail-from")
	}
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		return wrong("mail", "the server does not let us in: "+withoutSecrets(err, c.Mail), "look at --mail")
	}
	return well("mail", "its server lets us in")
}

// withoutSecrets is an error's text unless it repeats the password of an address.
func withoutSecrets(err error, address string) string {
	u, parseErr := url.Parse(address)
	if parseErr != nil {
		return "its address is none"
	}
	if password, given := u.User.Password(); given && password != "" && strings.Contains(err.Error(), password) {
		return "it refuses"
	}
	return err.Error()
}

// lookAtAdvertise looks whether others could reach this process where it says.
func (c *doctor) lookAtAdvertise(ctx context.Context) finding {
	if c.Embedded() {
		return well("advertise", "one process")
	}
	address, err := c.Reachable(c.Listen)
	if err != nil {
		return wrong("advertise", err.Error(), "set --advertise to the host:port of this machine")
	}
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return should("advertise", "nobody answers at "+address+" now", "start the process; if it runs, set --advertise to where others reach it")
	}
	_ = conn.Close()
	return well("advertise", "%s answers from here", address)
}

// lookAtTraces looks whether somebody takes traces.
func (c *doctor) lookAtTraces(ctx context.Context) finding {
	if c.Traces == "" {
		return well("traces", "are not made")
	}
	u, err := url.Parse(c.Traces)
	if err == nil {
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		ctx, cancel := context.WithTimeout(ctx, probeFor)
		defer cancel()
		var conn net.Conn
		if conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port)); err == nil {
			_ = conn.Close()
		}
	}
	if err != nil {
		return should("traces", "the collector does not answer", "look at --traces; the site works without it")
	}
	return well("traces", "go to %s", u.Host)
}
