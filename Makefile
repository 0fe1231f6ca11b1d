# Simpul: set-up, run, tests. Every target sets itself up; nothing outside .venv is touched.

PYTHON ?= python3
PORT ?= 4000
BIN := .venv/bin
PYTEST_WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench clean

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

bench: .venv/dev.stamp ## measure: see docs/performance.md
	@$(BIN)/python -m bench $(ARGS)

clean: ## remove the environment and the state of the demo
	rm -rf .venv var

# uv resolves nothing here: the pinned files are complete. It takes pip's index, where one is set.
define install
	@test -x $(BIN)/uv || { echo "creating .venv ..."; $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
	@echo "installing $(1) ..."
	@index="$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true)"; \
	  VIRTUAL_ENV=.venv $${index:+env UV_DEFAULT_INDEX="$$index"} $(BIN)/uv pip install --require-hashes -r $(1) \
	  && VIRTUAL_ENV=.venv $${index:+env UV_DEFAULT_INDEX="$$index"} $(BIN)/uv pip install --quiet --no-deps --editable .
endef

.venv/run.stamp: requirements.txt pyproject.toml
	$(call install,requirements.txt)
	@touch $@

.venv/dev.stamp: requirements-dev.txt pyproject.toml
	$(call install,requirements-dev.txt)
	@touch $@ .venv/run.stamp
