"""The two thousand: how many of each kind, and by which commands they are read."""

from __future__ import annotations

from tests.support.bad_inputs import (
    CHANGESET_FILE,
    TFVARS,
    Kind,
    a_lock,
    at,
    changeset,
    commands,
    env_toml,
    in_bucket,
    journal_key,
    journals,
    json_of,
    lock_key,
    part,
    prices,
    read_a_journal,
    read_prices,
    read_waivers_and_baseline,
    receipt_file,
    receipt_key,
    resealed,
    sealed,
    state_key,
    text_of,
    with_digest,
)
from tests.support.project import Answer
from tests.support.spoiled_project import Spoiled
from tests.support.spoiling import spoiled_bytes

# Cheap ones first: a command that asks Terraform takes a second.
READS = commands(
    *("cost estimate", "changeset list", "report --format json", "graph", "output", "report --format markdown"),
    *("cost estimate --json", "changeset show --json --offline", "approve --yes", "report --format markdown"),
)


def about_a_changeset(box: Spoiled, number: int) -> Answer:
    lines = (
        *(
            "apply --yes",
            "changeset show --offline",
            "changeset verify --offline",
            "changeset list",
            "report --format markdown",
        ),
        *("graph", "cost estimate", "approve --yes", f"changeset diff {box.applied} latest", "apply --yes --replan"),
    )
    return commands(*lines)(box, number)


PLAN_READERS = commands(
    *(
        "report --format markdown --changeset latest",
        "graph",
        "cost estimate",
        "changeset show --offline",
        "gate",
        "apply --yes",
    ),
    *("report --format json", "cost estimate --json", "changeset show --json", "graph --stack tiny"),
)
YAML_WORDS = "check address reason ticket owner expires stacks requirement only_undecided".split()
BASELINE_WORDS = "stack check address finding found by".split()
USAGE_WORDS = "free_tier usage stacks tiny addresses value note function.requests table.reads".split()

KINDS = (
    Kind("env.toml", 220, env_toml, at("envs/local/env.toml"), READS),
    Kind(
        "tfvars, to a changeset that is ready",
        40,
        text_of("envs/local/tiny/terraform.tfvars", ["size"]),
        at("envs/local/tiny/terraform.tfvars"),
        commands("apply --yes", "changeset show --offline", "apply --yes --stack tiny"),
    ),
    Kind(
        "tfvars, to be planned",
        12,
        lambda _: spoiled_bytes([TFVARS]),
        lambda box, content: box.planned_with(content),
        commands("plan --stack twin"),
        plans=True,
    ),
    Kind(
        "waivers",
        180,
        text_of("policies/waivers.yaml", YAML_WORDS),
        at("policies/waivers.yaml"),
        read_waivers_and_baseline,
    ),
    Kind(
        "baseline",
        100,
        text_of("envs/local/baseline.yaml", BASELINE_WORDS),
        at("envs/local/baseline.yaml"),
        read_waivers_and_baseline,
    ),
    Kind(
        "usage",
        150,
        text_of("envs/local/usage.yaml", USAGE_WORDS),
        at("envs/local/usage.yaml"),
        commands("cost estimate"),
    ),
    Kind("prices", 130, prices, at("prices.yaml"), read_prices),
    Kind("changeset", 120, json_of(changeset), at(CHANGESET_FILE), about_a_changeset),
    Kind("changeset, sealed anew", 150, json_of(changeset, resealed), at(CHANGESET_FILE), about_a_changeset),
    Kind(
        "plan JSON",
        60,
        json_of(part("plan.json")),
        at(".groundplan/changesets/local/NEWEST/tiny/plan.json"),
        PLAN_READERS,
    ),
    Kind("plan JSON, sealed anew", 240, json_of(part("plan.json")), sealed("plan.json"), PLAN_READERS),
    Kind("gate's result, sealed anew", 50, json_of(part("gate.json")), sealed("gate.json"), PLAN_READERS),
    Kind("cost, sealed anew", 40, json_of(part("cost.json")), sealed("cost.json"), PLAN_READERS),
    Kind("facts, sealed anew", 40, json_of(part("facts.json")), sealed("facts.json"), PLAN_READERS),
    Kind(
        "receipt here",
        60,
        json_of(lambda box: (box.root / receipt_file(box)).read_bytes(), with_digest),
        lambda box, content: box.instead(receipt_file(box), content),
        lambda box, number: commands(
            "changeset list", f"apply --yes --changeset {box.applied}", f"changeset show --changeset {box.applied}"
        )(box, number),
    ),
    Kind(
        "receipt in the bucket",
        50,
        json_of(lambda box: box.get(receipt_key(box)), with_digest),
        in_bucket(receipt_key),
        lambda box, number: commands(
            f"apply --yes --changeset {box.applied}", f"changeset show --changeset {box.applied}", "apply --yes"
        )(box, number),
    ),
    Kind(
        "state",
        80,
        json_of(lambda box: box.get(state_key(box))),
        in_bucket(state_key),
        commands("output", "state history --stack tiny", "state diff --stack tiny current 1"),
    ),
    Kind(
        "lock", 60, json_of(a_lock), in_bucket(lock_key), commands("state locks", "resume --yes", "state locks --json")
    ),
    Kind("journal", 200, journals, at("journal.jsonl"), read_a_journal),
    Kind("journal in the bucket", 25, journals, in_bucket(journal_key), commands("apply --yes", "resume --yes")),
)
