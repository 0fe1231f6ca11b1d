# Simpul: set-up, run, tests. Every target sets itself up; nothing outside .venv is touched but
# the bytecode beside the sources.

# Debian's own Python is built with profile-guided optimisation, which a build from source is not
# unless told so: a request takes an eighth less (docs/performance.md). PYTHON=... takes another.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo /usr/bin/python3 || echo python3)
PORT ?= 4000
BIN := .venv/bin
PYTEST_WORKERS ?= 2

.DEFAULT_GOAL := help
SEEDS ?= 2000

.PHONY: help setup run test check oracle crash bench load clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: .venv/run.stamp ## install what running and the demo need, into .venv

run: .venv/run.stamp ## start the legacy fleet and the gateway over it (PORT=4000)
	@exec $(BIN)/simpul demo --port $(PORT)

test: .venv/dev.stamp ## run the tests; says what was skipped and why
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile $(ARGS)

check: .venv/dev.stamp ## formatting, lint, types and layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/architecture

oracle: .venv/dev.stamp tests/oracle/node/node_modules ## random worlds beside a monolith and the references, in one table (SEEDS=2000)
	@$(BIN)/python -m tests.oracle --seeds $(SEEDS) $(ARGS)
	@$(BIN)/python -m pytest -q tests/oracle/check_references.py tests/oracle/check_standalone.py

# Development only: foreign composers and planners to compare with, never shipped.
tests/oracle/node/node_modules: tests/oracle/node/package-lock.json
	@cd tests/oracle/node && npm install --no-save --no-audit --no-fund
	@touch $@

crash: .venv/dev.stamp ## kill the counter 1,000 times over each database (ARGS="--kills 1000 --database sqlite")
	@$(BIN)/python -m tests.crash $(ARGS)

bench: .venv/dev.stamp ## measure: see docs/performance.md
	@$(BIN)/python -m bench $(ARGS)

load: .venv/dev.stamp ## an outage under load, or a season at the counter (ARGS="--season --seconds 60")
	@$(BIN)/python -m bench.load_command $(ARGS)

clean: ## remove the environment and the state of the demo
	rm -rf .venv var

# uv resolves nothing here: the pinned files are complete. It takes pip's index, where one is set.
# All is compiled here, since a gateway that first compiles what it imports takes twice as long to
# be ready, and does so at each start where Python may not write.
define install
	@test -x $(BIN)/uv || { echo "creating .venv with $$($(PYTHON) --version) of $(PYTHON) ..."; $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
	@echo "installing $(1) ..."
	@index="$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true)"; \
	  VIRTUAL_ENV=.venv $${index:+env UV_DEFAULT_INDEX="$$index"} $(BIN)/uv pip install --compile-bytecode --require-hashes -r $(1) \
	  && VIRTUAL_ENV=.venv $${index:+env UV_DEFAULT_INDEX="$$index"} $(BIN)/uv pip install --quiet --no-deps --editable .
	@$(BIN)/python -m compileall -q adapters cache gateway schema
endef

.venv/run.stamp: requirements.txt pyproject.toml
	$(call install,requirements.txt)
	@touch $@

.venv/dev.stamp: requirements-dev.txt pyproject.toml
	$(call install,requirements-dev.txt)
	@touch $@ .venv/run.stamp
