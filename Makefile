# make demo    the app: two phones and a desk in one page     make test   every test
# make setup   only the set-up, into .venv                     make lint   style, types, house rules
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint simulate simulate-real bench screenshots phone-check clean

BIN := .venv/bin
CATALOGUES := $(wildcard field_app/locale/*/LC_MESSAGES/*.po)

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/.ready .venv/.texts ## .venv with the command field-app; nothing to do when it is there

.venv/.ready: pyproject.toml uv.lock bootstrap
	@./bootstrap
	@touch $@

.venv/.texts: .venv/.ready $(CATALOGUES)
	@$(BIN)/python -m field_app.locale compile
	@touch $@

demo: setup ## the demo organisation in a browser; ARGS="--seed 3 --port 8600" are passed on
	@$(BIN)/field-app demo $(ARGS)

test: setup ## every test, in one run without gaps; finds or installs Chromium
	@$(BIN)/python -m tests.chromium_setup
	FIELD_APP_TEST_WHOLE=1 $(BIN)/python -m pytest -n 3 --dist loadscope

lint: setup ## ruff, mypy, the imports' one way, and the house rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m lint

HISTORIES ?= 20000
simulate: setup ## HISTORIES=20000 of work and faults against the real code; ARGS="--seed 7"
	@$(BIN)/field-app simulate --histories $(HISTORIES) $(ARGS)

KILLS ?= 200
simulate-real: setup ## KILLS=200 of real servers and of real devices under kill -9; ARGS="--seed 7"
	@$(BIN)/field-app simulate-real --kills $(KILLS) $(ARGS)

bench: setup ## ours and the peer in one run, as a table and benchmarks/results.json; needs Node and npm
	@$(BIN)/python -m benchmarks $(ARGS)

OUT ?= screenshots
screenshots: setup ## every screen as PNG into OUT=dir, from the running app
	@$(BIN)/python -m tests.chromium_setup
	@$(BIN)/python -m field_app.demo.screenshots $(OUT)

phone-check: setup ## the phones' packages resolve with phone-constraints.txt
	@$(BIN)/python -m lint.phone

clean: ## the set-up and every cache away
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
