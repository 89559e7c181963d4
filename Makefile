# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Compiles the tests once; otherwise both processes that run them would, side by side.
COLLECT = { $(BIN)/python -m pytest -q --collect-only -p no:cov > /dev/null || true; }

.PHONY: demo test test-all bench lint setup browser lock clean help

help:          ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 12

$(READY): pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet --disable-pip-version-check uv
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $@

setup: $(READY)   ## prepare the environment and stop

demo: $(READY)    ## run the reference trial from protocol to report, then serve it
	@$(BIN)/equipoise demo

test: $(READY)    ## the gates and every test, under ten minutes
	@CI=$(CI) sh tests/prepare.sh
	@$(BIN)/python tests/warm_kernels.py & kernels=$$!; $(MAKE) --no-print-directory lint && $(COLLECT) && wait $$kernels
	@$(BIN)/python -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder --cov --cov-report=
	@$(BIN)/python tests/coverage_floors.py

test-all: $(READY)   ## the longer sweeps too: faults, fuzzing, simulation studies
	@CI=$(CI) sh tests/prepare.sh
	@EVERY_PAGE=yes HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder -m ""

bench: $(READY)   ## speed, as ratios against peers and physical limits
	@$(BIN)/python -m benchmarks && $(BIN)/python -m benchmarks load

lint: $(READY)    ## ruff, import contracts, types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-cache && $(BIN)/mypy

lock: $(READY)    ## re-pin every dependency with hashes and no address
	@$(BIN)/uv pip compile -q pyproject.toml --extra postgres --group dev --generate-hashes \
	  --no-emit-index-url --python-version 3.11 --no-annotate --no-header -o requirements.lock

clean:            ## remove what the commands above made
	@rm -rf $(VENV) demo-out .pytest_cache .mypy_cache .ruff_cache .hypothesis
