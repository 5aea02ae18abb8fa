package meili

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	client "github.com/meilisearch/meilisearch-go"
)

// actions are what the market asks of the server.
var actions = []string{"search", "documents.*", "indexes.*", "settings.*", "tasks.get"}

// ScopedKey gives the key that is limited to an index of that name, and to what the market does with it. It makes it with
// the server's master key, or one that may make keys, and gives the same one every time.
func ScopedKey(ctx context.Context, url, master, name string) (string, error) {
	server := connect(url, master)
	defer server.Close()
	x := Index{name: name}
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("haggle search key 1 "+name)).String()
	k, err := server.CreateKeyWithContext(ctx, &client.Key{UID: id, Name: "haggle " + name, Description: "The market's search copy, and nothing else.",
		Actions: actions, Indexes: []string{x.name, x.next(), x.notes()}})
	if taken(err) {
		k, err = server.GetKeyWithContext(ctx, id)
	}
	if err != nil {
		return "", refusal(ctx, err)
	}
	return k.Key, nil
}

// taken says that the server has such a key already.
func taken(err error) bool {
	var e *client.Error
	return errors.As(err, &e) && e.StatusCode == http.StatusConflict
}
