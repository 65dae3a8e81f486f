# Everything here sets itself up: a bare Debian 12 with Python 3.11 or newer and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE := demo/record.db
PAGES := README.md docs/model.md docs/formats.md docs/identities.md docs/ledger.md corpus/README.md
export PYTHONUTF8 = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help demo test format eval train bench clean

help:  ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

# The environment is built once, and again only when pyproject.toml changes.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Dragoman needs Python 3.11 or newer as $(PYTHON); another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python cannot make an environment yet; on Debian: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "Installing Dragoman into $(VENV) (once; about a minute)"
	@$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/installed-%: pyproject.toml | $(VENV)/installed
	@echo "Installing what '$*' needs into $(VENV) (once)"
	@$(BIN)/pip install --quiet --editable '.[$*]'
	@touch $@

demo: $(VENV)/installed  ## read examples/, print record and ledger, write report.html
	@mkdir -p demo
	@$(BIN)/dragoman read examples --store $(STORE)
	@$(BIN)/dragoman show --store $(STORE)
	@$(BIN)/dragoman show examples/visit.txt --store $(STORE)
	@$(BIN)/dragoman ledger Norway --store $(STORE)
	@$(BIN)/dragoman report examples/visit.txt --store $(STORE) -o report.html
	@echo 'Now open report.html, or the desk: $(BIN)/dragoman serve --store $(STORE) --open'

test: $(VENV)/installed-dev  ## all checks and tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m cogapp --check -PI docs $(PAGES)
	@$(BIN)/python -m pytest

format: $(VENV)/installed-dev  ## lay out the code, write the tables of the README
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/python -m cogapp -r -PI docs $(PAGES)

eval: $(VENV)/installed-dev  ## measure the reader; print the table, write eval/figures.json
	@$(BIN)/python -m eval.figures
	@$(BIN)/python -m eval.agreement
	@$(BIN)/python -m eval.reliability
	@$(BIN)/python -m eval.resolve
	@$(BIN)/python -m eval.joint
	@$(BIN)/python -m eval.ledger

train: $(VENV)/installed-train  ## train the reader again from nothing; about three hours
	@$(BIN)/python -m train.run

bench: $(VENV)/installed  ## how fast it starts, keeps and reads
	@$(BIN)/python bench/run.py

clean:  ## forget the environment, the demo and every cache
	rm -rf $(VENV) demo report.html .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
