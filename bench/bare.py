"""What a shell does without groundplan: Terraform by hand, and the command line of checkov."""

from __future__ import annotations

from collections.abc import Sequence

from bench.place import ENV

CHECKOV = (
    "checkov -f $OUT/{}.json --framework terraform_plan --output json --soft-fail --skip-download >$OUT/{}.checkov.json"
)
_INIT = "terraform init -input=false -lockfile=readonly >/dev/null"
_PLAN = "terraform plan -input=false -out=$OUT/{}.tfplan >/dev/null"
_SHOW = "terraform show -json $OUT/{}.tfplan >$OUT/{}.json"
_APPLY = "terraform apply -input=false -auto-approve >/dev/null"


def each(stacks: Sequence[str], steps: Sequence[str], jobs: int) -> str:
    """A shell loop over stacks, so many at a time; ``{}`` in a step is the stack."""
    return f"printf '%s\\n' {' '.join(stacks)} |\n  xargs -P {jobs} -I{{}} sh -ec '{' && '.join(steps)}'"


def initialised(stacks: Sequence[str], jobs: int) -> str:
    return each(stacks, [_enter(), _INIT], jobs)


def planned(stacks: Sequence[str], jobs: int, *, init: bool, checkov: bool) -> str:
    """Plan every stack and show each plan as JSON.

    Args:
        stacks: Their names.
        jobs: How many at a time.
        init: Initialise each before, as a script does that does not know whether it has to.
        checkov: Hold each plan against checkov.
    """
    steps = [_enter(), *([_INIT] if init else []), _PLAN, _SHOW, *([CHECKOV] if checkov else [])]
    return each(stacks, steps, jobs)


def applied(stacks: Sequence[str], jobs: int) -> str:
    return each(stacks, [_enter(), _INIT, _APPLY], jobs)


def _enter() -> str:
    return f"cd envs/{ENV}/{{}} && export TF_DATA_DIR=$OUT/{{}}.terraform"
