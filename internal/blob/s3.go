package blob

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"
)

// s3Place is a bucket of an S3-compatible service.
type s3Place struct {
	bucket   string
	prefix   string // of every key: empty, or with a slash at its end
	region   string // empty: as the environment says
	endpoint string // empty: Amazon's
}

// buckets are the names that S3 allows.
var buckets = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// isService says whether an address is a URL; else it is a folder.
func isService(address string) bool { return strings.Contains(address, "://") }

// CheckAddress says what is wrong with the address of a bucket: a folder, or
//
//	s3://bucket/prefix?region=eu-central-1&endpoint=https://s3.example.org
//
// where prefix, region and endpoint may be left out. Keys do not belong in an address, which is shown in many places: the
// environment has them (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), as any tool for S3 expects. No error repeats them.
func CheckAddress(address string) error {
	if !isService(address) {
		return nil
	}
	_, err := parseS3(address)
	return err
}

func parseS3(address string) (p s3Place, err error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "s3":
		return p, errors.New("neither a folder nor s3://bucket?region=…&endpoint=…")
	case u.User != nil:
		return p, errors.New("keys do not belong in the address: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	case !buckets.MatchString(u.Host):
		return p, fmt.Errorf("%q is not the name of a bucket", u.Host)
	}
	p = s3Place{bucket: u.Host, region: u.Query().Get("region"), endpoint: u.Query().Get("endpoint")}
	if prefix := strings.Trim(u.Path, "/"); prefix != "" {
		if check(prefix) != nil {
			return p, fmt.Errorf("%q is not a prefix of small letters, digits, dots, dashes and slashes", prefix)
		}
		p.prefix = prefix + "/"
	}
	for name := range u.Query() {
		if !slices.Contains([]string{"region", "endpoint"}, name) {
			return p, fmt.Errorf("it knows region and endpoint, not %q", name)
		}
	}
	if e, err := url.Parse(p.endpoint); p.endpoint != "" && (err != nil || e.Host == "" || e.User != nil || e.Scheme != "http" && e.Scheme != "https") {
		return p, errors.New("its endpoint is not http(s)://host")
	}
	return p, nil
}

// Bounds on one exchange with a service: whoever waits for a photo is told soon that there is none.
const (
	dialBound   = 2 * time.Second
	answerBound = 5 * time.Second  // until its first byte
	readBound   = 30 * time.Second // until its last one
	writeBound  = 20 * time.Second
)

// impatient tries a second time, soon.
func impatient() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 2, 200*time.Millisecond })
}

// openS3 makes a client; the service is not asked anything yet.
func openS3(ctx context.Context, p s3Place) (*Bucket, error) {
	client := awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialBound }).
		WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = answerBound })
	options := []func(*awsconfig.LoadOptions) error{awsconfig.WithHTTPClient(client), awsconfig.WithRetryer(impatient),
		awsconfig.WithRequestChecksumCalculation(aws.RequestChecksumCalculationWhenRequired), // not every service knows the newer ones
		awsconfig.WithResponseChecksumValidation(aws.ResponseChecksumValidationWhenRequired)}
	if p.region != "" {
		options = append(options, awsconfig.WithRegion(p.region))
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	if cfg.Region == "" && p.endpoint == "" {
		return nil, errors.New("blob: a region is required")
	}
	cfg.Region = cmp.Or(cfg.Region, "us-east-1") // services that know none take this name
	b, err := s3blob.OpenBucket(ctx, s3.NewFromConfig(cfg, func(o *s3.Options) {
		if p.endpoint != "" {
			o.BaseEndpoint, o.UsePathStyle = aws.String(p.endpoint), true
		}
	}), p.bucket, &s3blob.Options{RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired})
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &Bucket{bucket: blob.PrefixedBucket(b, p.prefix)}, nil
}

// noBucket says that the bucket itself is missing: the driver calls that "not found", as if a blob were.
func noBucket(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "NoSuchBucket"
}
