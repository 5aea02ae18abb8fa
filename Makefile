# haggle: `make` alone prints this help.
.DEFAULT_GOAL := help
GO ?= go
# nodynamic: the encoder of WebP is compiled in, as WebAssembly; no shared library is looked for, and the program is static
export GOFLAGS ?= -tags=nodynamic

.PHONY: help run build test full check fmt generate mutants bench chaos screenshots promises clean

help: ## print this help
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start the whole market with demo data on 127.0.0.1:8080
	$(GO) run ./cmd/haggle serve --demo

build: ## build bin/haggle
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/haggle ./cmd/haggle

# what takes long goes first, so that nothing is left to wait for in the end
LONGEST = ./cmd/... ./web/acceptance ./scripts/chaos ./internal/store/mongo

test: ## run all tests; what needs a missing server is skipped, one line each
	$(GO) test -p 2 -timeout 20m $(LONGEST) ./...

full: ## every suite at full size (needs the services of scripts/dev)
	HAGGLE_FULL=1 HAGGLE_RAPID_CHECKS=10000 $(GO) test -p 1 -timeout 120m ./...

check: ## format, vet, lint, import directions, generated files, vulnerabilities
	scripts/check

fmt: ## format all Go and templ files
	gofmt -w cmd internal workers web
	$(GO) tool templ fmt web

generate: ## regenerate templ pages and the documents made from code
	$(GO) tool templ generate ./web/...
	$(GO) run ./scripts/docs

mutants: ## apply known one-line mistakes and see the named test fail
	scripts/mutants/run

bench: ## one table of ratios, from one run
	$(GO) run ./scripts/bench

chaos: ## over 100 seeded faults under load, judged by a checker of its own; writes scripts/chaos/RESULT.md (needs scripts/dev)
	HAGGLE_TEST_REQUIRE=mongod,redis HAGGLE_CHAOS=$${HAGGLE_CHAOS:-9} HAGGLE_CHAOS_RESULT=RESULT.md $(GO) test -count=1 -timeout 30m -v -run 'TestFarm|TestStepDown|TestEmbedded' ./scripts/chaos

screenshots: ## photograph every page in eight ways into $$OUT (needs Chromium; outside the tree)
	$(GO) run ./scripts/shots -out $${OUT:-$${TMPDIR:-/tmp}/haggle-shots}

promises: ## check the table of promises against a test run's JSON
	$(GO) run ./scripts/promises $(JSON)

clean: ## remove what was built
	rm -rf bin
