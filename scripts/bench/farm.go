package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// farmRounds is how often each of those that are compared takes its turn.
const farmRounds = 5

// farms measures one, two and four processes over MongoDB, in turn.
func (b *bench) farms(mongo string) ([]floor, error) {
	fmt.Println("\nMongoDB, several processes:")
	var farms []*market
	for _, n := range []int{1, 2, 4} {
		m, err := b.farm(mongo, n)
		if err != nil {
			return nil, err
		}
		defer m.stop()
		farms = append(farms, m)
	}
	for i, m := range farms[:2] {
		if err := alone(farms, m); err != nil {
			return nil, err
		}
		for _, row := range []struct {
			name string
			run  func(*market, string) (figure, error)
		}{{"one hot auction", b.hotAuction}, {"100 auctions", b.manyAuctions}, {"1,000 auctions", b.thousandAuctions}} {
			if _, err := row.run(m, fmt.Sprintf("%s, %d processes", row.name, i+1)); err != nil {
				return nil, err
			}
		}
	}
	var floors []floor
	for _, row := range []struct {
		name string
		run  func(*market, string) (figure, error)
	}{{"hot group", b.hotGroup}, {"100 auctions", b.manyAuctions}} {
		more, err := inTurn(row.name, row.run, farms)
		if err != nil {
			return nil, err
		}
		floors = append(floors, more...)
	}
	return floors, nil
}

// inTurn gives one load to each farm in turn, several times, and compares neighbours by the median of the ratios.
func inTurn(name string, run func(*market, string) (figure, error), farms []*market) ([]floor, error) {
	twoToOne, fourToTwo := make([]float64, farmRounds), make([]float64, farmRounds)
	for i := range farmRounds {
		rates := make([]float64, len(farms))
		for k, m := range farms {
			if err := alone(farms, m); err != nil {
				return nil, err
			}
			before := m.effort()
			f, err := run(m, fmt.Sprintf("%s, %d processes, round %d", name, len(m.addrs), i+1))
			if err != nil {
				return nil, err
			}
			rates[k] = f.accepted
			after := m.effort()
			n := max(1, after.accepted-before.accepted)
			fmt.Printf("    %.0f us of the processes' CPU an entry, %.0f entries tried again\n", (after.cpu-before.cpu).Seconds()*1e6/n, after.retried-before.retried)
		}
		twoToOne[i], fourToTwo[i] = rates[1]/rates[0], rates[2]/rates[1]
	}
	slices.Sort(twoToOne)
	slices.Sort(fourToTwo)
	return []floor{{"MongoDB, " + name + ": two processes / one", twoToOne[farmRounds/2], 0.9, true},
		{"MongoDB, " + name + ": four processes / two", fourToTwo[farmRounds/2], 0.9, true}}, nil
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
	time.Sleep(leaseFor)
	for began := time.Now(); time.Since(began) < restWhole; time.Sleep(restEvery) {
		if m.sharesLanes() {
			time.Sleep(restEvery)
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
	restFor    = 2 * time.Second // without work; mails go out once a second
	restWhole  = 2 * time.Minute // once, before what is not to be measured beside what follows from a load
	leaseFor   = 2 * time.Second // of a lane; whoever stood still longer has lost his
	mongoLanes = 2               // of a site on MongoDB
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

// farm starts n processes over one database, and waits until they share the lanes.
func (b *bench) farm(mongo string, n int) (*market, error) {
	name := fmt.Sprintf("farm-%d", n)
	m, err := b.haggle(name, 256, onMongo(mongo, name)...)
	if err != nil {
		return nil, err
	}
	for i := 1; i < n; i++ {
		addr, err := freeAddr()
		if err != nil {
			return m, err
		}
		cmd := exec.Command(b.bin, "serve")
		cmd.Env = append(os.Environ(), "HAGGLE_DATA="+filepath.Join(b.dir, fmt.Sprintf("%s-%d", name, i)), "HAGGLE_LISTEN="+addr, "HAGGLE_LIMITS=off")
		cmd.Env = append(cmd.Env, onMongo(mongo, name)...)
		stop, err := b.child(cmd, addr)
		if err != nil {
			return m, err
		}
		before := m.stop
		m.stop = func() { stop(); before() }
		m.addrs, m.pids = append(m.addrs, addr), append(m.pids, cmd.Process.Pid)
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
