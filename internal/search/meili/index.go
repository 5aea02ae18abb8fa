package meili

import (
	"context"
	"fmt"
	"sync"

	client "github.com/meilisearch/meilisearch-go"

	"haggle/internal/search"
)

// Index implements search.Index on a Meilisearch server.
type Index struct {
	server client.ServiceManager
	name   string // of the index that answers

	rebuilding sync.Mutex

	mu       sync.Mutex // one writer of this process at a time
	prepared bool
	gone     map[string]bool // deleted while a rebuild of this process runs; nil otherwise
}

var _ search.Index = (*Index)(nil)

// New gives the index of that name on the server. It asks the server nothing: a site must start without it.
//
// The key should be a ScopedKey.
func New(url, key, name string) *Index {
	return &Index{server: connect(url, key), name: name}
}

// next is the index a rebuild fills. Every process knows it by its name and writes into it while it exists.
func (x *Index) next() string { return x.name + "_next" }

// notes is a small index that remembers by which schema the other one was built.
func (x *Index) notes() string { return x.name + "_notes" }

// prepare makes sure, once, that the index exists with the settings of this release. The caller holds mu.
func (x *Index) prepare(ctx context.Context) error {
	if x.prepared {
		return nil
	}
	there, err := x.exists(ctx, x.name)
	if err != nil {
		return err
	}
	if there {
		err = x.configure(ctx, x.name)
	} else {
		err = x.create(ctx, x.name)
	}
	x.prepared = err == nil
	return err
}

// ensure is prepare for readers.
func (x *Index) ensure(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.prepare(ctx)
}

// note is the one document of the notes.
type note struct {
	ID     string `json:"id"`
	Schema string `json:"schema"`
}

const noteID = "built"

// Ready implements search.Index.
func (x *Index) Ready(ctx context.Context) error {
	if err := x.ensure(ctx); err != nil {
		return err
	}
	var n note
	err := x.server.Index(x.notes()).GetDocumentWithContext(ctx, noteID, nil, &n)
	if missing(err) || err == nil && n.Schema != schema {
		return search.ErrUnbuilt
	}
	return refusal(ctx, err)
}

func (x *Index) remember(ctx context.Context) error {
	key := "id"
	begun, err := x.server.Index(x.notes()).AddDocumentsWithContext(ctx, []note{{noteID, schema}}, &client.DocumentOptions{PrimaryKey: &key})
	return x.await(ctx, begun, err)
}

// Count implements search.Index.
func (x *Index) Count(ctx context.Context) (int64, error) {
	if err := x.ensure(ctx); err != nil {
		return 0, err
	}
	var page client.DocumentsResult
	err := x.server.Index(x.name).GetDocumentsWithContext(ctx, &client.DocumentsQuery{Limit: 1, Fields: []string{"id"}}, &page)
	return page.Total, refusal(ctx, err)
}

// versionPage is how many versions are read at a time.
const versionPage = 1000

// Check implements search.Index.
func (x *Index) Check(ctx context.Context, feed search.Feed) (search.Diff, error) {
	if err := x.ensure(ctx); err != nil {
		return search.Diff{}, err
	}
	held := map[string]int64{}
	for offset := int64(0); ; offset += versionPage {
		n, err := x.versions(ctx, x.name, &client.DocumentsQuery{Offset: offset, Limit: versionPage}, held)
		if err != nil {
			return search.Diff{}, err
		}
		if n < versionPage {
			return search.Compare(held, feed)
		}
	}
}

// versions adds the versions of the asked documents to held, and says how many there were.
func (x *Index) versions(ctx context.Context, name string, q *client.DocumentsQuery, held map[string]int64) (int, error) {
	q.Fields = []string{"id", "version"}
	var page client.DocumentsResult
	if err := x.server.Index(name).GetDocumentsWithContext(ctx, q, &page); err != nil {
		return 0, refusal(ctx, err)
	}
	for _, hit := range page.Results {
		var d document
		if err := hit.DecodeInto(&d); err != nil {
			return 0, fmt.Errorf("search: a stored document: %w", err)
		}
		held[d.ID] = d.Version
	}
	return len(page.Results), nil
}

// Close lets go of idle connections. The index stays on the server.
func (x *Index) Close() error {
	x.server.Close()
	return nil
}
