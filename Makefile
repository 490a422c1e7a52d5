# Bazafarin: one door for newcomers and for CI. Everything runs in .venv, made on first use.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
DEMO_PARCELS ?= 5000
DEMO_PORT ?= 8000
ONCE := --ignore-glob '*_in_browser.py' $(addprefix --ignore tests/web/test_,permission_walk.py duties.py site_commands.py kills.py)

.PHONY: demo test faults check static bench lock format clean system

demo: $(VENV)/.ready-run
	@mkdir -p $(DEMO)
	$(BIN)/bazafarin town --parcels $(DEMO_PARCELS) --seed 1 --out $(DEMO)/town.gpkg
	$(BIN)/bazafarin plan $(DEMO)/town.gpkg --scenario examples/scenario.toml --out $(DEMO)/plan
	$(BIN)/bazafarin demo --data $(DEMO)/site --town $(DEMO)/town.gpkg --port $(DEMO_PORT) --logins $(DEMO)/logins.json

# All of it on SQLite, and what asks a database on PostgreSQL with PostGIS, too; what a browser shows
# is gone through once, on SQLite, and so is who may open what and what a keeper's commands say, and the
# few kills of an import: the same pages stand on the views, scopes and tiles tested on both, and
# make faults kills on both. What the source is held to asks no database.
test: static system
	$(BIN)/pytest -n 2 --dist worksteal tests
	$(BIN)/python scripts/with_postgis.py -- $(BIN)/pytest -n 2 --dist worksteal tests/web $(ONCE)

# Kills at many moments of imports, backups and restores, on both databases; a keeper's commands and
# the few kills of the tests on the second.
faults: $(VENV)/.ready-dev
	$(BIN)/pytest -m faults tests
	$(BIN)/python scripts/with_postgis.py -- $(BIN)/pytest -m faults tests/web
	$(BIN)/python scripts/with_postgis.py -- $(BIN)/pytest tests/web/test_site_commands.py tests/web/test_kills.py

# The fast inner loop.
check: static
	$(BIN)/pytest -q -n 2 tests/domain tests/standards tests/analysis tests/decision tests/studies

static: $(VENV)/.ready-dev
	$(BIN)/ruff format --check src tests benchmarks scripts
	$(BIN)/ruff check src tests benchmarks scripts
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.ready-dev
	$(BIN)/ruff format src tests benchmarks scripts
	$(BIN)/ruff check --fix src tests benchmarks scripts

bench: $(VENV)/.ready-bench
	$(BIN)/python benchmarks/run.py

# What is no wheel (a browser, a database server) and the tests need; asks before it needs root, not under CI.
system:
	scripts/install_system_packages.sh

# The lock files pin every dependency by hash and name no index.
lock: $(VENV)/.ready-dev
	scripts/lock.sh

$(VENV)/.ready-%: requirements/%.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
