# Each target sets up what it needs by itself: Python 3.11+ with venv, git and make are enough.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo run page test check check-code check-page format docs bench bench-turns conversations tour pictures clean

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PAGE := hub/api/built_page/index.html
PAGE_SOURCES := $(shell find web_dashboard -name node_modules -prune -o -type f ! -name types.ts -print)

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Set up the environment in .venv

# uv where it is there, plain venv and pip otherwise.
$(READY): pyproject.toml constraints.txt scripts/setup.sh
	@VENV="$(VENV)" sh scripts/setup.sh
	@touch $(READY)

demo: $(READY) ## Speak three commands to a simulated home and see what happens
	@$(BIN)/sotto-hub demo $(ARGS)

run: $(READY) ## Start the hub, to stay
	@$(MAKE) --no-print-directory $(PAGE) || echo "The dashboard's page could not be built: the hub runs without it."
	@$(BIN)/sotto-hub serve $(ARGS)

page: $(READY) $(PAGE) ## Build the dashboard's page, if what it is made of has changed

$(PAGE): $(PAGE_SOURCES) scripts/page.sh | $(READY)
	@VENV="$(VENV)" sh scripts/page.sh build

# What keeps real time has the machine to itself.
test: $(READY) ## Run the tests; ARGS=tests/hub/rooms runs some
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest -n 2 -m "not alone and not tour"
	@$(BIN)/python -m pytest -m "alone and not tour" $$(grep -rl --include='test_*.py' mark.alone tests)
endif

check: $(READY) ## Format, lint, types, import directions, page, tests: what CI runs
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-code check-page
	@$(MAKE) --no-print-directory test ARGS=

check-code: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

check-page: $(READY)
	@VENV="$(VENV)" sh scripts/page.sh check
	@$(MAKE) --no-print-directory page

format: $(READY) ## Format the code and mend what can be mended by a tool
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@[ ! -d web_dashboard/node_modules ] || (cd web_dashboard && npm run --silent format)

docs: $(READY) ## Write the pages of docs/ that are made from the code
	@$(BIN)/python scripts/settings_page.py > docs/settings.md
	@$(BIN)/python scripts/api_page.py > docs/api.md
	@$(BIN)/python scripts/openapi.py > web_dashboard/openapi.json
	@$(BIN)/python scripts/hub_words.py > web_dashboard/src/i18n/en/hub.json
	@$(BIN)/python scripts/settings_words.py > web_dashboard/src/i18n/en/hub_settings.json

bench: $(READY) ## Run every benchmark; make bench-NAME runs one
	@$(BIN)/python -m bench $(ARGS)

bench-turns: $(READY) ## Measure how turns are taken: the figures of docs/turn-taking.md
	@$(BIN)/python -m bench turn pauses interruptions overhead $(ARGS)

conversations: $(READY) ## Hold ten conversations in a room that echoes: real sound, 4 minutes
	@SOTTO_RUNS=$${SOTTO_RUNS:-10} $(BIN)/python -m pytest -s tests/satellite/test_conversation_in_a_room.py $(ARGS)

tour: $(READY) page ## Go through the whole dashboard in a browser: each role, language, width: 7 minutes
	@$(BIN)/python -m pytest -n 2 -m tour tests/dashboard $(ARGS)

pictures: $(READY) page ## Take the pictures of the dashboard: docs/images/
	@SOTTO_PICTURES=docs/images $(BIN)/python -m pytest tests/dashboard/test_pictures.py $(ARGS)

bench-%: $(READY)
	@$(BIN)/python -m bench $* $(ARGS)

clean: ## Remove the environment and everything built
	@rm -rf $(VENV) build dist web_dashboard/node_modules hub/api/built_page bench/results demo-answers .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
