# Frugal Deep Learning: every command of the book. `make` alone lists them.
#
# Everything lives in .venv, made once from the pins of requirements.txt: first what a reader needs, then, when a
# command asks for it, what tests, website or benchmarks need. A call that is interrupted can be repeated.
#   PYTHON=/path/to/python3.12   which Python to make .venv with (3.11 to 3.14)
#   TORCH=cpu, TORCH=cuda        PyTorch without or with CUDA; left out: without, where Linux shows no NVIDIA GPU

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8000
BUDGET ?= 25m
WORKERS ?= 2
WHOLE_CHECK := -n $(WORKERS) --dist loadscope --no-loadscope-reorder -p utils.check.plugin $(HOLD_FORECAST)
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$p" -c '$(FITS)' 2>/dev/null && { echo "$$p"; break; }; done)

# What pip freezes on this machine and another one may not have: CUDA's parts (torch chooses them), Triton, local labels.
FOR_EVERY_MACHINE := -e '/^nvidia-/d' -e '/^cuda-/d' -e 's/^\(torch==[^+]*\)+.*/\1/' \
	-e 's/^\(triton==.*\)/\1; sys_platform == "linux"/'

.PHONY: help lab test site serve pdf labs slides bench gpu clean pins

help: ## List the commands
	@echo "Frugal Deep Learning. Commands:"
	@sed -n 's/^\([a-z][a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@echo "Options: PYTHON=/path/to/python3 (3.11 to 3.14), TORCH=cpu or cuda, LAB_ARGS=--no-browser,"
	@echo "  RUN_ARGS=, TEST_ARGS=, BENCH_ARGS= (passed on), PORT=$(PORT) (of serve), BUDGET=$(BUDGET) (of gpu),"
	@echo "  WORKERS=$(WORKERS) (of test)."

lab: $(READY) ## Open JupyterLab in workspace/ on a start page
	@$(BIN)/frugal lab $(LAB_ARGS)

# Every notebook runs once; the tests judge that run and build the site from it. A failed one fails its tests.
test: $(READY)-test ## Run all tests (TEST_ARGS: only these); says what was skipped and what the check costs
	$(if $(TEST_ARGS),,-@$(BIN)/frugal run --profile smoke --device cpu)
	@$(BIN)/python -m pytest $(or $(TEST_ARGS),$(WHOLE_CHECK))

site: $(READY)-site ## Run the notebooks that changed, then build the website into _build/html
	@$(BIN)/frugal run --profile quick $(RUN_ARGS)
	@$(BIN)/frugal site

serve: $(READY) ## Serve the built website at http://localhost:8000 (PORT=8000)
	@test -f _build/html/index.html || { echo "There is no website yet: call 'make site' first." >&2; exit 1; }
	@echo "http://localhost:$(PORT) (Ctrl-C ends it)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

pdf: $(READY)-browser ## Print the built website into one PDF; needs Chromium
	@$(BIN)/frugal pdf

labs: $(READY) ## Build the students' labs, solutions and graders into _build/labs
	@$(BIN)/frugal labs build

slides: $(READY)-site ## Make slides of the chapters from their executed notebooks
	@$(BIN)/frugal slides

bench: $(READY)-bench ## Measure the kernels beside their peers
	@$(BIN)/frugal bench $(BENCH_ARGS)

# What no machine without a GPU can do, the kernels' tests first; each result is in results/ as soon as it is there.
gpu: $(READY)-dev ## Compile and check the Triton kernels, measure, run full profiles within BUDGET=25m
	@$(BIN)/frugal run --profile full --device cuda --dry-run
	@$(BIN)/python -m pytest -q tests/kernels
	@$(BIN)/frugal bench --device cuda --json results/kernels.cuda.json $(BENCH_ARGS)
	@$(BIN)/frugal arena --profile full
	@$(BIN)/frugal run --profile full --device cuda --budget $(BUDGET) --record $(RUN_ARGS)

clean: ## Remove everything that can be built again (never workspace/, nor .venv)
	rm -rf _build .pytest_cache .ruff_cache .hypothesis

pins: ## Write requirements.txt anew from the ranges in pyproject.toml
	@$(check-python)
	$(PYTHON) -m venv --clear _build/pins
	_build/pins/bin/pip install --editable '.[dev]'
	{ head -n 1 requirements.txt; _build/pins/bin/pip freeze --all --exclude pip --exclude-editable | sed $(FOR_EVERY_MACHINE); } \
		> _build/requirements.txt
	mv _build/requirements.txt requirements.txt

# --- the environment ---------------------------------------------------------------------------------------------

# Completed when pins or metadata change, and when the mark names another folder: this one was moved or copied.
MADE_FOR := $(shell cat $(READY) 2>/dev/null)
PARTS := $(READY) $(addprefix $(READY)-,site browser test bench dev)
ifneq ($(MADE_FOR),$(CURDIR))
.PHONY: $(PARTS)
endif

$(PARTS): requirements.txt pyproject.toml
	@$(check-python)
	@"$(PYTHON)" -m utils.install $(if $(TORCH),--torch $(TORCH)) $(patsubst $(READY)-%,%,$(filter $(READY)-%,$@))

define check-python
if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then \
	echo "Python 3.11 to 3.14 is needed$(if $(PYTHON), and '$(PYTHON)' is not): install it (apt install python3 python3-venv, or brew install python@3.13), or name it: make PYTHON=/path/to/python3 ..." >&2; exit 1; fi
endef
