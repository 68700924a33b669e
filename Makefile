# Two commands are enough: make run, make test.
PYTHON ?= python3
BIN := .venv/bin
TESTS ?= tests

.PHONY: run upgrade setup setup-dev lint test test-fast test-long test-faults bench lock texts sbom licences format clean screenshots

run: setup  ## Start everything on this machine; Ctrl-C stops it.
	@exec $(BIN)/python -m hall serve --first-hall examples/changshou/hall.toml

upgrade:  ## Backup, new code, its packages, its archive. Restart Sanban afterwards.
	$(BIN)/python -m hall backup
	git pull --ff-only
	$(MAKE) setup
	$(BIN)/python -m hall migrate
	@echo "Restart Sanban now. Back again: docs/operations.md"

setup: .venv/run.done
setup-dev: .venv/dev.done

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sanban needs Python 3.11 or newer; set PYTHON to one")'
	@$(PYTHON) -m venv .venv || (echo "python3-venv is missing: apt-get install python3-venv"; exit 1)

.venv/run.done: requirements.lock | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m compileall -q app.py hall kiosk display workers  # else the first start does it
	@touch $@

.venv/dev.done: requirements-dev.lock .venv/run.done
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

lint: setup-dev  ## Style, types, import layers, habits, what is known against packages.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit --quiet --severity-level medium --configfile pyproject.toml --recursive app.py hall kiosk display workers
	$(BIN)/python -m tests.supply audit

# One more worker than the cores CI has: much of a browser's test is waiting.
test: setup-dev  ## All tests but the long ones.
	@tests/install_system.sh
	$(BIN)/python -m tests.run_js
	$(BIN)/pytest $(TESTS) -n 3 --dist worksteal --timeout 300

test-fast: setup  ## The tests that need nothing but requirements.txt.
	$(BIN)/pytest

test-long: setup-dev  ## What takes longer: more random halls, longer loads.
	@tests/install_system.sh
	$(BIN)/pytest $(TESTS) -m long --timeout 3600

test-faults: setup-dev  ## Every fault under load and a thousand random kills; figures in bench/results/. An hour and a half.
	@tests/install_system.sh
	$(BIN)/pytest tests/faults -m "long or not long" --timeout 14400

bench: setup-dev  ## Speed beside a yardstick, in one run; results in bench/results/.
	@tests/install_system.sh
	$(BIN)/python -m bench

screenshots: setup-dev  ## The pictures in docs/screenshots, from a running system.
	@tests/install_system.sh
	$(BIN)/python -m tests.screenshots

sbom: setup-dev  ## Everything that is shipped, as CycloneDX: sbom.cdx.json.
	$(BIN)/python -m tests.supply sbom

licences: setup-dev  ## docs/licences.md, after a change of the packages.
	$(BIN)/python -m tests.supply licences

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup-dev  ## After a change of requirements*.txt.
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements.txt -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements-dev.txt -c requirements.lock -o requirements-dev.lock

clean:  ## Forget the environment and the caches; data in var/ stays.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
