# Every target sets up what it needs in .venv: nothing else is asked for but Python 3.11 or newer.

PYTHON ?= python3
MUTANTS_AT_ONCE ?= 2
BIN := .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint types schemas docs-rules lowest deep fuzz mutants figures snapshot
.DEFAULT_GOAL := test

demo: .venv/demo ## Turn a file of stored legacy events into 2.0 events and say what changed and what is wrong.
	@mkdir -p .demo
	@echo 'A stored legacy event:'
	@sed -n 2p fixtures/streams/mixed.ndjson
	@echo 'tcspec migrate fixtures/streams/mixed.ndjson .demo/events.ndjson --rejects .demo/rejects.ndjson'
	@$(BIN)/tcspec migrate fixtures/streams/mixed.ndjson .demo/events.ndjson --rejects .demo/rejects.ndjson || test $$? -eq 1
	@echo 'The same event now:'
	@sed -n 2p .demo/events.ndjson
	@echo 'Why the first lines were rejected:'
	@head -n 3 .demo/rejects.ndjson.reasons.ndjson

test: .venv/test .venv-generator/installed ## Run the whole test suite.
	$(BIN)/pytest --numprocesses 2 --cov --cov-report term

fuzz: .venv/test ## Fuzz every reader, SECONDS each; write the figures to FIGURES when it is given.
	PYTHONPATH=tests $(BIN)/python -m fuzz --seconds $(or $(SECONDS),300) $(if $(FIGURES),--figures $(FIGURES))

lint: .venv/dev ## Check style, layers, docstrings, dependencies and spelling.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet
	$(BIN)/deptry .
	$(BIN)/codespell

types: .venv/dev ## Check types.
	$(BIN)/mypy

mutants: .venv/mutants ## Change the code in thousands of ways and count which changes the tests notice.
	rm -rf mutants
	$(BIN)/python tests/lab/mutation/run.py run --max-children $(MUTANTS_AT_ONCE)
	$(BIN)/python tests/lab/mutation/again.py --max-children $(MUTANTS_AT_ONCE)
	$(BIN)/python tests/lab/mutation/figures.py
	$(BIN)/python tests/lab/figures.py

schemas: .venv/demo ## Write the published schemas anew from the models.
	$(BIN)/tcspec schema --write schemas

docs-rules: .venv/demo ## Write docs/rules.md from the codes and the rules.
	$(BIN)/tcspec rules --format markdown > docs/rules.md

deep: .venv/test .venv-generator/installed ## Try all that is tried at length on a million payloads, and fuzz for minutes; half an hour and more.
	TCSPEC_REQUIRE_NODE=1 TCSPEC_REQUIRE_GENERATOR=1 $(BIN)/python tests/lab/deep.py --figures docs/figures/deep.json
	TCSPEC_DEEP=1 $(BIN)/pytest --quiet tests/lab/costs/test_costs.py
	$(MAKE) fuzz SECONDS=60 FIGURES=docs/figures/fuzz.json
	$(BIN)/python tests/lab/kills.py --kills 500 --figures docs/figures/kills.json
	$(BIN)/python tests/lab/figures.py

figures: .venv/test ## Write the last figures of the deep tests into docs/testing.md.
	$(BIN)/python tests/lab/figures.py

snapshot: .venv/demo ## Keep the present schemas as those of the release that is being made.
	$(BIN)/python tests/released_schemas.py "$$($(BIN)/python -c 'import tcspec; print(tcspec.__version__)')"

# What is left out installs an environment of its own, reads a page in a browser, or counts and checks our own code.
lowest: .venv-lowest/installed .venv-generator/installed ## Run the suite with the lowest versions of the dependencies that are allowed.
	HYPOTHESIS_PROFILE=quick .venv-lowest/bin/pytest --numprocesses 2 --quiet \
		$(addprefix --ignore=tests/test_,hook.py reporters_page.py costs.py expressions.py fuzz.py)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml
	$(PIP) --editable .
	@touch $@

.venv/test: .venv/bin/python pyproject.toml
	$(PIP) --editable '.[test,fuzz]'
	@touch $@ .venv/demo

# An environment of its own: the generator asks for an older jsonschema-rs than the newest, which is what is tested.
.venv-generator/installed: pyproject.toml
	$(PYTHON) -m venv .venv-generator
	.venv-generator/bin/python -m pip install --quiet --disable-pip-version-check '.[generator]'
	@touch $@

.venv/dev: .venv/bin/python pyproject.toml
	$(PIP) --editable '.[dev]'
	@touch $@ .venv/test .venv/demo

.venv/mutants: .venv/bin/python pyproject.toml
	$(PIP) --editable '.[mutants]'
	@touch $@ .venv/test .venv/demo

.venv-lowest/installed: pyproject.toml
	$(PYTHON) -m venv --clear .venv-lowest
	sed -n '/^dependencies = \[/,/^\]/s/^  "\(.*\)>=\(.*\)",$$/\1==\2/p' pyproject.toml > .venv-lowest/lowest.txt
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test,fuzz]' --constraint .venv-lowest/lowest.txt
	@touch $@
