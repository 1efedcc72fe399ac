# One word for each thing. `make` alone says which.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip

.PHONY: help setup run test ui lint report bench bench-analysis validate accounting battery shown mutants kills fuzz lock clean
help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/ready examples/simulated/truth.json ## set up, build the warehouse from the bundled records and an invented organisation, write the weekly page
	@$(BIN)/faultlines run
	@echo "open it:  file://$(CURDIR)/reports/$$(ls -t reports | head -n 1)/weekly.html"
	@echo "runs:     make ui                  (Dagster on http://127.0.0.1:3000)"
	@echo "query:    $(BIN)/faultlines sql    (or: $(BIN)/faultlines sql \"select record_id, category, severity, started_at from marts.incidents\")"

test: .venv/ready-dev ## set up and run every test
	@$(BIN)/python -m pytest -rs -n 2 --dist loadfile

ui: .venv/ready ## the Dagster UI on 127.0.0.1:3000
	@$(BIN)/faultlines ui

report: .venv/ready ## write the weekly page again
	@$(BIN)/faultlines report weekly

lint: .venv/ready-dev ## ruff over all of it
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

bench: .venv/ready-dev ## time, memory and stages beside plain DuckDB, into benchmarks/results.md (SIZES="2000 100000 1000000")
	@$(BIN)/python -m benchmarks $(SIZES)

bench-analysis: .venv/ready-dev ## what fault lines, baselines and verdicts cost from 10,000 to 900,000 incidents, into benchmarks/analysis.md
	@$(BIN)/python -W ignore -m benchmarks.analysis

validate: .venv/ready-dev ## every bar of the methods beside naive ones on data whose truth is known, into docs/validation.md
	@$(BIN)/python -W ignore -m validation

accounting: .venv/ready-dev ## every line of a delivery with a fifth of hostile ones accounted for (RECORDS=1000000)
	@$(BIN)/python -m benchmarks.accounting --records $(or $(RECORDS),100000)

kills: .venv/ready-dev ## kill -9 at every point of a run and at 500 random moments, as a table (one to two hours)
	@$(BIN)/python -W ignore -m tests.battery.kills --steps
	@$(BIN)/python -W ignore -m tests.battery.kills --kills 500 --seed 1

battery: .venv/ready-dev ## all that must never happen, whole: syntax, meaning, faults, output
	@FAULTLINES_BATTERY=whole $(BIN)/python -m pytest tests/battery tests/browser -n 2 --dist loadfile

shown: .venv/ready-dev ## each case of the battery, seen to fail on a defect put in for it
	@$(BIN)/python -m tests.battery.shown

mutants: .venv/ready-dev ## 300,000 spoilt files through the whole of reading, as a table
	@$(BIN)/python -m tests.battery.mutants

fuzz: .venv/ready-dev ## a million spoilt records through the readers (about 5 minutes)
	@FAULTLINES_FUZZ_SECONDS=300 $(BIN)/python -m pytest tests/unit/test_reader_fuzz.py

lock: .venv/bin/uv ## resolve the dependencies again
	@for name in requirements requirements-dev; do \
	  extra=$$([ $$name = requirements-dev ] && echo "--extra dev -c requirements.lock"); \
	  $(UV) compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    $$extra pyproject.toml -o $$name.lock; done

examples/simulated/truth.json: .venv/ready $(wildcard pipelines/simulate/*.py) schemas/vocabularies.yml
	@rm -rf examples/simulated
	@$(BIN)/faultlines simulate --incidents 400 --seed 1 --out examples/simulated

setup: .venv/ready

clean: ## remove what was built; records, state folder and reports stay
	rm -rf .venv examples/simulated .pytest_cache .ruff_cache .hypothesis *.egg-info dbt_project/target dbt_project/logs schemas/generated logs
	rm -f dbt_project/macros/_generated.sql dbt_project/models/staging/_generated.yml

.venv/bin/uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; assert (3, 11) <= sys.version_info < (3, 15), "Faultlines needs Python 3.11 to 3.14"'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

.venv/ready: .venv/bin/uv requirements.lock pyproject.toml
	@echo "setting up .venv (once, about half a minute) …"
	@$(UV) install -q --compile-bytecode --require-hashes -r requirements.lock
	@$(UV) install -q --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pipelines.prepare
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@$(UV) install -q --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@
