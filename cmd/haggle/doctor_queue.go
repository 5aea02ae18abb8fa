package main

import (
	"context"
	"fmt"
)

// lookAtQueue says how much waits in the queue, and what lies dead there.
func (c *doctor) lookAtQueue(ctx context.Context) finding {
	if c.Redis == "" {
		return well("queue", "inside of the server")
	}
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	q, closeQueue, err := openQueue(ctx, c.Redis)
	if err != nil {
		return should("queue", "Redis does not answer", "jobs are done without it meanwhile")
	}
	defer closeQueue()
	found, err := deadTasks(ctx, q)
	if err != nil {
		return should("queue", "does not answer", "jobs are done without it meanwhile")
	}
	if n := len(found.Dead); n > 0 {
		return should("queue", fmt.Sprintf("%d tasks failed for good, the last one %s: %s", n, found.Dead[0].Kind, found.Dead[0].Why),
			"mend the cause; they are run again every five minutes, or now by haggle tasks --retry")
	}
	depths, err := q.Depths(ctx)
	if err != nil {
		return should("queue", "does not answer", "jobs are done without it meanwhile")
	}
	waiting := 0
	for _, d := range depths {
		waiting += d.Pending + d.Scheduled + d.Retry
	}
	return well("queue", "%d tasks wait, none failed for good", waiting)
}
