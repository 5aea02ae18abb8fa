package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"haggle/internal/engine"
	"haggle/internal/market"
	"haggle/internal/peer"
	"haggle/internal/queue"
	"haggle/web"
)

// metrics are what the process tells Prometheus.
type metrics struct {
	registry *prometheus.Registry
	commits  prometheus.Counter
	entries  *prometheus.CounterVec
	batch    prometheus.Histogram
	late     prometheus.Histogram
	retried  prometheus.Counter
	http     *prometheus.HistogramVec
	store    *prometheus.HistogramVec
	forwards *prometheus.CounterVec
	findings prometheus.Gauge
	checked  prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		commits:  prometheus.NewCounter(prometheus.CounterOpts{Name: "haggle_commits_total", Help: "Commits of entries and closings."}),
		entries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "haggle_entries_total", Help: "Entries decided, by verdict."},
			[]string{"verdict"}),
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "haggle_commit_items", Help: "Entries and closings in one commit.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 9)}),
		late: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "haggle_closing_lateness_seconds", Help: "How long after its deadline a deal was decided.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2, 5, 30, 300}}),
	}
	m.retried = prometheus.NewCounter(prometheus.CounterOpts{Name: "haggle_entries_retried_total", Help: "Entries tried again because their commit did not happen."})
	m.http = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "haggle_http_seconds", Help: "How long answers took, by route and class of status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"method", "route", "status"})
	m.store = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "haggle_store_seconds", Help: "How long calls of the store took.",
		Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5}}, []string{"call"})
	m.forwards = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "haggle_forwards_total", Help: "Batches of entries sent to the process that owns their lane, by what came of it."},
		[]string{"result"})
	m.findings = prometheus.NewGauge(prometheus.GaugeOpts{Name: "haggle_ledger_findings", Help: "What the last check of the books found wrong; 0: they balance."})
	m.checked = prometheus.NewGauge(prometheus.GaugeOpts{Name: "haggle_ledger_checked_timestamp_seconds", Help: "When this process last checked the books, Unix time; 0: never, another process does."})
	m.registry.MustRegister(m.forwards, m.findings, m.checked, m.http, m.store, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.commits, m.entries, m.batch, m.late, m.retried)
	return m
}

// observe is the engine's hook.
func (m *metrics) observe(c engine.Commit) {
	if c.Retried > 0 {
		m.retried.Add(float64(c.Retried))
		return
	}
	m.commits.Inc()
	m.batch.Observe(float64(c.Items))
	m.entries.WithLabelValues("accepted").Add(float64(c.Accepted))
	m.entries.WithLabelValues("refused").Add(float64(c.Refused))
	for _, late := range c.Late {
		m.late.Observe(late.Seconds())
	}
}

// forwarded counts an exchange with another process.
func (m *metrics) forwarded(err error) {
	result := "answered"
	switch {
	case errors.Is(err, peer.ErrAway):
		result = "away"
	case err != nil:
		result = "unanswered"
	}
	m.forwards.WithLabelValues(result).Inc()
}

// answered is the server's hook. Methods that nobody knows are one, so that strangers make no series.
func (m *metrics) answered(a web.Answered) {
	method := a.Method
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		method = "other"
	}
	m.http.WithLabelValues(method, a.Route, strconv.Itoa(a.Status/100)+"xx").Observe(a.Took.Seconds())
}

// handler serves the metrics, with those that are asked for at that moment.
func (m *metrics) handler(h *house) http.Handler {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "haggle_outbox_age_seconds", Help: "Age of the oldest change that was not told."}, h.outboxAge),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "haggle_live_readers", Help: "Open event streams."},
			func() float64 { return float64(h.hub.Readers()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "haggle_lanes", Help: "Lanes that this process decides."},
			func() float64 { return float64(h.engine.OwnedLanes()) }),
		depths{h.queue}, mailMeter{h.market})
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

const scrapeBound = 2 * time.Second

// outboxAge is zero when nothing waits; so it is when the store does not answer, which is another metric's to tell.
func (h *house) outboxAge() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeBound)
	defer cancel()
	rows, err := h.engine.OutboxRows(ctx, 1)
	if err != nil || len(rows) == 0 {
		return 0
	}
	return max(0, h.engine.Now().Sub(rows[0].At).Seconds())
}

var depthDesc = prometheus.NewDesc("haggle_queue_tasks", "Tasks in the queue.", []string{"queue", "state"}, nil)

// depths collects how full the queues are; nothing where Redis does not answer.
type depths struct{ meter queue.Meter }

func (d depths) Describe(ch chan<- *prometheus.Desc) { ch <- depthDesc }

func (d depths) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeBound)
	defer cancel()
	found, err := d.meter.Depths(ctx)
	if err != nil {
		return
	}
	for name, x := range found {
		for state, n := range map[string]int{"pending": x.Pending, "active": x.Active, "scheduled": x.Scheduled, "retry": x.Retry, "archived": x.Archived} {
			ch <- prometheus.MustNewConstMetric(depthDesc, prometheus.GaugeValue, float64(n), string(name), state)
		}
	}
}

var mailDesc = prometheus.NewDesc("haggle_mails", "Mails that wait to be sent, and that no server takes.", []string{"state"}, nil)

// mailMeter collects how many mails wait and failed; nothing where the store does not answer.
type mailMeter struct{ market *market.Market }

func (m mailMeter) Describe(ch chan<- *prometheus.Desc) { ch <- mailDesc }

func (m mailMeter) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeBound)
	defer cancel()
	t, err := m.market.MailTally(ctx)
	if err != nil {
		return
	}
	ch <- prometheus.MustNewConstMetric(mailDesc, prometheus.GaugeValue, float64(t.Waiting), market.MailWaiting)
	ch <- prometheus.MustNewConstMetric(mailDesc, prometheus.GaugeValue, float64(t.Failed), market.MailFailed)
}
