"""The cache beside the database, off by default."""

from __future__ import annotations

import pytest

from tests.support.networks import GROUP, Rule, rules
from tests.support.plans import Plan

CACHE, SUBNETS = "aws_elasticache_replication_group", "aws_elasticache_subnet_group"


@pytest.mark.requirement("SM-PC-02")
def test_there_is_no_cache_unless_asked_for(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert not {CACHE, SUBNETS} & plan.types()
        assert not [each for each in plan.all(GROUP) if "cache" in each["name"]]
        assert not [each for each in rules(plan) if each.ports == (6379, 6379)]
    assert minimal.variables["enable_elasticache"]["default"] is False


@pytest.mark.requirement("SM-PC-02")
def test_cache_is_encrypted_and_in_two_zones(chosen: Plan) -> None:
    cache = chosen.one(CACHE)

    assert cache["replication_group_id"] == "solemate-testing-cache"
    assert (cache["engine"], cache["engine_version"], cache["port"]) == ("redis", "7.1", 6379)
    assert cache["node_type"] == chosen.variables["cache_node_type"]["default"] == "cache.t4g.micro"
    assert cache["num_cache_clusters"] == 2
    assert (cache["automatic_failover_enabled"], cache["multi_az_enabled"]) == (True, True)
    assert cache["at_rest_encryption_enabled"] == "true"
    assert cache["transit_encryption_enabled"] is True
    assert cache["snapshot_retention_limit"] == 1
    assert cache["maintenance_window"] == chosen.input("db_maintenance_window")


@pytest.mark.requirement("SM-PC-02")
def test_cache_is_in_the_private_subnets_for_tasks_and_instances_only(chosen: Plan) -> None:
    cache, subnets = chosen.one(CACHE), chosen.one(SUBNETS)
    group, app = (chosen.one(GROUP, name=f"solemate-testing-{name}") for name in ("cache", "app"))
    private = {each.block for each in chosen.all("aws_subnet") if each["tags"]["Tier"] == "Private"}

    assert chosen.referred(cache, "subnet_group_name", SUBNETS) == subnets
    assert chosen.references(subnets, "subnet_ids") == private | {f"{block}.id" for block in private}
    assert chosen.referred(cache, "security_group_ids", GROUP) == group
    here, there = group.block.partition(".")[2], app.block.partition(".")[2]
    assert [each for each in rules(chosen) if here in (each.group, each.other)] == [
        Rule("in", here, there, "tcp", (6379, 6379), "Allow Redis access from tasks and instances"),
        Rule("out", there, here, "tcp", (6379, 6379), "Allow Redis access"),
    ]


@pytest.mark.requirement("SM-PC-02")
def test_the_cache_changes_in_its_window_and_sits_in_its_subnets(chosen: Plan) -> None:
    cache = chosen.one("aws_elasticache_replication_group")

    assert cache["apply_immediately"] is False
    assert cache["auto_minor_version_upgrade"] == "true"
    assert cache["subnet_group_name"] == chosen.one("aws_elasticache_subnet_group")["name"]
