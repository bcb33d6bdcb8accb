# Two commands for everybody: `make site` and `make test`. Both install what they need into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
TRACKER := $(BIN)/tracker

.PHONY: help site test torture check format bench docs starter lock clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: $(INSTALLED)  ## Build the site into build/site from the bundled data and what was fetched
	$(TRACKER) load
	$(TRACKER) site build

test: $(INSTALLED)  ## Run the tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

torture: $(INSTALLED)  ## Search for counterexamples: the property tests with forty times the examples
	TEST_EFFORT=40 $(BIN)/python -m pytest -q -n auto --dist load -m hypothesis

check: $(INSTALLED)  ## Format, lint, types, docs freshness, receipts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tracker.cli.reference --check
	TRACKER_OFFLINE=1 $(TRACKER) curate verify
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

format: $(INSTALLED)  ## Format and sort imports
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(INSTALLED)  ## Write the generated reference pages again
	$(BIN)/python -m tracker.cli.reference

bench: $(INSTALLED)  ## Measure against floors and peers; needs ../shared/data or DATA=folder
	$(BIN)/python -m benchmarks.run

starter: $(INSTALLED)  ## Write the bundled starter again from this home's catalog
	$(TRACKER) export parquet db/starter --starter

lock: $(INSTALLED)  ## Pin all dependencies again, with hashes and without an index address
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock

clean:  ## Remove the environment and everything that was built
	rm -rf $(VENV) build dist

# Hashes are checked; the project itself is then linked in without asking an index again.
$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(INSTALLED)
