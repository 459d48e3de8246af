# `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.
SHELL := /bin/bash
PORT ?= 8000
HOST ?= 127.0.0.1
export PORT HOST
PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test test-fast lint format journeys screenshots bench mutants refusals trials doctor setup setup-dev lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run:  ## install what is missing, then serve the registry at http://$HOST:$PORT until Ctrl-C
	@.ci/setup.sh run && exec $(PYTHON) manage.py serve --host "$$HOST" --port "$$PORT" $(if $(filter 0 no false,$(DEMO)),--no-demo)

test:  ## everything: lint, tests on SQLite and on PostgreSQL, journeys in a browser
	@.ci/test.sh all

test-fast:  ## tests on SQLite, stopping at the first failure (ARGS="tests/kernel -k scope")
	@.ci/setup.sh dev && exec $(PYTHON) -m pytest -x -q -n 2 --dist worksteal $(ARGS)

lint:  ## style, types, walls between apps, templates, migrations
	@.ci/setup.sh dev && exec .ci/lint.sh

format:  ## let ruff mend what it can
	@.ci/setup.sh dev && .venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

journeys:  ## the journeys in headless Chromium, on SQLite
	@.ci/test.sh journeys

screenshots:  ## what each journey saw last, as pictures (OUT=var/screenshots)
	@JOURNEY_SHOTS="$(abspath $(or $(OUT),var/screenshots))" .ci/test.sh journeys

trials:  ## hundreds of rounds of what `make test` tries a few times, on PostgreSQL (ROUNDS=200 SEED=1)
	@.ci/setup.sh dev && exec .ci/with-postgres.sh $(PYTHON) -m pytest -q -n 0 tests/trials $(ARGS)

bench:  ## the goals for speed and memory, as ratios within one run
	@.ci/setup.sh dev && exec $(PYTHON) -m tests.benchmarks $(ARGS)

mutants:  ## plant bugs one at a time in a copy and name those that no test sees (ARGS="--portion 1/4", ARGS="close_month")
	@.ci/setup.sh dev && exec $(PYTHON) -m tests.mutants $(ARGS)

refusals:  ## name the refusals of the services that no test reaches (ARGS="tests/documents/services")
	@.ci/setup.sh dev && exec $(PYTHON) -m tests.refusals $(ARGS)

doctor:  ## what is missing on this machine, and how to get it (in Chinese)
	@.ci/setup.sh run && exec $(PYTHON) manage.py doctor

setup:  ## install what running needs
	@.ci/setup.sh run

setup-dev:  ## install what the tests need
	@.ci/setup.sh dev

lock:  ## make both lock files anew from pyproject.toml (maintainers; needs uv)
	@.ci/lock.sh

clean:  ## remove caches and the virtual environment; the data in var/ stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
