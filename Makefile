# Every target sets up what it needs in .venv; a machine only needs Python 3.11 or newer, make and git.

PYTHON ?= python3
MUTANTS_AT_ONCE ?= 2
BIN := .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# All tests of a file run in one process, in the order of the file, so that every run is the same.
PARALLEL := --numprocesses auto --maxprocesses 8 --dist loadfile
QUICK := $(PARALLEL) -m "not slow" --ignore tests/acceptance --ignore tests/lab
# The C compiler, where it and the headers of Python are installed.
CC_HERE := $(shell test -f "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" && command -v cc)
LAB = PYTHONPATH=tests $(BIN)/python -m lab

.PHONY: demo test acceptance lowest compiled coverage lint types schemas docs docs-rules fixtures deep fuzz mutants figures bench snapshot release-check
.DEFAULT_GOAL := test

demo: .venv/demo ## Migrate a file of stored legacy events and show what changed and what was rejected.
	@mkdir -p .demo
	@echo 'A stored legacy event:'
	@sed -n 2p fixtures/streams/mixed.ndjson
	@echo 'tcspec migrate fixtures/streams/mixed.ndjson .demo/events.ndjson --rejects .demo/rejects.ndjson --force'
	@$(BIN)/tcspec migrate fixtures/streams/mixed.ndjson .demo/events.ndjson --rejects .demo/rejects.ndjson --force || test $$? -eq 1
	@echo 'The same event now:'
	@sed -n 2p .demo/events.ndjson
	@echo 'Why the first lines were rejected:'
	@head -n 3 .demo/rejects.ndjson.reasons.ndjson

test: .venv/test ## Run the tests to run while you work: units, fixtures, properties, command line. Three minutes.
	$(BIN)/pytest $(QUICK)

# In these folders all tests do more than in `make test`; in the others the slow ones and the properties do.
MORE := tests/test_benchmarks.py tests/acceptance tests/lab tests/contract tests/models tests/properties tests/reporters
# In this order, the longest files first: one that began last would keep the other processes waiting.
ACCEPTANCE = TCSPEC_ACCEPTANCE=1 HYPOTHESIS_PROFILE=normal $(BIN)/pytest $(PARALLEL) --no-loadscope-reorder --quiet

acceptance: .venv/acceptance .venv-generator/installed .venv-s3/installed .venv-release/installed lowest $(if $(CC_HERE),compiled) ## Run what `make test` leaves out: more examples, Node, Chromium, valgrind, services and the lab, where they are installed.
	$(ACCEPTANCE) --durations 30 $(MORE)
	$(ACCEPTANCE) -m "slow or hypothesis" $(addprefix --ignore ,$(MORE))

