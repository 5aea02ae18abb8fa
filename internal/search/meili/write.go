package meili

import (
	"context"

	client "github.com/meilisearch/meilisearch-go"

	"haggle/internal/search"
)

// batchSize keeps a request with the longest descriptions below the server's limit of 100 MB.
const batchSize = 500

// Put implements search.Index.
func (x *Index) Put(ctx context.Context, docs ...search.Document) error {
	docs, err := search.Latest(docs)
	if err != nil || len(docs) == 0 {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	names, err := x.targets(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := x.put(ctx, name, docs); err != nil {
			return err
		}
	}
	for _, d := range docs {
		delete(x.gone, d.ID)
	}
	return nil
}

// Delete implements search.Index.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	if err := ctx.Err(); err != nil || len(ids) == 0 {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	names, err := x.targets(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		begun, err := x.server.Index(name).DeleteDocumentsWithContext(ctx, ids, nil)
		if err := x.await(ctx, begun, err); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if x.gone != nil {
			x.gone[id] = true
		}
	}
	return nil
}

// targets are the indexes to write to, in this order: the next one first. Were the two swapped between the writes,
// the second would reach the new one too; the other way round it could be lost.
func (x *Index) targets(ctx context.Context) ([]string, error) {
	if err := x.prepare(ctx); err != nil {
		return nil, err
	}
	rebuilding, err := x.exists(ctx, x.next())
	if err != nil {
		return nil, err
	}
	if rebuilding {
		return []string{x.next(), x.name}, nil
	}
	return []string{x.name}, nil
}

// put stores what is not older than what the index of that name holds.
func (x *Index) put(ctx context.Context, name string, docs []search.Document) error {
	for len(docs) > 0 {
		n := min(batchSize, len(docs))
		if err := x.putBatch(ctx, name, docs[:n]); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

func (x *Index) putBatch(ctx context.Context, name string, docs []search.Document) error {
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	held := map[string]int64{}
	if _, err := x.versions(ctx, name, &client.DocumentsQuery{Ids: ids, Limit: int64(len(ids))}, held); err != nil {
		return err
	}
	var batch []document
	for _, d := range docs {
		if version, ok := held[d.ID]; !ok || version <= d.Version {
			batch = append(batch, newDocument(d))
		}
	}
	if len(batch) == 0 {
		return nil
	}
	key := "id"
	begun, err := x.server.Index(name).AddDocumentsWithContext(ctx, batch, &client.DocumentOptions{PrimaryKey: &key})
	return x.await(ctx, begun, err)
}
