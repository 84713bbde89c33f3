# Every line of the README and of CI that does something calls one of these.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
WORKER := .venv-worker

.PHONY: help install peers search-peers worker-venv demo test check lint types layers docs clean
.DEFAULT_GOAL := help

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

install: $(STAMP) ## the virtual environment, with every version as in requirements.lock

# torch first and by itself: a CPU build where pip finds one, and nothing that follows may replace it.
# --no-deps because the lock is complete and surya's own pins would drag in CUDA (docs/decisions/0002).
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "$$(grep '^torch==' requirements.lock)"
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

peers: .venv-peers/.installed ## other PDF readers, in an environment of their own: eval read and bench read use them

.venv-peers/.installed: requirements-peers.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check -r requirements-peers.txt
	touch $@

search-peers: .venv-search-peers/.installed ## other vector stores, in an environment of their own, for bench index

.venv-search-peers/.installed: requirements-search-peers.txt
	$(PYTHON) -m venv .venv-search-peers
	.venv-search-peers/bin/pip install --quiet --disable-pip-version-check -r requirements-search-peers.txt
	touch $@

worker-venv: $(WORKER)/.installed ## RunPod's SDK, for the tests of our own worker (ocr/worker/)

# The packages of the worker's image; torch, 700 MB of it, is borrowed from the other environment.
$(WORKER)/.installed: ocr/requirements-worker.txt $(STAMP)
	$(PYTHON) -m venv $(WORKER)
	$(WORKER)/bin/pip install --quiet --disable-pip-version-check --no-deps -r ocr/requirements-worker.txt
	$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
	  > "$$($(WORKER)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/borrowed.pth"
	touch $@

demo: install ## one whole day on the bundled sample day
	$(BIN)/autoreader demo

test: install ## everything that needs no GPU and no internet
	$(BIN)/python -m pytest

check: lint types layers ## what must be clean before a commit

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

layers: install
	$(BIN)/lint-imports

docs: install ## the pictures in docs/, made from the demo (needs chromium)
	$(BIN)/python -m tests.browser.pictures docs/images

clean: ## everything that was made
	rm -rf $(VENV) $(WORKER) .mypy_cache .ruff_cache .pytest_cache
