package meili

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	client "github.com/meilisearch/meilisearch-go"

	"haggle/internal/search"
)

const (
	// requestTimeout bounds one request.
	requestTimeout = 15 * time.Second
	// taskTimeout bounds the wait for one task; a large batch on a busy server takes seconds.
	taskTimeout = 2 * time.Minute
	// taskPoll is the pause between two looks at a task.
	taskPoll = 20 * time.Millisecond
)

func connect(url, key string) client.ServiceManager {
	return client.New(url, client.WithAPIKey(key), client.WithCustomClient(&http.Client{Timeout: requestTimeout}), client.DisableRetries())
}

// refusal turns what the client answers into the port's words.
func refusal(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var e *client.Error
	if errors.As(err, &e) && (e.StatusCode == 0 || e.StatusCode >= 500) {
		return fmt.Errorf("%w: %w", search.ErrUnavailable, err)
	}
	return fmt.Errorf("search: %w", err)
}

// missing says that the server does not know the index or document.
func missing(err error) bool {
	var e *client.Error
	return errors.As(err, &e) && e.StatusCode == http.StatusNotFound
}

// await waits until the task a request began is done. A task that failed is an error; the client knows none.
func (x *Index) await(ctx context.Context, begun *client.TaskInfo, err error) error {
	if err != nil {
		return refusal(ctx, err)
	}
	waiting, cancel := context.WithTimeout(ctx, taskTimeout)
	defer cancel()
	task, err := x.server.WaitForTaskWithContext(waiting, begun.TaskUID, taskPoll)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case waiting.Err() != nil:
		return fmt.Errorf("%w: task %d is not done after %v", search.ErrUnavailable, begun.TaskUID, taskTimeout)
	case err != nil:
		return refusal(ctx, err)
	case task.Status != client.TaskStatusSucceeded:
		return fmt.Errorf("search: task %d (%s) %s: %s (%s)", begun.TaskUID, task.Type, task.Status, task.Error.Message, task.Error.Code)
	}
	return nil
}

// exists says whether the server has an index of this name.
func (x *Index) exists(ctx context.Context, name string) (bool, error) {
	_, err := x.server.GetIndexWithContext(ctx, name)
	if missing(err) {
		return false, nil
	}
	return err == nil, refusal(ctx, err)
}

// create makes an index with all its settings.
func (x *Index) create(ctx context.Context, name string) error {
	begun, err := x.server.CreateIndexWithContext(ctx, &client.IndexConfig{Uid: name, PrimaryKey: "id"})
	if err := x.await(ctx, begun, err); err != nil {
		return err
	}
	return x.configure(ctx, name)
}

func (x *Index) configure(ctx context.Context, name string) error {
	begun, err := x.server.Index(name).UpdateSettingsWithContext(ctx, settings())
	return x.await(ctx, begun, err)
}

// drop removes an index if there is one.
func (x *Index) drop(ctx context.Context, name string) error {
	if there, err := x.exists(ctx, name); err != nil || !there {
		return err
	}
	begun, err := x.server.DeleteIndexWithContext(ctx, name)
	return x.await(ctx, begun, err)
}
