# GNU make. `make` lists the targets.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-builtin-rules

VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
STATICCHECK := v0.8.2
SQLC_PIN    := v1.31.1
SQLC        ?= .bin/sqlc-$(SQLC_PIN)
FUZZTIME    ?= 10s
SOAK        ?= 30m
HOUR        ?= 3600s
# A directory for CPU profiles of the server, which make bench keeps of ingest and large.
PROFILE     ?=

# What npm leaves behind may hold Go files; they are not ours.
PACKAGES     = $(shell go list ./... | grep -v /node_modules/)
# The packages that own goroutines; whoever starts one is added here.
RACE         = $(patsubst %,./%/...,$(wildcard $(addprefix internal/,postgres store queue live outbound inbound hook api audit settings oversight simulator vault)))
# SQLite itself is not watched for races: it is not ours, and slow under watch. No package
# with generic code may be among these: the linker keeps one copy of what is instantiated in
# several, and an unwatched copy of sync's or sync/atomic's makes races where there are none.
UNWATCHED   := modernc.org/sqlite/lib
WEB_SOURCES  = $(shell find web/app/src web/app/build web/app/public -type f 2>/dev/null) $(wildcard web/app/*.json web/app/*.ts web/app/*.js web/app/*.html)
NODE        := $(shell command -v npm)
CHROMIUM    := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##  Build

.PHONY: build
build: $(if $(NODE),web) ## bin/botschaft, with the front end when npm is there
	@if [ -z "$(NODE)" ] && [ ! -f web/app/dist/index.html ]; then
		echo "No npm here: the program will show a page that says how to build the front end."
	fi
	CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/botschaft ./cmd/botschaft

.PHONY: web
web: web/app/dist/index.html ## the agents' workspace into web/app/dist

web/app/node_modules/.package-lock.json: web/app/package.json web/app/package-lock.json
	@$(if $(NODE),,echo "The front end needs Node 20 or newer with npm."; exit 1)
	cd web/app && npm ci --no-fund --no-audit
	touch node_modules/.package-lock.json

web/app/dist/index.html: web/app/node_modules/.package-lock.json $(WEB_SOURCES)
	@cd web/app
	npm run gen
	npm run build
	touch dist/index.html

.PHONY: demo
demo: build ## build, then run the demo on this machine
	@bin/botschaft demo

##  Test

.PHONY: test
test: test-race test-plain test-web test-browser ## everything: both engines, races, front end, browser

.PHONY: test-go
test-go: ## every Go test without the race detector: quick, needs no C compiler
	go test -timeout 20m $(PACKAGES)

.PHONY: test-race
test-race:
	@echo "== the packages that own goroutines, on SQLite and PostgreSQL, with the race detector"
	CGO_ENABLED=1 go test -race -gcflags='$(UNWATCHED)=-race=false' -timeout 20m $(RACE)

.PHONY: test-plain
test-plain:
	@echo "== all other packages"
	go test -timeout 20m $(filter-out $(patsubst ./%/...,botschaft/%,$(RACE)),$(PACKAGES))

.PHONY: test-web
test-web: $(if $(NODE),web/app/node_modules/.package-lock.json)
	@if [ -z "$(NODE)" ]; then
		echo "== NOT TESTED: the front end, because there is no npm"
		exit
	fi
	echo "== the front end"
	cd web/app && npm test

.PHONY: test-browser
test-browser: $(if $(and $(NODE),$(CHROMIUM)),build)
	@if [ -z "$(NODE)" ] || [ -z "$(CHROMIUM)" ]; then
		echo "== NOT TESTED: the screens, because npm or chromium is missing"
	else
		echo "== the screens of bin/botschaft, in $(CHROMIUM)"
		cd web/app && CHROMIUM="$(CHROMIUM)" BOTSCHAFT="$(CURDIR)/bin/botschaft" npm run e2e
	fi

.PHONY: screenshots
screenshots: build ## the pictures of README and docs anew, from the demo
	@cd web/app && CHROMIUM="$(CHROMIUM)" BOTSCHAFT="$(CURDIR)/bin/botschaft" node e2e/screenshots.mjs

.PHONY: soak
soak: ## faults at random for SOAK=30m; BREAK=commit, doubt, fence or key must make it fail
	@mkdir -p bin/soak
	BOTSCHAFT_TEST_SOAK=$(SOAK) BOTSCHAFT_TEST_BREAK=$(BREAK) BOTSCHAFT_TEST_DURABLE=1 go test -count=1 -v -timeout 24h -parallel 2 -artifacts -outputdir $(CURDIR)/bin/soak -run '^TestSoak' ./cmd/botschaft

.PHONY: bench
bench: $(if $(and $(NODE),$(findstring desk,$(FIG))),web) ## measure a figure: FIG=ingest, updates, stream, streams, reply, drain, idle, media, thread, large, full, takeover, restore, backup, decode, gate or desk
	@$(if $(PROFILE),mkdir -p $(PROFILE); export BENCH_PROFILE=$(abspath $(PROFILE)))
	case "$(FIG)" in
	ingest* | updates* | stream | stream/* | streams* | reply* | drain* | idle* | media* | thread | thread/* | large* | full* | takeover | restore* | backup*)
		BOTSCHAFT_TEST_DURABLE=1 go test -count=1 -timeout 6h -run '^$$' -bench '(?i)^Benchmark$(FIG)$$' -benchtime 1x ./bench ;;
	decode) go test -count=5 -run '^$$' -bench 'Decode' ./internal/whatsapp ;;
	gate) BOTSCHAFT_TEST_DURABLE=1 go test -count=1 -timeout 2h -run '^$$' -bench '^Benchmark(Decide|Facts|VerifyLedger)$$' -benchtime 5s ./internal/policy ./internal/facts ./internal/audit ;;
	desk | desk/*)
		if [ -z "$(NODE)" ] || [ -z "$(CHROMIUM)" ]; then echo "The figures of the desk need npm and Chromium."; exit 1; fi
		BOTSCHAFT_TEST_DURABLE=1 BENCH_HOUR=$(HOUR) CHROMIUM="$(CHROMIUM)" \
			go test -count=1 -timeout 12h -run '^$$' -bench '(?i)^Benchmark$(FIG)$$' -benchtime 1x ./bench ;;
	*) echo "Which figure? make bench FIG=ingest, updates, stream, streams, reply, drain, idle, media, thread, large, full, takeover, restore, backup, decode, gate or desk."; exit 2 ;;
	esac

.PHONY: fuzz
fuzz: ## every fuzz test, for FUZZTIME=10s each
	@.ci/fuzz $(FUZZTIME) $(PACKAGES)

##  Check

.PHONY: check
check: check-format check-vet check-generated check-web ## what must hold before a commit
	@echo "check: all well"

.PHONY: check-format
check-format:
	@unformatted=$$(find . -name '*.go' -not -path '*/node_modules/*' -not -path './.*' -exec gofmt -l {} +)
	if [ -n "$$unformatted" ]; then
		printf 'Not as gofmt would have it:\n%s\n' "$$unformatted"
		exit 1
	fi

.PHONY: check-vet
check-vet: .bin/staticcheck-$(STATICCHECK)
	go vet $(PACKAGES)
	.bin/staticcheck-$(STATICCHECK) $(PACKAGES)
	if command -v golangci-lint >/dev/null; then golangci-lint run $(patsubst botschaft/%,./%/,$(PACKAGES)); fi

.PHONY: check-generated
check-generated:
	@.ci/generated check

.PHONY: check-web
check-web: $(if $(NODE),web/app/node_modules/.package-lock.json)
	@if [ -z "$(NODE)" ]; then
		echo "NOT CHECKED: the front end, because there is no npm"
		exit
	fi
	cd web/app && npm run check

##  Generate and clean

.PHONY: gen
gen: $(SQLC) $(if $(NODE),web/app/node_modules/.package-lock.json) ## generated files anew: queries, OpenAPI, front-end types
	@SQLC="$(abspath $(SQLC))" .ci/generated write

.bin/staticcheck-$(STATICCHECK):
	@echo "Building staticcheck once; this takes a minute."
	GOBIN="$(CURDIR)/.bin" go install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK)
	mv .bin/staticcheck $@

.bin/sqlc-$(SQLC_PIN):
	@echo "Building sqlc once; this takes three minutes and needs a C compiler."
	GOBIN="$(CURDIR)/.bin" CGO_ENABLED=1 go install github.com/sqlc-dev/sqlc/cmd/sqlc@$(SQLC_PIN)
	mv .bin/sqlc $@

.PHONY: stop-postgres
stop-postgres: ## end the tests' PostgreSQL at once; it ends by itself after 90 s
	@for pid in "$${TMPDIR:-/tmp}"/botschaft-test-postgres-$$(id -u)-*/data-*/db/postmaster.pid; do
		if [ -f "$$pid" ]; then kill -QUIT "$$(head -n 1 "$$pid")" || true; fi
	done

.PHONY: clean
clean: stop-postgres ## remove what was built
	@rm -rf bin .bin coverage web/app/node_modules
	find web/app/dist -mindepth 1 ! -name .keep -delete 2>/dev/null || true
