# Two commands for everybody: `make site` and `make test`. Both install what they need into .venv:
# `make site` what a user needs (requirements.lock), all that develops the tools for it, too
# (requirements-dev.lock, which holds the same versions).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
DEVELOPER := $(VENV)/developer
TRACKER := $(BIN)/tracker

# Each process would compile the tracker again, and some hundred start in the tests.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help site develop test postgres real torture mutants coverage check format bench docs screenshot starter lock clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: $(INSTALLED)  ## Build the site into build/site from the bundled data and what was fetched
	$(TRACKER) load
	$(TRACKER) site build

develop: $(DEVELOPER)  ## Install the developers' tools: tests, format, lint and types

PYTEST = $(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder
test: $(DEVELOPER)  ## Run the tests
	$(PYTEST)

postgres: $(DEVELOPER)  ## Run the tests of catalog, answers and API on a PostgreSQL server that they start
	$(PYTEST) --database postgres

# Needs ../shared/data; with TRACKER_RESULTS (a clone of the results repository) and TRACKER_FULL_HOME
# (a home with all of its history) the whole history is compared.
real: $(DEVELOPER)  ## Compare with every row of every recorded day; some minutes
	TEST_EVERY_DAY=1 $(BIN)/python -m pytest -q -n auto --dist loadfile tests/real

torture: $(DEVELOPER)  ## Search for counterexamples: properties with forty times the examples, then faults
	TEST_EFFORT=40 $(BIN)/python -m pytest -q -n auto --dist load -m "hypothesis or thorough"
	$(PIP) atheris
	nice -n 10 $(BIN)/python -m tests.torture

# Change one operator or value at a time and run the tests that should notice; about an hour.
# `.venv/bin/mutmut results` lists what no test noticed, `.venv/bin/mutmut show NAME` the change.
mutants: $(DEVELOPER)  ## Change the rules of ranking and receipts; list changes that no test notices
	$(PIP) mutmut
	nice -n 15 $(BIN)/mutmut run --max-children 1
	$(BIN)/mutmut results

coverage: $(DEVELOPER)  ## Run the tests with branch coverage, for information
	$(PIP) coverage
	mkdir -p build
	$(BIN)/coverage run --branch --source=tracker --data-file=build/coverage -m pytest -q -n 0
	$(BIN)/coverage report --data-file=build/coverage --sort=cover --skip-covered

check: $(DEVELOPER)  ## Format, lint, types, workflows, docs freshness, receipts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet --min-severity medium .github/workflows
	$(BIN)/python -m tracker.cli.reference --check
	TRACKER_OFFLINE=1 $(TRACKER) curate verify
	$(PYTEST)

format: $(DEVELOPER)  ## Format and sort imports
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(DEVELOPER)  ## Write the generated reference pages again
	$(BIN)/python -m tracker.cli.reference

bench: $(DEVELOPER)  ## Measure against floors and peers; needs ../shared/data or DATA=folder
	$(BIN)/python -m benchmarks.run

screenshot: $(DEVELOPER)  ## Take the README's picture from build/site; needs Chromium
	$(BIN)/python -m tests.browser.screenshot

starter: $(INSTALLED)  ## Write the bundled starter again from this home's catalog
	$(TRACKER) export parquet db/starter --starter

# Versions that a lock has are kept as long as they fit, so the user's lock has the developers' versions.
COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --extra site pyproject.toml
lock: $(INSTALLED)  ## Pin all dependencies again, with hashes and without an index address
	$(BIN)/python -m pip install -q --disable-pip-version-check uv
	$(COMPILE) --group dev -o requirements-dev.lock
	cp requirements-dev.lock requirements.lock
	$(COMPILE) --group build -o requirements.lock

clean:  ## Remove the environment and everything that was built
	rm -rf $(VENV) build dist

# Hashes are checked; the project itself is then linked in without asking an index again. Python
# compiles a module when it is first imported, which most are never.
PIP = $(BIN)/python -m pip install -q --disable-pip-version-check --no-compile
define INSTALL
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r $<
	$(PIP) --no-deps --no-build-isolation -e .
	touch $(INSTALLED) $@
endef
$(INSTALLED): requirements.lock pyproject.toml
	$(INSTALL)

$(DEVELOPER): requirements-dev.lock requirements.lock pyproject.toml
	$(INSTALL)
