# The only entrance a newcomer needs; `make help` lists what it can do.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.locked
# On every core; a file's tests stay together, since what its fixtures make is shared. WORKERS=0 is one after another.
WORKERS ?= auto
PYTEST = $(RUN) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# What is compiled is kept: each of the engine's processes would compile all of it anew, and so would each worker.
unexport PYTHONDONTWRITEBYTECODE
PEERS := .peers/.locked
MUTATION := .mutation/.locked
BROWSER := .browser/.ready

.DEFAULT_GOAL := help
.PHONY: help setup up preview verify down status shell test lint unit engine thorough faults bench differential \
	rewriting fuzz mutation docs lock toolchain browser release

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## make the locked virtual environment .venv

up: $(READY) ## make stack dev in the sandbox, with the policy pack enforced, and show who can sign in to what
	@$(RUN) -P -m sandbox up

preview: $(READY) ## show what `make up` would change
	@$(RUN) -P -m sandbox preview

verify: $(READY) ## sign somebody in, and show what their portal offers and who STS says they are: make verify PERSON=ada
	@$(RUN) -P -m sandbox verify $(or $(PERSON),ada)

down: $(READY) ## end this checkout's sandbox
	@$(RUN) -P -m sandbox down

status: $(READY) ## tell whether this checkout's sandbox runs, and where
	@$(RUN) -P -m sandbox status

shell: $(READY) ## a shell in which pulumi, the AWS CLI and boto3 work against the sandbox
	@$(RUN) -P -m sandbox shell

test: ## everything that must hold: lint, types, unit tests, engine tests; what fails keeps no other from running
	@status=0; told=; for tier in lint unit engine; do \
		began=$$(date +%s); ended=passed; $(MAKE) --no-print-directory $$tier || { ended=FAILED; status=1; }; \
		told="$$told\n  $$tier $$ended after $$(($$(date +%s) - began)) s"; \
	done; printf "make test:$$told\n"; exit $$status

lint: $(READY) ## style, types, and which part may import which
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	@for entry in __main__.py components/__main__.py policies/__main__.py; do $(RUN) -m mypy $$entry || exit 1; done

# Two for each core, since they wait for AWS's API on loopback, for subprocesses and for a browser.
unit: WORKERS := $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN))
unit: $(READY) $(BROWSER) ## tests that need no engine (minutes; gets a Chromium once): make unit WORKERS=1
	$(PYTEST) -m "not engine"

browser: $(READY) $(BROWSER) ## the report's page in headless Chromium, in full
	BROWSER_TESTS=all $(RUN) -m pytest -q -m browser

engine: $(READY) ## tests that drive the real Pulumi engine in the sandbox, one for each worker (minutes)
	$(PYTEST) -m "engine and not thorough and (not faults or fast)"

thorough: $(READY) ## the engine's other cases, of which make test runs a few of each kind (a quarter of an hour)
	$(PYTEST) -m "engine and thorough and (not faults or fast)"

faults: $(READY) ## real updates on bad days, killed at random moments, or refused an action (hours): make faults SEED=1 N=20
	FALLS_SEED=$(or $(SEED),1) FALLS=$(or $(N),20) $(RUN) -m pytest -q -s -m faults

bench: $(READY) $(PEERS) ## what things cost, side by side, as ratios, and beside other checkers (hours; needs Node)
	@status=0; for part in verdicts_beside_peers chains who_can model_size preview_with_pack preview_of_components \
		name_lookups preview_of_changes preview_in_engine state_size apply_speed adoption; do \
		echo "bench/$$part.py"; $(RUN) bench/$$part.py || status=1; \
	done; for part in chains_beside_peers report; do \
		echo "bench/$$part.py"; $(RUN) -m bench.$$part || status=1; \
	done; exit $$status

differential: $(READY) $(PEERS) ## the evaluator against a slow, obvious one and a peer (needs Node): make differential SEED=1 N=100000
	$(RUN) -m tests.differential.run $(or $(SEED),1) $(or $(N),100000)
	$(RUN) -m tests.differential.against_peer $(or $(SEED),1) $(or $(N),100000) \
		.peers/iam-simulate/node_modules/@cloud-copilot/iam-simulate
	$(RUN) -m tests.differential.whole_requests $(or $(SEED),1) $(or $(N),100000) \
		.peers/iam-simulate/node_modules/@cloud-copilot/iam-simulate

rewriting: $(READY) ## the labelled policies in other words, which must change no verdict: make rewriting SEED=1 N=20
	$(RUN) tests/properties/run_rewriting.py $(or $(SEED),1) $(or $(N),20)

fuzz: $(READY) ## hostile documents against the evaluator: make fuzz SEED=1 N=1000000
	$(RUN) tests/fuzz/run.py $(or $(SEED),1) $(or $(N),1000000)

mutation: $(READY) $(MUTATION) ## small changes to the evaluator and the rules, noticed by tests or not: make mutation SEED=1 N=300
	.mutation/bin/python -m tests.mutation.run $(or $(SEED),1) $(or $(N),300) $(RUN) $(MODULE)

docs: $(READY) ## write the generated pages of docs/, the JSON Schemas and, with a Chromium, the pictures of the report anew
	@$(RUN) -m tools.docs
	@$(RUN) -m tools.docs.screenshots

lock: $(READY) ## renew requirements.lock from pyproject.toml (needs `uv` on PATH)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev \
		pyproject.toml --output-file requirements.lock

toolchain: ## renew the Pulumi CLI and the SDK that belongs to it: make toolchain VERSION=3.260.0 (needs `go` and `uv`)
	@test -n "$(VERSION)" || { echo "which one? make toolchain VERSION=3.260.0" >&2; exit 1; }
	cd sandbox/toolchain && GOFLAGS=-mod=mod go get github.com/pulumi/pulumi/pkg/v3@v$(VERSION) \
		github.com/pulumi/pulumi/sdk/v3@v$(VERSION) && GOFLAGS=-mod=mod go mod tidy
	sed -i.old 's/"pulumi==[0-9.]*"/"pulumi==$(VERSION)"/' pyproject.toml && rm pyproject.toml.old
	$(MAKE) lock

release: $(READY) ## check everything, then commit, tag and build a version: make release VERSION=1.2.3
	$(RUN) -m tools.release "$(VERSION)"

# The stamp is made last, so that an interrupted set-up is done again.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than Python 3.11; name another one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "setting up the locked virtual environment $(VENV) (about a minute, once)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(BROWSER): tools/chromium.sh
	@tools/chromium.sh
	@touch $(BROWSER)

# Other checkers, which the bench runs as they are. Each has an environment of its own, and the project needs none.
$(PEERS): bench/peers/python.txt bench/peers/checkov.txt bench/peers/pmapper.txt bench/peers/iam-simulate/package-lock.json
	@echo "installing the checkers that the bench compares with into .peers (minutes, once)" >&2
	@for peer in python checkov pmapper; do \
		$(PYTHON) -m venv .peers/$$peer && \
		.peers/$$peer/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
			--requirement bench/peers/$$peer.txt || exit 1; \
	done
	@mkdir -p .peers/iam-simulate && cp bench/peers/iam-simulate/*.json .peers/iam-simulate/
	@npm ci --silent --prefix .peers/iam-simulate
	@touch $(PEERS)

$(MUTATION): tests/mutation/requirements.txt
	@$(PYTHON) -m venv .mutation
	@.mutation/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $(MUTATION)
