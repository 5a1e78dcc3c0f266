# Everything a developer or CI does goes through here. Needed: Python >= 3.11, make, git and a
# package mirror. The rest is fetched into .venv and node_modules, by hash.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/runtime.stamp
DEV := $(VENV)/dev.stamp
POT := app/web/locale/retroduce.pot
# Copied last by hatch_build.py, so it is there only when all the others are.
STATIC := app/web/static/vendor/swagger-ui/NOTICE

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(if $(UPGRADE),--upgrade)

# Python keeps what it compiled: tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test browser lint fmt bench migration messages screenshots static wheel lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: $(RUNTIME) $(STATIC) ## load the seed review and serve it (SERVE=0: stop before serving; PORT=8000)
	@$(BIN)/retroduce demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(PORT),--port $(PORT))

test: lint $(STATIC) browser ## everything CI runs: lint, types, tests
	$(BIN)/python -m pytest -n 2

# Chromium for the browser tests: fetched where that needs nobody's leave, else named.
browser:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "No Chromium here: fetching it with apt-get"; \
		(apt-get -qq update && apt-get -qq install -y chromium) >/dev/null 2>&1 && exit 0; fi; \
	echo "No Chromium here: tests in a browser are skipped. Install chromium to run them." >&2

lint: $(DEV) ## style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fmt: $(DEV) ## rewrite files in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV) ## measure against the targets in docs/performance.md
	$(BIN)/python -m benchmarks

migration: $(DEV) ## write a migration from the models: make migration m="add a column"
	@test -n "$$m" || { echo 'Say what it does: make migration m="add a column"' >&2; exit 2; }
	$(BIN)/python -m app.migrations revision "$$m"
	$(BIN)/python -m app.dictionary
	$(BIN)/python -m app.exchange.archive.description

screenshots: $(DEV) $(STATIC) browser ## take the pictures in docs/images anew
	$(BIN)/python -m tests.browser.screenshots

messages: $(DEV) ## write the catalogue of words anew, and compile the translations there are
	$(BIN)/pybabel --quiet extract --mapping-file=babel.cfg --no-location --sort-output --no-wrap \
		--project=Retroduce --version=0 --copyright-holder="The Retroduce authors" \
		--header-comment="# The words of Retroduce's pages." --output=$(POT) app/web
	sed -i '/^"POT-Creation-Date/d' $(POT)
	@for po in app/web/locale/*/LC_MESSAGES/retroduce.po; do test -e "$$po" || continue; \
		$(BIN)/pybabel --quiet update --domain=retroduce --input-file=$(POT) --output-dir=app/web/locale; \
		$(BIN)/pybabel --quiet compile --domain=retroduce --directory=app/web/locale; break; done

static: $(STATIC) ## fetch the browser libraries by hash and stage them

wheel: $(DEV) $(STATIC) ## dist/: the sdist, and the wheel built from it
	rm -rf dist
	$(BIN)/python -m build --no-isolation

lock: $(DEV) ## write the locks again (UPGRADE=1: to the newest versions)
	$(LOCK) --group build -o requirements/build.txt
	$(LOCK) --group node -o requirements/node.txt
	$(LOCK) pyproject.toml -c requirements/build.txt -o requirements/runtime.txt
	$(LOCK) pyproject.toml --extra dev -c requirements/build.txt -c requirements/runtime.txt \
		-o requirements/dev.txt
	$(call npm,install --package-lock-only)
	$(BIN)/python hatch_build.py --tidy-lock

clean: ## remove what can be made again; the demo's and your own data stay
	rm -rf $(VENV) node_modules dist app/web/static/vendor
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find app alembic tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# npm from PATH, or the one that comes as a Python package.
npm = @export PATH="$$PATH:$(CURDIR)/$(BIN)"; \
	command -v npm >/dev/null || { echo "No npm here: fetching it into $(VENV)"; \
	$(PIP) --require-hashes -r requirements/node.txt; }; \
	echo "npm $(1)"; npm $(1)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Retroduce needs Python 3.11 or newer; $(PYTHON) is not." >&2; \
		echo "Name one that is: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The editable install is a step of its own: pip cannot check a folder's hash.
$(RUNTIME): requirements/build.txt requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(STATIC): package.json package-lock.json hatch_build.py | $(RUNTIME)
	$(call npm,ci --ignore-scripts --omit=optional)
	@$(BIN)/python hatch_build.py
