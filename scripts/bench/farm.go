package main

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// farms measures one, two and four processes that serve, each time with one worker, over MongoDB and Redis, in turn. What is
// compared comes first: until then all have the same past.
func (b *bench) farms(mongo string) ([]floor, error) {
	program := os.Getenv("HAGGLE_TEST_REDIS")
	if program == "" {
		fmt.Println("\nSKIPPED: several processes (HAGGLE_TEST_REDIS names no redis-server)")
		return nil, nil
	}
	fmt.Println("\nMongoDB and Redis, several processes:")
	redis, stop, err := b.server(program, "--bind", "127.0.0.1", "--dir", b.dir, "--save", "", "--appendonly", "no")
	if err != nil {
		return nil, err
	}
	defer stop()
	var farms []*market
	for _, n := range []int{1, 2, 4} {
		m, err := b.farm(mongo, redis, n)
		defer m.stop()
		if err != nil {
			return nil, err
		}
		farms = append(farms, m)
	}
	var floors []floor
	for _, row := range []struct {
		name string
		open trade
	}{{"hot group", hotGroup}, {"100 auctions", auctions(100)}} {
		more, err := b.inTurn(mongo, row.name, row.open, farms)
		if err != nil {
			return nil, err
		}
		floors = append(floors, more...)
	}
	for i, m := range farms[:2] {
		if err := alone(farms, m); err != nil {
			return nil, err
		}
		for _, row := range []struct {
			name string
			open trade
		}{{"one hot auction", hotAuction}, {"100 auctions", auctions(100)}, {"1,000 auctions", auctions(1000)}} {
			if _, err := b.measure(m, fmt.Sprintf("%s, %d processes", row.name, i+1), row.open); err != nil {
				return nil, err
			}
		}
	}
	return floors, nil
}

// farmRounds is how often each farm takes its turn: a turn scatters by more than they are to differ by.
const farmRounds = 9

// inTurn gives one load to each farm in turn, several times, and compares neighbours by the median of the ratios. Every other
// round goes backwards: what grows with time, such as the store, weighs on none of them more than on the others. All rounds
// trade in the same deals, and the first does not count. Before it everybody has come to each deal, and was told for the first
// time that he was outbid: else the mails of one turn would go out in the next.
func (b *bench) inTurn(mongo, name string, open trade, farms []*market) ([]floor, error) {
	offers := make([]offer, len(farms))
	var twoToOne, fourToTwo []float64
	for i := range farmRounds + 1 {
		rates := make([]float64, len(farms))
		for k := range farms {
			if i%2 == 0 {
				k = len(farms) - 1 - k
			}
			m := farms[k]
			if err := alone(farms, m); err != nil {
				return nil, err
			}
			if err := checkpoint(mongo); err != nil {
				return nil, err
			}
			if i == 0 {
				var err error
				if offers[k], err = begin(m, open); err != nil {
					return nil, err
				}
			}
			before := m.effort()
			f, err := load(fmt.Sprintf("%s, %d processes, round %d", name, len(m.addrs), i), b.each, offers[k].fill, m.addrs...)
			if err != nil {
				return nil, err
			}
			rates[k] = f.accepted
			after := m.effort()
			n := max(1, after.accepted-before.accepted)
			fmt.Printf("    %.0f us of the processes' CPU an entry, %.0f entries tried again\n", (after.cpu-before.cpu).Seconds()*1e6/n, after.retried-before.retried)
		}
		if i > 0 {
			twoToOne, fourToTwo = append(twoToOne, rates[1]/rates[0]), append(fourToTwo, rates[2]/rates[1])
		}
	}
	slices.Sort(twoToOne)
	slices.Sort(fourToTwo)
	return []floor{{"MongoDB, " + name + ": two processes / one", twoToOne[farmRounds/2], 0.9, true},
		{"MongoDB, " + name + ": four processes / two", fourToTwo[farmRounds/2], 0.9, true}}, nil
}

// begin opens something in a market, has everybody come to it, and waits until what follows from that is done.
func begin(m *market, open trade) (offer, error) {
	o, err := open(m)
	if err != nil || o.come == nil {
		return o, err
	}
	if err := some(o.n, o.come, m.addrs...); err != nil {
		return o, err
	}
	m.rest()
	return o, nil
}

