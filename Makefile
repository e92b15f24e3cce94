# Everything is set up inside the checkout: a virtual environment in .venv with the locked versions.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(PYTHON) -m pip --python $(BIN)/python --quiet --disable-pip-version-check install
LOCKED := --require-hashes --only-binary :all: -r
SELF := --no-deps --no-build-isolation --editable .

.PHONY: help report samples test test-all bench docs lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

report: .venv/report-ready ## set up and make the quarterly report in reports/
	$(BIN)/python cli.py report

samples: .venv/report-ready ## make the reports of two quarters in both languages and all formats in reports/
	$(BIN)/python cli.py report --quarter 2025Q4 --quarter 2026Q1 --lang both

test: .venv/test-ready ## set up and run tests, linter and type check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 --dist loadfile

test-all: .venv/test-ready ## the same with the long property tests
	HYPOTHESIS_PROFILE=long $(BIN)/pytest -q -n 2 --dist loadfile

bench: .venv/test-ready ## time against plain implementations; writes benchmarks/results.json
	$(BIN)/python -m benchmarks

docs: .venv/test-ready ## write docs/data.md, docs/cli.md and data/datapackage.json anew from the contracts
	$(BIN)/python -m docs.generate

lock: ## write the lock files anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --all-extras pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra checkout -c requirements-dev.lock pyproject.toml -o requirements.lock

clean: ## remove the virtual environment and caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks build dist *.egg-info

.venv/pip-ready:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "supplyrisk needs Python 3.11 or later; name one with make PYTHON=…")'
	$(PYTHON) -m venv --without-pip .venv
	@touch $@

.venv/report-ready: .venv/pip-ready requirements.lock
	$(PIP) $(LOCKED) requirements.lock
	$(PIP) $(SELF)
	@touch $@

.venv/test-ready: .venv/pip-ready requirements-dev.lock
	$(PIP) $(LOCKED) requirements-dev.lock
	$(PIP) $(SELF)
	@touch $@
