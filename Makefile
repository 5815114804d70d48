# Each target sets up what it needs by itself: Python 3.11+ with venv, git and make are enough.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check format docs bench bench-turns clean

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Set up the environment in .venv

# uv where it is there, plain venv and pip otherwise.
$(READY): pyproject.toml constraints.txt scripts/setup.sh
	@VENV="$(VENV)" sh scripts/setup.sh
	@touch $(READY)

demo: $(READY) ## Speak three commands to a simulated home and see what happens
	@$(BIN)/sotto-hub demo $(ARGS)

run: $(READY) ## Start the hub, to stay
	@$(BIN)/sotto-hub serve $(ARGS)

test: $(READY) ## Run the tests
	@$(BIN)/python -m pytest $(ARGS)

# What starts the real programs keeps real time, and has the machine to itself.
check: $(READY) ## Format, lint, types, import directions, tests: what CI runs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -n 2 -m "not process"
	@$(BIN)/python -m pytest -m process

format: $(READY) ## Format the code and mend what can be mended by a tool
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(READY) ## Write the pages of docs/ that are made from the code
	@$(BIN)/python scripts/settings_page.py > docs/settings.md

bench: $(READY) ## Run every benchmark; make bench-NAME runs one
	@$(BIN)/python -m bench $(ARGS)

bench-turns: $(READY) ## Measure how turns are taken: the figures of docs/turn-taking.md
	@$(BIN)/python -m bench turn pauses interruptions overhead $(ARGS)

bench-%: $(READY)
	@$(BIN)/python -m bench $* $(ARGS)

clean: ## Remove the environment and everything built
	@rm -rf $(VENV) build dist bench/results demo-answers .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
