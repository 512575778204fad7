# Frugal Deep Learning: every command of the book. `make` alone lists them.
#
# Everything lives in .venv, made once from the pins of requirements.txt. A call that is interrupted can be repeated.
#   PYTHON=/path/to/python3.12   which Python to make .venv with (3.11 or newer)
#   TORCH=cpu                    PyTorch without CUDA: on Linux that saves gigabytes; needs PyTorch's own package index

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8000
BUDGET ?= 25m
TORCH_CPU_INDEX := https://download.pytorch.org/whl/cpu
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(NEW_ENOUGH)' 2>/dev/null && { echo "$$p"; break; }; done)

# What pip freezes on this machine and another one may not have: CUDA's parts (torch chooses them), Triton, local labels.
FOR_EVERY_MACHINE := -e '/^nvidia-/d' -e '/^cuda-/d' -e 's/^\(torch==[^+]*\)+.*/\1/' \
	-e 's/^\(triton==.*\)/\1; sys_platform == "linux"/'

.PHONY: help lab test site serve pdf labs slides bench gpu clean pins

help: ## List the commands
	@echo "Frugal Deep Learning. Commands:"
	@sed -n 's/^\([a-z][a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@echo "Options: PYTHON=/path/to/python3 (3.11 or newer), TORCH=cpu (no CUDA on Linux), LAB_ARGS=--no-browser,"
	@echo "  RUN_ARGS=, TEST_ARGS=, BENCH_ARGS= (passed on), PORT=$(PORT) (of serve), BUDGET=$(BUDGET) (of gpu)."

lab: $(READY) ## Open JupyterLab in workspace/ on a start page
	@$(BIN)/frugal lab $(LAB_ARGS)

test: $(READY) ## Run all tests; says what was skipped and why
	@$(BIN)/python -m pytest $(TEST_ARGS)

site: $(READY) ## Run the notebooks that changed, then build the website into _build/html
	@$(BIN)/frugal run --profile quick $(RUN_ARGS)
	@$(BIN)/frugal site

serve: $(READY) ## Serve the built website at http://localhost:8000 (PORT=8000)
	@test -f _build/html/index.html || { echo "There is no website yet: call 'make site' first." >&2; exit 1; }
	@echo "http://localhost:$(PORT) (Ctrl-C ends it)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

pdf: $(READY) ## Print the built website into one PDF; needs Chromium
	@$(BIN)/frugal pdf

labs: $(READY) ## Build the students' labs, solutions and graders into _build/labs
	@$(BIN)/frugal labs build

slides: $(READY) ## Make slides of the chapters from their executed notebooks
	@$(BIN)/frugal slides

bench: $(READY) ## Measure the kernels beside their peers
	@$(BIN)/frugal bench $(BENCH_ARGS)

# What no machine without a GPU can do, the kernels' tests first; each result is in results/ as soon as it is there.
gpu: $(READY) ## Compile and check the Triton kernels, measure, run full profiles within BUDGET=25m
	@$(BIN)/frugal run --profile full --device cuda --dry-run
	@$(BIN)/python -m pytest -q tests/kernels tests/test_recorded.py
	@$(BIN)/frugal bench --device cuda --json results/kernels.cuda.json $(BENCH_ARGS)
	@$(BIN)/frugal arena --profile full
	@$(BIN)/frugal run --profile full --device cuda --budget $(BUDGET) --record $(RUN_ARGS)

clean: ## Remove everything that can be built again (never workspace/, nor .venv)
	rm -rf _build .pytest_cache .ruff_cache .hypothesis

pins: ## Write requirements.txt anew from the ranges in pyproject.toml
	@$(check-python)
	$(PYTHON) -m venv --clear _build/pins
	$(if $(filter cpu,$(TORCH)),_build/pins/bin/pip install torch --index-url $(TORCH_CPU_INDEX))
	_build/pins/bin/pip install '.[test,bench]'
	{ head -n 1 requirements.txt; _build/pins/bin/pip freeze --all --exclude pip --exclude frugal-deep-learning | sed $(FOR_EVERY_MACHINE); } \
		> _build/requirements.txt
	mv _build/requirements.txt requirements.txt

# --- the environment ---------------------------------------------------------------------------------------------

# Made anew when pins or metadata change. The mark is set last, so that an interrupted installation goes on next time.
$(READY): requirements.txt pyproject.toml
	@$(check-python)
	@echo "Preparing $(VENV): this takes some minutes, once."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@$(BIN)/python -c '$(NEW_ENOUGH)' || { echo "$(VENV) holds an old Python: remove it (rm -rf $(VENV)) and call again." >&2; exit 1; }
	$(if $(filter cpu,$(TORCH)),$(BIN)/python -m pip install --index-url $(TORCH_CPU_INDEX) "$$(grep '^torch==' requirements.txt)")
	$(BIN)/python -m pip install --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

define check-python
if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c '$(NEW_ENOUGH)' 2>/dev/null; then \
	echo "Python 3.11 or newer is needed$(if $(PYTHON), and '$(PYTHON)' is not): install it (apt install python3 python3-venv, or brew install python), or name it: make PYTHON=/path/to/python3 ..." >&2; exit 1; fi; \
if ! "$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null; then \
	echo "'$(PYTHON)' comes without venv: install it (apt install python3-venv) and call again." >&2; exit 1; fi
endef
