# The front door. ENV chooses the environment, STACK one or more architectures: make plan ENV=dev STACK=kefir
# EMULATOR=1 runs any environment on the emulator; YES=1 does not ask; CHANGED=1 plans only what moved since its last apply.

ENV    ?= local
STACK  ?= all
PYTHON ?= python3

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN   := .venv/bin
READY := .venv/.ready
GP    := $(BIN)/groundplan
# In the order of tests/support/sharing_out.py.
PARALLEL := $(BIN)/python -m pytest --dist loadgroup --no-loadscope-reorder
WHAT  := --env '$(ENV)' --stack '$(STACK)'

export EMULATOR
ifdef YES
export GROUNDPLAN_YES := 1
endif

help: ## List every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'
	@echo "  ENV=$(ENV) STACK=$(STACK); environments: $(notdir $(patsubst %/env.toml,%,$(wildcard envs/*/env.toml)))"

setup: $(READY) ## Make .venv and install the locked packages (once)

$(READY): requirements.lock pyproject.toml
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m tooling.preflight
	@echo "installing the locked packages into .venv (once, about two minutes) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

terraform: $(READY)
	@$(BIN)/python -m tooling.preflight

synth: $(READY) ## Generate modules/ and envs/*/*/ from cdktf_app/
	@$(GP) synth

ready: terraform
	@$(GP) emulator ready --env '$(ENV)'

plan: ready ## Plan, gate and seal; CHANGED=1: only what moved
	@$(GP) plan $(WHAT) $(if $(CHANGED),--changed)

gate: $(READY) ## Gate the newest changeset again
	@$(GP) gate $(WHAT)

apply: ready ## Plan, gate, apply exactly that, verify, print the outputs
	@$(GP) plan $(WHAT)
	@$(GP) apply --verify $(WHAT)
	@$(GP) output $(WHAT)
	@echo "report: .groundplan/changesets/$(ENV)/latest/report.html"

verify: terraform ## Ask the account about every resource of the state
	@$(GP) verify $(WHAT)

destroy: terraform ## Plan the end, ask, and apply that
	@$(GP) destroy $(WHAT)

drift: terraform ## Do code, state and account still agree? Who moved what?
	@$(GP) drift $(WHAT)

test: terraform ## Unit, plan and repo tests, and kefir applied on the emulator
	@$(PARALLEL) -n 3 tests/unit tests/plan tests/repo tests/emulator/kefir

applied: terraform ## The other architectures applied on the emulator, dev and prod
	@$(PARALLEL) -n 6 tests/emulator --ignore tests/emulator/kefir

sample: terraform ## Fault tests and a few kills; GROUNDPLAN_SEED repeats one, GROUNDPLAN_SHARE=0.2 draws a part
	@$(BIN)/python -m pytest -n 3 tests/faults

faults: sample ## Kills, cuts, races, tampering, bad input: all; docs/reliability.md gets the figures (some hours)
	@$(BIN)/python -m tests.reliability

browser: terraform ## The report in headless Chromium (needs one on PATH)
	@$(BIN)/python -m pytest tests/browser

tutorial: terraform ## Follow docs/tutorial.md to the letter, in a copy
	@$(BIN)/python -m pytest tests/tutorial

lint: $(READY) ## ruff, mypy --strict, terraform fmt
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@env -u TF_CLI_CONFIG_FILE terraform fmt -check -recursive modules envs

check: lint ## lint, and generated files are fresh
	@$(GP) synth --check
	@$(GP) ci check

trace: $(READY) ## Requirement, test, result
	@$(GP) trace

mutation: terraform ## Break every row of all but kefir; docs/mutation.md gets the score (an hour and a half)
	@$(BIN)/python -m tests.mutation

bench: terraform ## Against bare Terraform, checkov and cdktf-cli, into docs/benchmarks.md; ROUNDS=3, ONLY=synth
	@STACK='$(STACK)' $(BIN)/python -m bench

speed: terraform ## Does it still take no more than it did? CPU ratios and counts, no seconds
	@$(BIN)/python -m pytest -s tests/speed

pictures: terraform ## The pictures of the README again, from a run (needs a Chromium on PATH)
	@$(BIN)/python -m bench.pictures

bench-apply: terraform ## make apply of local against bare terraform applies, from nothing (ten minutes a round)
	@$(BIN)/python -m bench.applying

lock: $(READY) ## Renew requirements.lock (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	  --no-header --no-annotate --extra dev pyproject.toml -o requirements.lock

clean: ## Stop the emulator and remove all work files
	@if [ -x $(GP) ]; then $(GP) emulator down; fi
	@rm -rf .groundplan cdktf.out build *.egg-info

.PHONY: help setup terraform synth ready plan gate apply verify destroy drift test applied sample faults browser tutorial lint check trace mutation bench speed pictures bench-apply lock clean
