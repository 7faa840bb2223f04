package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket keeps bytes in S3-compatible storage. The bucket must be there; nothing in it is listed.
type Bucket struct {
	client       *minio.Client
	name, prefix string
}

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
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Secure: endpoint.Scheme == "https", Region: region, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, err
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &Bucket{client: client, name: u.Host, prefix: prefix}, nil
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
	_, err = b.client.PutObject(ctx, b.name, b.prefix+name, bytes.File, bytes.Size, minio.PutObjectOptions{
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
	object, err := b.client.GetObject(ctx, b.name, b.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("read from bucket %s: %w", b.name, err)
	}
	if _, err := object.Stat(); err != nil { // asks for it; only now is it known whether it is there
		_ = object.Close()
		if minio.ToErrorResponse(err).Code == "NoSuchKey" {
			return nil, ErrMissing
		}
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
	if err := b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete from bucket %s: %w", b.name, err)
	}
	return nil
}
