package blob_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"haggle/internal/blob"
	"haggle/internal/fault"
)

const keyID, secretKey = "AKIAHAGGLE", "a secret that no log may hold"

// service is an S3 server that holds every signature against its one key.
type service struct {
	*httptest.Server
	down   atomic.Bool   // answers 503
	sleeps atomic.Int64  // nanoseconds before each answer
	asked  atomic.Int64  // requests
	kind   atomic.Value  // Content-Type of the last PUT
	stop   chan struct{} // ends sleeps
}

// newService starts one with a bucket `photos`; the environment gets its keys.
func newService(t *testing.T) *service {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", keyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	t.Setenv("AWS_CONFIG_FILE", "/nowhere")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
	backend := s3mem.New()
	if err := backend.CreateBucket("photos"); err != nil {
		t.Fatal(err)
	}
	fake := gofakes3.New(backend).Server()
	s := &service{stop: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		select {
		case <-time.After(time.Duration(s.sleeps.Load())):
		case <-s.stop:
		}
		switch {
		case s.down.Load():
			w.WriteHeader(http.StatusServiceUnavailable)
		case !signedWell(t, r):
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code></Error>`))
		default:
			if r.Method == http.MethodPut {
				s.kind.Store(r.Header.Get("Content-Type"))
			}
			fake.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(s.stop) })
	return s
}

// signedWell signs a copy of the request anew and holds it against the one that came.
func signedWell(t *testing.T, r *http.Request) bool {
	came := r.Header.Get("Authorization")
	_, rest, _ := strings.Cut(came, "SignedHeaders=")
	names, _, _ := strings.Cut(rest, ",")
	copied, err := http.NewRequest(r.Method, "http://"+r.Host+r.URL.RequestURI(), nil)
	if err != nil {
		t.Error(err)
		return false
	}
	for _, name := range strings.Split(names, ";") {
		switch name {
		case "host":
		case "content-length":
			copied.ContentLength = r.ContentLength
		default:
			copied.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		return false
	}
	err = v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).SignHTTP(context.Background(),
		aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secretKey}, copied, r.Header.Get("X-Amz-Content-Sha256"), "s3", "eu-central-1", at)
	return err == nil && copied.Header.Get("Authorization") == came
}

// open opens a bucket of the service.
func (s *service) open(t *testing.T, bucket string) *blob.Bucket {
	t.Helper()
	b, err := blob.At(t.Context(), "s3://"+bucket+"?region=eu-central-1&endpoint="+s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// refusedAsDown holds an error against the promise that a bucket which is down is unavailable, and tells no secret.
func refusedAsDown(t *testing.T, what string, err error) {
	t.Helper()
	if !fault.Is(err, fault.CodeUnavailable) {
		t.Errorf("%s: %v, want unavailable", what, err)
	}
	if err != nil && strings.Contains(err.Error(), secretKey) {
		t.Errorf("%s tells the secret: %v", what, err)
	}
}

// everyCall makes each call that asks the bucket something.
func everyCall(t *testing.T, b *blob.Bucket, check func(*testing.T, string, error)) {
	t.Helper()
	check(t, "put", b.Put(t.Context(), "a.jpg", []byte("x")))
	_, err := b.Get(t.Context(), "a.jpg")
	check(t, "get", err)
	_, err = b.Exists(t.Context(), "a.jpg")
	check(t, "exists", err)
	check(t, "delete", b.Delete(t.Context(), "a.jpg"))
	check(t, "each", b.Each(t.Context(), func(string, []byte) error { return nil }))
	if b.Ready(t.Context()) == nil {
		t.Error("it says that it is ready")
	}
}

func TestServiceThatIsDown(t *testing.T) {
	s := newService(t)
	b := s.open(t, "photos")
	if err := b.Ready(t.Context()); err != nil {
		t.Fatalf("before: %v", err)
	}
	s.down.Store(true)
	everyCall(t, b, refusedAsDown)
	s.down.Store(false)
	if err := b.Put(t.Context(), "a.jpg", []byte("x")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestServiceThatIsNotThere(t *testing.T) {
	s := newService(t)
	b := s.open(t, "photos")
	s.Close()
	everyCall(t, b, refusedAsDown)
}

func TestWrongKeys(t *testing.T) {
	s := newService(t)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey+"!")
	everyCall(t, s.open(t, "photos"), refusedAsDown)
}

func TestBucketThatIsMissingIsNoMissingBlob(t *testing.T) {
	s := newService(t)
	b := s.open(t, "elsewhere")
	_, err := b.Get(t.Context(), "a.jpg")
	refusedAsDown(t, "get", err)
	if err := b.Ready(t.Context()); err == nil {
		t.Error("it says that it is ready")
	}
}

func TestServiceThatSleepsIsNotWaitedFor(t *testing.T) {
	s := newService(t)
	b := s.open(t, "photos")
	s.sleeps.Store(int64(time.Minute))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := b.Get(ctx, "a.jpg")
	refusedAsDown(t, "get", err)
	if took := time.Since(begun); took > 2*time.Second || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("get gave up after %v: %v", took, err)
	}
	begun = time.Now()
	_, err = b.Exists(t.Context(), "a.jpg") // a caller without a bound
	refusedAsDown(t, "exists", err)
	if took := time.Since(begun); took > 8*time.Second {
		t.Errorf("exists gave up after %v", took)
	}
}

func TestWhatTheServiceIsTold(t *testing.T) {
	s := newService(t)
	b, err := blob.At(t.Context(), "s3://photos/shop/one?region=eu-central-1&endpoint="+s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Put(t.Context(), "a/b.jpg", []byte("pixels")); err != nil {
		t.Fatal(err)
	}
	if got := s.kind.Load(); got != "image/jpeg" {
		t.Errorf("its type there is %v", got)
	}
	if data, _ := read(t, s.open(t, "photos"), "shop/one/a/b.jpg"); data != "pixels" {
		t.Errorf("under the prefix there is %q", data)
	}
	asked := s.asked.Load()
	if err := b.Put(t.Context(), "../b.jpg", nil); !fault.Is(err, fault.CodeInvalid) || s.asked.Load() != asked {
		t.Errorf("a key that leaves the prefix: %v; the service was asked %d times", err, s.asked.Load()-asked)
	}
}

func TestAddresses(t *testing.T) {
	for address, says := range map[string]string{
		"photos":                    "",
		"/var/lib/haggle/photos":    "",
		"s3://photos":               "",
		"s3://photos/a/b?region=eu": "",
		"s3://photos?region=eu&endpoint=https://s3.example.org": "",
		"gs://photos":                               "neither a folder",
		"s3://":                                     "not the name",
		"s3://Photos":                               "not the name",
		"s3://AKIA:hush@photos":                     "AWS_ACCESS_KEY_ID",
		"s3://photos?secret=hush":                   "not \"secret\"",
		"s3://photos/../x":                          "not a prefix",
		"s3://photos?endpoint=s3.example.org":       "endpoint",
		"s3://photos?endpoint=http://u:hush@s3.org": "endpoint",
	} {
		err := blob.CheckAddress(address)
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hush")) {
			t.Errorf("%s: %v, want %q", address, err, says)
		}
	}
}

func TestFolderThatIsGoneIsNoMissingBlob(t *testing.T) {
	dir := t.TempDir() + "/photos"
	b, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Ready(t.Context()); err != nil {
		t.Errorf("before: %v", err)
	}
	unmount(t, dir)
	_, err = b.Get(t.Context(), "a.jpg")
	refusedAsDown(t, "get", err)
	if b.Ready(t.Context()) == nil {
		t.Error("it says that it is ready")
	}
}
