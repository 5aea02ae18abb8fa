package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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
			rest(farms, restMost)
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

const (
	restEvery = 500 * time.Millisecond
	restMost  = 10 * time.Second // between farms: thirty of them wait in a round
	restWhole = time.Minute      // once, before what is not to be measured beside it
)

// rest waits until what an earlier load left behind is done (searching copies and mail follow the trade), so that no farm
// pays for another's: until each process takes as little as an idle one does, or the time is over.
func rest(farms []*market, most time.Duration) {
	used := func() (sum time.Duration) {
		for _, m := range farms {
			sum += m.effort().cpu
		}
		return sum
	}
	var processes time.Duration
	for _, m := range farms {
		processes += time.Duration(len(m.pids))
	}
	began := time.Now()
	for last := used(); time.Since(began) < most; {
		time.Sleep(restEvery)
		now := used()
		if now-last < restEvery/20*processes {
			break
		}
		last = now
	}
	if took := time.Since(began); took > 2*restEvery {
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
		_, body, err := fasthttp.Get(nil, "http://"+addr+"/metrics")
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(strings.NewReader(string(body))); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), " ")
			v, _ := strconv.ParseFloat(value, 64)
			switch name {
			case `haggle_entries_total{verdict="accepted"}`:
				e.accepted += v
			case "haggle_entries_retried_total":
				e.retried += v
			}
		}
	}
	return e
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
