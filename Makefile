# Needs Go, git and make; what else a target needs, it brings. Plain `make` lists the targets.

ARGS ?=
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO_BUILD = CGO_ENABLED=0 go build -tags nomsgpack -trimpath -ldflags '-s -w -X main.version=$(VERSION)'

# Tools are pinned here and nowhere else. They are no part of go.mod: their dependencies are not ours.
GOLANGCI_LINT_VERSION = v2.15.0
OAPI_CODEGEN = go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2
GOLANGCI_LINT = bin/tools/golangci-lint-$(GOLANGCI_LINT_VERSION)/golangci-lint

.DEFAULT_GOAL := help
.PHONY: help run build test check lint fmt generate generated bench crash crowd fuzz clean

help:
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: build ## Build Motcua and start it with a demonstration province (ARGS=: more flags of `motcua serve`)
	@bin/motcua serve --demo $(ARGS)

build: ## Build bin/motcua
	$(GO_BUILD) -o bin/motcua ./cmd/motcua

test: ## Run every test, on SQLite and on a real PostgreSQL (ARGS=: other packages and flags of `go test`)
	@scripts/test $(ARGS)

check: lint generated test ## Everything that a change must pass: lint, generated code up to date, test

lint: $(GOLANGCI_LINT) ## Check formatting, vet, and who may import and call whom
	$(GOLANGCI_LINT) run

fmt: $(GOLANGCI_LINT) ## Format the code
	$(GOLANGCI_LINT) fmt

generate: ## Generate server and types (and the client of the tests) from the contract, api/openapi.yaml
	@for config in api/oapi-codegen*.yaml; do \
		$(OAPI_CODEGEN) -config $$config api/openapi.yaml || exit 1; \
	done

generated: ## Check that the generated code is up to date
	@mkdir -p bin
	@for config in api/oapi-codegen*.yaml; do \
		sed 's|^output:.*|output: bin/generated.go|' $$config >bin/generated.yaml; \
		$(OAPI_CODEGEN) -config bin/generated.yaml api/openapi.yaml && \
		diff -u "$$(sed -n 's/^output: *//p' $$config)" bin/generated.go || { echo 'Generated code is not up to date: run `make generate`.'; exit 1; }; \
	done; rm bin/generated.*

bench: ## Measure the hot paths over 100,000 dossiers on both databases, each beside its floor (ARGS=: its flags, see cmd/motcua/bench_test.go)
	@scripts/with-postgres --durable go test -tags nomsgpack -run '^$$' -bench 'AgainstFloor|Replan|LedgerCost' -benchtime 1x -timeout 60m ./cmd/motcua $(ARGS)

crash: ## Kill the server, and a sender of events, a hundred times on each database and each archive, and look what was lost (ARGS=: -kills, -writers)
	@scripts/with-bucket scripts/with-postgres --durable go test -tags nomsgpack -count 1 -run WhenTheServerIsKilled -v -timeout 60m ./cmd/motcua -args -kills 100 $(ARGS)
	@scripts/with-postgres --durable go test -tags nomsgpack -count 1 -run SenderThatIsKilled -v -timeout 60m ./pkg/onestop -args -sender-kills 100

crowd: ## Let 64 clients change the same dossiers at once on each database, 40 turns each (ARGS=: -crowd-turns)
	@scripts/with-postgres --durable go test -tags nomsgpack -count 1 -run SixtyFourClients -v -timeout 60m ./pkg/httpapi -args -crowd-turns 40 $(ARGS)

fuzz: ## Run every fuzz test for a short while (ARGS=: how long each, 10s)
	@scripts/fuzz $(ARGS)

clean: ## Remove what was built: bin/ (never ./data)
	rm -rf bin

$(GOLANGCI_LINT):
	GOBIN=$(CURDIR)/$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
