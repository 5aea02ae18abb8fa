package main

import (
	"context"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// composed is what an operator must set, and nothing else.
var composed = map[string]string{
	"HAGGLE_HOST": "haggle.example", "HAGGLE_SECRET": "9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015",
	"HAGGLE_MEILI_KEY": "5994471abb01112afcc18159f6cc74b4", "HAGGLE_MAIL": "smtps://user:password@mail.example",
}

// compose loads docker-compose.yml as the specification's own library does, which holds it against its schema.
func compose(t *testing.T, env map[string]string) (*types.Project, error) {
	t.Helper()
	var list []string
	for k, v := range env {
		list = append(list, k+"="+v)
	}
	o, err := cli.NewProjectOptions([]string{"../../docker-compose.yml"}, cli.WithEnv(list), cli.WithName("haggle"))
	ok(t, err)
	return o.LoadProject(context.Background())
}

// TestComposeFitsTheFlags holds docker-compose.yml against the command line: every variable of ours is one that its command
// knows, what must be set is set, and what it is told can be served.
func TestComposeFitsTheFlags(t *testing.T) {
	p, err := compose(t, composed)
	ok(t, err)
	processes := map[string]int{}
	for name, s := range p.Services {
		if s.HealthCheck == nil && name != "replicas" && name != "caddy" {
			t.Errorf("%s: nobody looks after its health", name)
		}
		if s.Image != "haggle" {
			continue
		}
		processes[s.Command[0]]++
		holdProcess(t, name, s)
	}
	if processes["web"] != 2 || processes["worker"] != 2 {
		t.Errorf("processes: %v", processes)
	}
	if r := p.Services["redis"]; !slices.Contains(r.Command, "noeviction") || !slices.Contains(r.Command, "--appendonly") {
		t.Errorf("redis: %v", r.Command)
	}
}

func holdProcess(t *testing.T, name string, s types.ServiceConfig) {
	t.Helper()
	var c commands
	parser := kong.Must(&c, kong.Name("haggle"), kong.Exit(func(int) {}), kong.Writers(io.Discard, io.Discard),
		kong.BindTo(t.Context(), (*context.Context)(nil)), kong.Bind(&terminal{}))
	known := map[string]bool{}
	for _, command := range parser.Model.Children {
		if command.Name == s.Command[0] {
			for _, f := range command.Flags {
				for _, env := range f.Envs {
					known[env] = true
				}
			}
		}
	}
	for k, v := range s.Environment {
		if !known[k] {
			t.Errorf("%s: haggle %s knows no %s", name, s.Command[0], k)
		}
		t.Setenv(k, *v)
	}
	for _, must := range []string{"HAGGLE_SECRET", "HAGGLE_MONGO", "HAGGLE_REDIS", "HAGGLE_URL", "HAGGLE_MAIL", "HAGGLE_PROXIES"} {
		if v := s.Environment[must]; v == nil || *v == "" {
			t.Errorf("%s: %s is not set", name, must)
		}
	}
	if _, err := parser.Parse(s.Command); err != nil {
		t.Errorf("%s cannot be served: %v", name, err)
	}
	for k := range s.Environment {
		ok(t, os.Unsetenv(k))
	}
}

// TestComposeHasNoDefaultSecrets leaves out what an operator must set, one at a time.
func TestComposeHasNoDefaultSecrets(t *testing.T) {
	for missing := range composed {
		env := maps.Clone(composed)
		delete(env, missing)
		if _, err := compose(t, env); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}
