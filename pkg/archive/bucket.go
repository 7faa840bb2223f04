package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket keeps bytes in S3-compatible storage. The bucket must be there; nothing in it is listed.
type Bucket struct {
	client       minio.Core
	name, prefix string
}

// How long a storage that is down may hold up whoever waits for it: so many tries, and so much time for a small request with all of them. The
// bytes themselves may take as long as the line needs.
const (
	bucketTries   = 3
	bucketSilence = 20 * time.Second // from the end of a request to the beginning of its answer
	bucketDelete  = 5 * time.Second
)

// NewBucket opens a bucket that is named like s3://BUCKET/PREFIX?endpoint=https://HOST:PORT&region=REGION. Objects are addressed by path, which every
// such storage understands.
func NewBucket(address, accessKey, secretKey string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil {
		return nil, errors.New("not an address like s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION") // the address may hold a secret: it is not repeated
	}
	q := u.Query()
	endpoint, err := url.Parse(q.Get("endpoint"))
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "https" && endpoint.Scheme != "http" || strings.Trim(endpoint.Path, "/") != "" {
		return nil, errors.New("the address of a bucket needs endpoint=https://HOST")
	}
	if accessKey == "" || secretKey == "" {
		return nil, errors.New("the bucket needs an access key and a secret key")
	}
	region := q.Get("region")
	if region == "" {
		region = "us-east-1" // what storage that knows no regions calls itself
	}
	secure := endpoint.Scheme == "https"
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	transport.ResponseHeaderTimeout = bucketSilence
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Secure: secure, Region: region, BucketLookup: minio.BucketLookupPath,
		Transport: transport, MaxRetries: bucketTries,
	})
	if err != nil {
		return nil, err
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &Bucket{client: minio.Core{Client: client}, name: u.Host, prefix: prefix}, nil
}

// Put writes the object in one request, which the storage takes as a whole or not at all.
func (b *Bucket) Put(ctx context.Context, bytes *Spool) error {
	name, err := place(bytes.SHA256)
	if err != nil {
		return err
	}
	if err := Check(ctx, b, bytes.SHA256); err == nil {
		return nil
	} else if !errors.Is(err, ErrMissing) && !errors.Is(err, ErrDamaged) {
		return err
	}
	if _, err := bytes.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = b.client.Client.PutObject(ctx, b.name, b.prefix+name, bytes.File, bytes.Size, minio.PutObjectOptions{
		ContentType: bytes.MediaType, DisableMultipart: true, SendContentMd5: true,
	})
	if err != nil {
		return fmt.Errorf("keep file in bucket %s: %w", b.name, err)
	}
	return nil
}

// Open gives the bytes.
func (b *Bucket) Open(ctx context.Context, sha string) (io.ReadCloser, error) {
	name, err := place(sha)
	if err != nil {
		return nil, err
	}
	// One GET: HEAD answers without words, and a bucket that is gone would look like a file that is.
	object, _, _, err := b.client.GetObject(ctx, b.name, b.prefix+name, minio.GetObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("read from bucket %s: %w", b.name, err)
	}
	return object, nil
}

// Delete takes them away.
func (b *Bucket) Delete(ctx context.Context, sha string) error {
	name, err := place(sha)
	if err != nil {
		return err
	}
	ctx, done := context.WithTimeout(ctx, bucketDelete) // a transaction waits for it
	defer done()
	if err := b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete from bucket %s: %w", b.name, err)
	}
	return nil
}

// Sweep has nothing to do: the storage takes an object whole or not at all.
func (b *Bucket) Sweep(time.Time) (int, error) { return 0, nil }