// alone lets one market run while the others stand still: what follows from a load (mail, searching copies) goes on for a
// minute or two, and nobody is to pay for another's. It waits until the market takes up its lanes again.
func alone(all []*market, m *market) error {
	for _, other := range all {
		if other != m {
			other.signal(syscall.SIGSTOP)
		}
	}
	m.signal(syscall.SIGCONT)
	time.Sleep(leaseTicks)
	for began := time.Now(); time.Since(began) < restWhole; time.Sleep(restEvery) {
		if m.sharesLanes() {
			return nil
		}
	}
	return fmt.Errorf("%v do not share their lanes", m.addrs)
}

// sharesLanes says that the processes own all lanes, each about as many.
func (m *market) sharesLanes() bool {
	all, least := 0, math.MaxInt
	for _, addr := range m.addrs {
		n := int(metrics(addr)["haggle_lanes"])
		all, least = all+n, min(least, n)
	}
	return all == mongoLanes && least >= mongoLanes/len(m.addrs)
}

// signal sends every process of the market a signal.
func (m *market) signal(s syscall.Signal) {
	for _, pid := range m.pids {
		_ = syscall.Kill(pid, s)
	}
}

const (
	restEvery  = 500 * time.Millisecond
	restFor    = 2 * time.Second     // without work; mails go out once a second
	restWhole  = 2 * time.Minute     // once, before what is not to be measured beside what follows from a load
	leaseTicks = 3 * time.Second / 2 // after three looks at its leases a process that stood still knows what it owns
	mongoLanes = 2                   // of a site on MongoDB
)

// rest waits until what an earlier load left behind is done (searching copies and mail follow the trade): until the process
// takes as little as an idle one does and no mails go out, or the time is over.
func (m *market) rest() {
	mails := func() float64 { return metrics(m.addr)[`haggle_mails{state="waiting"}`] }
	began := time.Now()
	for cpu, waiting := m.effort().cpu, mails(); time.Since(began) < restWhole; {
		time.Sleep(restFor)
		cpuNow, waitingNow := m.effort().cpu, mails()
		if cpuNow-cpu < restFor/20*time.Duration(len(m.pids)) && waitingNow >= waiting {
			break
		}
		cpu, waiting = cpuNow, waitingNow
	}
	if took := time.Since(began); took > restFor+restEvery {
		fmt.Printf("    (%.1f s until the work behind the last load was done)\n", took.Seconds())
	}
}

// checkpoint has the database write down what it holds back, so that none of those that are compared pays for another's load.
func checkpoint(mongo string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, err := driver.Connect(options.Client().ApplyURI("mongodb://" + mongo + "/?directConnection=true"))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(ctx) }()
	return client.Database("admin").RunCommand(ctx, bson.D{{Key: "fsync", Value: 1}}).Err()
}

// farm starts n processes that serve and one worker over one database and one Redis, and waits until they share the lanes.
// They share the machine's processors, too, as README tells operators.
func (b *bench) farm(mongo, redis string, n int) (*market, error) {
	name := fmt.Sprintf("farm-%d", n)
	env := append(onMongo(mongo, name), fmt.Sprintf("HAGGLE_REDIS=redis://%s/%d", redis, n), fmt.Sprintf("GOMAXPROCS=%d", max(1, runtime.NumCPU()/n)))
	m := &market{stop: func() {}}
	for i := range n {
		if err := m.join(b, "web", fmt.Sprintf("%s-%d", name, i), env...); err != nil {
			return m, err
		}
	}
	if err := m.join(b, "worker", name+"-worker", env...); err != nil {
		return m, err
	}
	if err := m.signUp(); err != nil {
		return m, err
	}
	time.Sleep(3 * time.Second)
	return m, nil
}

// effort is what a market's processes have done since they began.
type effort struct {
	cpu               time.Duration
	accepted, retried float64
}

func (m *market) effort() (e effort) {
	for _, pid := range m.pids {
		e.cpu += cpuOf(pid)
	}
	for _, addr := range m.addrs {
		seen := metrics(addr)
		e.accepted += seen[`haggle_entries_total{verdict="accepted"}`]
		e.retried += seen["haggle_entries_retried_total"]
	}
	return e
}

// metrics are what a process says of itself, by name and labels; nothing where it does not answer.
func metrics(addr string) map[string]float64 {
	all := map[string]float64{}
	_, body, err := fasthttp.GetTimeout(nil, "http://"+addr+"/metrics", restEvery)
	if err != nil {
		return all
	}
	for lines := bufio.NewScanner(strings.NewReader(string(body))); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			all[name] = v
		}
	}
	return all
}

// cpuOf is a process's time in user and system mode, from /proc; zero where there is none.
func cpuOf(pid int) time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100 on Linux
}
