# Everything that is done here, as one word each. `make demo` and `make test` need only python3 (3.11 or later), make
# and git: they set up all else themselves, once, in this folder. `make clean` takes it away again.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := build/stamps
# uv stands in the environment itself, so that nothing outside of this folder is touched; --inexact leaves it there.
SYNC := UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --frozen --inexact --quiet --python $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help demo test check lint eval diff train docs web map chromium setup clean

help: ## What there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(STAMPS)/env map ## Read the sample dispatches; print five timelines; write build/demo/map.html
	$(BIN)/whoheld demo build/demo

test: $(STAMPS)/env map chromium ## Everything that `make check` does, and every test
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest

check: $(STAMPS)/env ## Format, lint, types, import arrows and the fast tests
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -m "not model and not browser and not shared"

lint: $(STAMPS)/env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

eval: $(STAMPS)/training ## Score against the floors in evals/ (wants the developers' corpora in ../shared)
	$(BIN)/python evals/gate.py

diff: $(STAMPS)/env ## The claims gained and lost on the samples (and ../shared) against BASE=main, a commit or a tag
	$(BIN)/python evals/diff.py --base $(or $(BASE),main)

train: $(STAMPS)/torch ## Train the reader's network anew (wants ../shared and a gigabyte; under an hour on two cores)
	build/training/bin/python training/reader.py --fold 0 --write

docs: $(STAMPS)/env map chromium ## Write what README.md and docs/ print of the program anew: answers, help, screenshot
	$(BIN)/python docs/refresh.py

web: $(STAMPS)/env ## Build the map anew
	$(BIN)/python web/build.py --force

setup: $(STAMPS)/env map chromium ## Only set up

clean: ## Take away what was made here, but for reports and ledgers of yours
	@git worktree remove --force build/base 2>/dev/null || true
	rm -rf build .venv src/whoheld/export/static web/node_modules
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# --- setting up ------------------------------------------------------------------------------------------------------

# The second try is for machines whose network is watched: their own certificates are only in the system's store.
$(STAMPS)/env: pyproject.toml uv.lock
	@sh .ci/environment $(PYTHON) $(VENV)
	@mkdir -p $(@D)
	@$(SYNC) 2>build/sync.log || UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 $(SYNC) || { cat build/sync.log >&2; exit 1; }
	@touch $@

$(STAMPS)/training: $(STAMPS)/env
	@$(SYNC) --group training 2>build/sync.log || UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 $(SYNC) --group training
	@touch $@

# Apart from the other environment: nobody who only reads, and no test, needs PyTorch.
$(STAMPS)/torch: training/requirements.txt $(STAMPS)/env
	@$(PYTHON) -m venv build/training
	@build/training/bin/pip install --quiet --editable . --requirement training/requirements.txt
	@touch $@

# Goes by what stands in web/ and not by times: nothing is done where the map was built from the same sources.
map: $(STAMPS)/env
	@$(BIN)/python web/build.py

# The tests of the map want a browser. Where there is none and none can be had, they are skipped, and say so.
chromium:
	@sh .ci/chromium
