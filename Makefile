# Everything that is done here, as one word each. `make demo` and `make test` need only python3 (3.11 or later), make
# and git: they set up all else themselves, once. What they made is remembered in stamp files, so that it is quick
# the second time.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MAP := src/whoheld/export/static/map.html
STAMPS := build/stamps

.DEFAULT_GOAL := help
.PHONY: help demo test check eval web setup clean

help: ## What there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(STAMPS)/env $(MAP) ## Read the sample dispatches; print five timelines; write build/demo/map.html
	$(BIN)/whoheld demo build/demo

test: $(STAMPS)/env $(STAMPS)/chromium $(MAP) ## Everything that `make check` does, and every test
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest

check: $(STAMPS)/env ## Format, lint, types, import arrows and the fast tests
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -m "not model and not browser and not shared"

.PHONY: lint
lint: $(STAMPS)/env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

eval: $(STAMPS)/env ## Score against the floors in evals/
	@for file in evals/*.py; do echo "$$file"; $(BIN)/python $$file || exit 1; done

web: ## Build the map anew
	@rm -f $(MAP)
	@$(MAKE) --no-print-directory $(MAP)

setup: $(STAMPS)/env $(STAMPS)/chromium $(MAP) ## Only set up

clean: ## Take away what was made here, but for reports and ledgers of yours
	rm -rf build .venv src/whoheld/export/static web/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis

# --- setting up ------------------------------------------------------------------------------------------------------

# uv is put into the environment itself, so that nothing outside of this folder is touched; --inexact leaves it there.
$(STAMPS)/env: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "whoheld needs Python 3.11 or later; $(PYTHON) is older. Try: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "This Python has no venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8,<1"
	UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --frozen --inexact --quiet --python $(BIN)/python
	@mkdir -p $(@D) && touch $@

$(MAP): $(wildcard web/build.py web/package-lock.json web/*.html web/src/*) | $(STAMPS)/env
	$(BIN)/python web/build.py
	@touch $@

# The tests of the map want a browser. Where there is none and none can be had, they are skipped, and say so.
$(STAMPS)/chromium:
	@mkdir -p $(@D)
	@if command -v chromium >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing Chromium for the tests of the map ..."; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
	    >build/chromium.log 2>&1 || echo "Chromium could not be installed (build/chromium.log): its tests are skipped."; \
	else echo "There is no Chromium: the tests of the map are skipped. On Debian: apt-get install chromium"; fi
	@touch $@