# Besides the units, the answers of the vendor and the tables of PostgreSQL depend on other packages. The examples of
# hypothesis are left out: what a dependency does otherwise shows on the fixtures.
LOWEST := $(filter-out tests/__pycache__/ tests/acceptance/ tests/lab/,$(wildcard tests/*/)) $(wildcard tests/test_*.py) tests/acceptance/vendor tests/acceptance/postgres

lowest: .venv-lowest/installed ## Run the tests with the lowest versions of the dependencies that are allowed.
	.venv-lowest/bin/pytest $(PARALLEL) --quiet -m "not slow and not hypothesis" $(LOWEST)

# Those that run what is compiled. Nothing of the checkout stands before what is installed: neither its root nor, in a
# process of a test, the folder that it runs in.
COMPILED := tests/test_compiled.py tests/test_vendors.py tests/contract/test_clean_events.py tests/contract/test_counting.py tests/fixtures tests/jsontext tests/migration tests/upgrades $(addprefix tests/properties/test_,exceptions.py upgrade.py upgrade_styles.py validation.py)

compiled: .venv-compiled/installed ## Run the tests of compiled modules on the compiled wheel; needs a C compiler.
	TCSPEC_REQUIRE_COMPILED=1 PYTHONSAFEPATH=1 .venv-compiled/bin/pytest $(PARALLEL) --override-ini pythonpath=tests --quiet -m "not slow" $(COMPILED)

coverage: .venv/acceptance ## Run the tests of `make test` and measure which lines and branches they run.
	$(BIN)/pytest $(QUICK) --quiet --cov --cov-report term

lint: .venv/dev ## Check style, layers, docstrings, dependencies and spelling.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet
	$(BIN)/deptry .
	$(BIN)/codespell

types: .venv/dev ## Check types.
	$(BIN)/mypy

schemas: .venv/demo ## Write the published schemas from the models.
	$(BIN)/tcspec schema --write schemas

docs: .venv/docs ## Build the documentation, build/docs/index.html; warnings are errors.
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet --write-all --doctree-dir build/doctrees docs build/docs

docs-rules: .venv/demo ## Write docs/rules.md from the codes and the rules; copy docs/contradictions.md into the package.
	cp docs/contradictions.md tcspec/contract/contradictions.md
	$(BIN)/tcspec rules --format markdown > docs/rules.md

fixtures: .venv/test ## Write the generated fixtures, fixtures/streams, from the others.
	PYTHONPATH=tests $(BIN)/python -m fixtures.streams

fuzz: .venv/acceptance ## Fuzz every reader, SECONDS each; write the figures to FIGURES when it is set.
	$(LAB).fuzz --seconds $(or $(SECONDS),300) $(if $(FIGURES),--figures $(FIGURES))

deep: .venv/acceptance .venv-generator/installed .venv-lowest/installed ## Run the tests of tests/lab at length: a million payloads, minutes of fuzzing, 700 killed migrations, a million events of each store. Two hours.
	TCSPEC_REQUIRE_NODE=1 TCSPEC_REQUIRE_GENERATOR=1 $(LAB).deep --figures docs/figures/deep.json
	TCSPEC_DEEP=1 TCSPEC_ACCEPTANCE=1 $(BIN)/pytest $(PARALLEL) --quiet tests/lab/costs tests/contract tests/models
	TCSPEC_ACCEPTANCE=1 HYPOTHESIS_PROFILE=long $(BIN)/pytest $(PARALLEL) --quiet -m hypothesis --ignore tests/acceptance --ignore tests/lab
	.venv-lowest/bin/pytest $(PARALLEL) --quiet -m hypothesis $(LOWEST)
	$(MAKE) coverage
	$(MAKE) fuzz SECONDS=60 FIGURES=docs/figures/fuzz.json
	$(LAB).kills --kills 500 --figures docs/figures/kills.json
	TCSPEC_REQUIRE_POSTGRES=1 $(LAB).table_kills --kills 200 --figures docs/figures/table_kills.json
	TCSPEC_REQUIRE_POSTGRES=1 TCSPEC_REQUIRE_SPARK=1 $(LAB).million --events 1000000 --figures docs/figures/million.json
	$(LAB).figures

mutants: .venv/mutants ## Run mutation testing: change the code in thousands of ways and count how many changes the tests notice.
	rm -rf mutants
	$(LAB).mutation.run run --max-children $(MUTANTS_AT_ONCE)
	$(LAB).mutation.retry --max-children $(MUTANTS_AT_ONCE)
	$(LAB).mutation.figures
	$(LAB).figures

figures: .venv/test ## Write the figures of the last runs into docs/testing.md.
	$(LAB).figures

bench: .venv-bench/installed $(if $(CC_HERE),.venv-compiled/installed) ## Measure the speed beside other tools; write benchmarks/results.json and docs/performance.md. Ten minutes.
	.venv-bench/bin/python -m benchmarks --write $(BENCH)

release-check: .venv-release/installed ## Build the release of the last commit into dist/, and test it as its users get it; of a TAG when it is set.
	PYTHONPATH=tests .venv-release/bin/python -m lab.release dist $(if $(TAG),--tag $(TAG))

snapshot: .venv/test ## Keep the current schemas as those of the release that is being made.
	PYTHONPATH=tests $(BIN)/python -m released_schemas "$$($(BIN)/python -c 'import tcspec; print(tcspec.__version__)')"

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml
	$(PIP) --editable .
	@touch $@

.venv/test: .venv/bin/python pyproject.toml
	$(PIP) --editable '.[test]'
	@touch $@ .venv/demo

.venv/acceptance: .venv/bin/python pyproject.toml
	$(PIP) --editable '.[acceptance,spark]'
	@touch $@ .venv/docs .venv/test .venv/demo

.venv/dev: .venv/bin/python pyproject.toml
	$(PIP) --editable '.[dev,spark]'
	@touch $@ .venv/acceptance .venv/docs .venv/test .venv/demo

.venv/docs: .venv/bin/python pyproject.toml
	$(PIP) --editable '.[docs]'
	@touch $@ .venv/demo

.venv/mutants: .venv/bin/python pyproject.toml
	$(PIP) --editable '.[mutants]'
	@touch $@ .venv/test .venv/demo

# An environment of its own, because the generator needs an older jsonschema-rs than the newest, which we test with.
.venv-generator/installed: pyproject.toml
	$(PYTHON) -m venv .venv-generator
	.venv-generator/bin/python -m pip install --quiet --disable-pip-version-check --no-compile '.[generator]'
	@touch $@

# Of its own too, because the server needs another version of the library that reads S3.
.venv-s3/installed: pyproject.toml
	$(PYTHON) -m venv .venv-s3
	.venv-s3/bin/python -m pip install --quiet --disable-pip-version-check --no-compile '.[s3-server]'
	@touch $@

.venv-release/installed: pyproject.toml
	$(PYTHON) -m venv .venv-release
	.venv-release/bin/python -m pip install --quiet --disable-pip-version-check --no-compile '.[release]'
	@touch $@

.venv-lowest/installed: pyproject.toml
	$(PYTHON) -m venv --clear .venv-lowest
	sed -n '/^dependencies = \[/,/^\]/s/^  "\(.*\)>=\(.*\)",$$/\1==\2/p; s/^parquet = \["\(.*\)>=\(.*\)"\]$$/\1==\2/p' pyproject.toml > .venv-lowest/lowest.txt
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --editable '.[acceptance]' --constraint .venv-lowest/lowest.txt
	@touch $@

# Built from the sdist: in the checkout the compiled modules would be left beside the others, and be used. The checkout is
# searched too, behind what is installed: benchmarks/ is there.
.venv-compiled/installed: pyproject.toml $(shell find tcspec schemas -name '*.py' -o -name '*.json' -o -name '*.toml')
	$(PYTHON) -m venv --clear .venv-compiled
	.venv-compiled/bin/python -m pip install --quiet --disable-pip-version-check --no-compile hatchling
	.venv-compiled/bin/python -m hatchling build --target sdist --directory .venv-compiled/sdist
	HATCH_BUILD_HOOK_ENABLE_MYPYC=true .venv-compiled/bin/python -m pip install --quiet --disable-pip-version-check --no-compile "$$(echo .venv-compiled/sdist/*)[test]"
	echo '$(CURDIR)' > "$$(.venv-compiled/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/checkout.pth"
	@touch $@

.venv-bench/installed: pyproject.toml benchmarks/contestants/node/package-lock.json
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --editable '.[bench]'
	if command -v npm > /dev/null; then cd benchmarks/contestants/node && npm ci --ignore-scripts --silent; fi
	@touch $@
