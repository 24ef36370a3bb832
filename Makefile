# make demo   from an empty machine to a grounded answer: environment, built-in data, training, scores, questions, page
# make test   environment with dev extras and a browser, then the whole test suite
# make lint   ruff, mypy, import contracts       make docs   the documentation as a site in docs/_build
# make bench  the benchmarks, each against its named baseline       make setup   environment and page only
# make lmms-eval   the unmodified lmms-eval asks our server, from an environment of its own; prints its table
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Set to override, e.g. `make test PYTEST_ARGS="-n 4"`; two workers suit a machine of two cores.
PYTEST_ARGS ?= -n 2 --dist loadscope
PAGE := explorer/page
DIST := explorer/static/dist
PAGE_SOURCES := $(shell find $(PAGE) -type f -not -path '*/node_modules/*' 2>/dev/null)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export HF_HUB_OFFLINE := 1

.PHONY: help setup demo test lint docs bench page browser lmms-eval clean

help:
	@grep -E '^# make|^# make lint' Makefile | sed 's/^# //'

$(BIN)/python:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "groundgraph needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"'
	$(PYTHON) -m venv $(VENV)

# One pip call with every version pinned: about two minutes, no compiler.
$(VENV)/.installed: constraints.txt setup.cfg | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[train,video,llm,explorer,dev]'
	@touch $@

# The page is TypeScript, built from its lock file; nothing of it is committed.
$(DIST)/index.html: $(PAGE_SOURCES)
	npm ci --prefix $(PAGE) --no-audit --no-fund
	npm run build --prefix $(PAGE)

page: $(DIST)/index.html

setup: $(VENV)/.installed page

# The browser tests drive Debian's Chromium; elsewhere any Chromium named by CHROMIUM will do.
browser:
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { \
		echo "installing chromium for the browser tests"; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
		echo "no chromium: the tests marked web will say that they skip; install it or set CHROMIUM"

test: setup browser
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[docs]'
	$(BIN)/sphinx-build -q -W docs docs/_build

# All but the comparison of trained models, which takes hours: see benchmarks/toyworld_models.py.
BENCHMARKS := $(filter-out benchmarks/toyworld_models.py benchmarks/video_models.py benchmarks/crowds.py \
    benchmarks/lmms_eval_tasks.py,$(wildcard benchmarks/*.py))
bench: setup
	@for program in $(BENCHMARKS); do echo "== $$program"; $(BIN)/python $$program || exit 1; done

# lmms-eval wants other versions of much: it has an environment of its own, and is installed without what it
# asks for beyond the requirements here (a CUDA build of torchvision among it). All its data sets are made here.
LMMS := .venv-lmms
$(LMMS)/.installed: benchmarks/lmms_fixtures/requirements.txt
	$(PYTHON) -m venv $(LMMS)
	$(LMMS)/bin/python -m pip install --quiet --no-deps --requirement $<
	$(LMMS)/bin/python -m pip install --quiet --no-deps lmms-eval==0.7.3
	@touch $@

lmms-eval: setup $(LMMS)/.installed
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/lmms_eval_tasks.py --lmms $(LMMS)/bin/lmms-eval

demo: setup
	$(BIN)/python tools/demo.py

clean:
	rm -rf $(VENV) $(LMMS) $(DIST) $(PAGE)/node_modules docs/_build
