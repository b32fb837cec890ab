"""The walk through security groups, on made-up plans: it must find what a mistake opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
import tftest

from tests.support.plans import Plan
from tests.support.reachability import Reachability, public_addresses

VPC = "10.0.0.0/16"
ANYWHERE = "0.0.0.0/0"


@dataclass
class MadeUp:
    """A plan in the making: a VPC, and what a test adds."""

    planned: list[dict[str, Any]] = field(default_factory=list)
    configured: list[dict[str, Any]] = field(default_factory=list)

    def add(self, block: str, *references: tuple[str, str], **values: Any) -> MadeUp:
        """A resource with these values, and arguments that refer to others."""
        kind, _, name = block.partition(".")
        self.planned.append(
            {"address": f"module.app.{block}", "mode": "managed", "type": kind, "name": name, "values": values}
        )
        constants = {argument: {"constant_value": value} for argument, value in values.items()}
        referring = {argument: {"references": [f"{other}.id", other]} for argument, other in references}
        self.configured.append(
            {"address": block, "provider_config_key": "aws", "expressions": {**constants, **referring}}
        )
        return self

    def groups(self, *names: str) -> MadeUp:
        for name in names:
            self.add(f"aws_security_group.{name}", ("vpc_id", "aws_vpc.network"), name=name)
        return self

    def let_in(self, group: str, source: str, port: int | None, **values: Any) -> MadeUp:
        return self._rule("ingress", group, source, port, values)

    def let_out(self, group: str, target: str, port: int | None, **values: Any) -> MadeUp:
        return self._rule("egress", group, target, port, values)

    def talk(self, source: str, target: str, port: int) -> MadeUp:
        return self.let_out(source, target, port).let_in(target, source, port)

    def _rule(self, kind: str, group: str, other: str, port: int | None, values: dict[str, Any]) -> MadeUp:
        references = [("security_group_id", f"aws_security_group.{group}")]
        known: dict[str, Any] = {"ip_protocol": "-1"} if port is None else {"ip_protocol": "tcp"}
        if port is not None:
            known |= {"from_port": port, "to_port": port}
        if "/" in other:
            known["cidr_ipv6" if ":" in other else "cidr_ipv4"] = other
        elif other.startswith("pl-"):
            known["prefix_list_id"] = other
        else:
            references.append(("referenced_security_group_id", f"aws_security_group.{other}"))
        block = f"aws_vpc_security_group_{kind}_rule.rule_{len(self.planned)}"
        return self.add(block, *references, **{**known, **values})

    @property
    def plan(self) -> Plan:
        return Plan(
            tftest.TerraformPlanOutput(
                {
                    "planned_values": {
                        "root_module": {"child_modules": [{"address": "module.app", "resources": self.planned}]},
                        "outputs": {},
                    },
                    "output_changes": {},
                    "configuration": {
                        "provider_config": {},
                        "root_module": {
                            "module_calls": {
                                "app": {"source": "..", "expressions": {}, "module": {"resources": self.configured}}
                            }
                        },
                    },
                }
            ),
            "app",
        )

    @property
    def paths(self) -> frozenset[str]:
        return Reachability(self.plan).paths()


@pytest.fixture
def made_up() -> MadeUp:
    return MadeUp().add("aws_vpc.network", cidr_block=VPC)


@pytest.fixture
def tiers(made_up: MadeUp) -> MadeUp:
    """What both architectures mean: load balancer, tasks, database, one behind the other."""
    made_up.groups("web", "app", "database")
    made_up.let_in("web", ANYWHERE, 443).let_out("web", ANYWHERE, None)
    made_up.let_in("app", "web", 3000).let_out("app", ANYWHERE, 443)
    return made_up.talk("app", "database", 5432)


MEANT = {
    "internet -tcp/443-> web",
    "internet -tcp/443-> web -tcp/3000-> app",
    "internet -tcp/443-> web -tcp/3000-> app -tcp/5432-> database",
}


def test_tiers_are_reached_one_through_the_other(tiers: MadeUp) -> None:
    assert tiers.paths == MEANT
    assert Reachability(tiers.plan).reached() == {"web"}


def test_a_database_open_to_everybody_is_reached(tiers: MadeUp) -> None:
    tiers.let_in("database", ANYWHERE, 5432)

    # The load balancer may talk to anybody, so it reaches the database too now, besides the internet.
    assert tiers.paths - MEANT == {
        "internet -tcp/5432-> database",
        "internet -tcp/443-> web -tcp/5432-> database",
    }


def test_a_rule_that_spares_the_tasks_is_a_path_of_its_own(tiers: MadeUp) -> None:
    tiers.let_in("database", "web", 5432)

    assert tiers.paths - MEANT == {"internet -tcp/443-> web -tcp/5432-> database"}


def test_addresses_of_the_network_let_in_whoever_may_get_out_there(tiers: MadeUp) -> None:
    tiers.let_in("database", "10.0.1.0/24", 5432)

    assert tiers.paths - MEANT == {"internet -tcp/443-> web -tcp/5432-> database"}


@pytest.mark.parametrize("source", ["203.0.113.7/32", "10.0.0.0/8", "::/0", "pl-0123456789abcdef0"])
def test_what_is_not_wholly_in_the_network_counts_as_the_internet(tiers: MadeUp, source: str) -> None:
    tiers.let_in("app", source, 22)

    assert "internet -tcp/22-> app" in tiers.paths
    assert "internet -tcp/22-> app -tcp/5432-> database" in tiers.paths


def test_both_sides_have_to_agree(made_up: MadeUp) -> None:
    made_up.groups("web", "app", "other").let_in("web", ANYWHERE, 443)
    made_up.let_out("web", "app", 3000)
    made_up.let_in("other", "web", 3000)

    assert made_up.paths == {"internet -tcp/443-> web"}


def test_both_sides_have_to_agree_on_port_and_protocol(made_up: MadeUp) -> None:
    made_up.groups("web", "a", "b", "c", "d").let_in("web", ANYWHERE, 443)
    made_up.let_out("web", "a", 3000).let_in("a", "web", 3001)
    made_up.let_out("web", "b", 53, ip_protocol="udp").let_in("b", "web", 53)
    made_up.let_out("web", "c", 1, to_port=100, ip_protocol="6").let_in("c", "web", 90, to_port=200)
    made_up.let_out("web", "d", 53, ip_protocol="17").let_in("d", "web", 53, ip_protocol="udp")

    assert made_up.paths == {
        "internet -tcp/443-> web",
        "internet -tcp/443-> web -tcp/90-100-> c",
        "internet -tcp/443-> web -udp/53-> d",
    }


def test_ports_of_a_hop_stand_together_and_all_are_all(made_up: MadeUp) -> None:
    made_up.groups("web", "app").let_in("web", ANYWHERE, 443).let_in("web", ANYWHERE, 80)
    made_up.let_out("web", VPC, None).let_in("app", VPC, None)

    assert made_up.paths == {"internet -tcp/80,tcp/443-> web", "internet -tcp/80,tcp/443-> web -all-> app"}


def test_a_circle_ends(made_up: MadeUp) -> None:
    made_up.groups("a", "b", "c").let_in("a", ANYWHERE, 443)
    made_up.talk("a", "b", 1).talk("b", "c", 2).talk("c", "a", 3).talk("a", "a", 4).talk("a", "c", 5)

    assert made_up.paths == {
        "internet -tcp/443-> a",
        "internet -tcp/443-> a -tcp/1-> b",
        "internet -tcp/443-> a -tcp/1-> b -tcp/2-> c",
        "internet -tcp/443-> a -tcp/5-> c",
    }


def test_knows_who_has_a_group(tiers: MadeUp) -> None:
    tiers.add("aws_lb.alb", ("security_groups", "aws_security_group.web"))
    tiers.add("aws_db_instance.primary", ("vpc_security_group_ids", "aws_security_group.database"))

    assert Reachability(tiers.plan).members() == {"web": {"aws_lb"}, "app": set(), "database": {"aws_db_instance"}}


@pytest.mark.parametrize(
    ("block", "references", "values", "reason"),
    [
        ("aws_security_group_rule.old", (), {"type": "ingress"}, "cannot be walked"),
        ("aws_security_group.own", (), {"ingress": [{"from_port": 22}]}, "has rules of its own"),
        ("aws_default_security_group.own", (), {"egress": [{"from_port": 0}]}, "has rules of its own"),
        (
            "aws_vpc_security_group_ingress_rule.foreign",
            (("security_group_id", "aws_security_group.app"), ("referenced_security_group_id", "var.group")),
            {"ip_protocol": "-1"},
            "not of this plan",
        ),
        (
            "aws_vpc_security_group_ingress_rule.silent",
            (("security_group_id", "aws_security_group.app"),),
            {"ip_protocol": "-1"},
            "does not say who",
        ),
    ],
)
def test_refuses_what_it_cannot_read(
    tiers: MadeUp, block: str, references: tuple[tuple[str, str], ...], values: dict[str, Any], reason: str
) -> None:
    tiers.add(block, *references, **values)

    with pytest.raises(AssertionError, match=reason):
        Reachability(tiers.plan)


def test_a_group_that_says_it_has_no_rules_is_fine(tiers: MadeUp) -> None:
    tiers.add("aws_security_group.sealed", egress=[], ingress=[])

    assert tiers.paths == MEANT


def test_knows_what_has_a_public_address(made_up: MadeUp) -> None:
    made_up.add("aws_eip.nat").add("aws_nat_gateway.nat", ("allocation_id", "aws_eip.nat"))
    made_up.add("aws_lb.outer", internal=False).add("aws_lb.unsaid").add("aws_lb.inner", internal=True)
    made_up.add("aws_subnet.open", map_public_ip_on_launch=True)
    made_up.add("aws_subnet.closed", map_public_ip_on_launch=False)
    made_up.add("aws_ecs_service.open", network_configuration=[{"assign_public_ip": True}])
    made_up.add("aws_ecs_service.closed", network_configuration=[{"assign_public_ip": False}])
    made_up.add("aws_launch_template.open", network_interfaces=[{"associate_public_ip_address": "true"}])
    made_up.add("aws_launch_template.closed", network_interfaces=[{"associate_public_ip_address": "false"}])
    made_up.add("aws_db_instance.open", publicly_accessible=True)

    assert public_addresses(made_up.plan) == {
        "aws_nat_gateway.nat",
        "aws_lb.outer",
        "aws_lb.unsaid",
        "aws_subnet.open",
        "aws_ecs_service.open",
        "aws_launch_template.open",
        "aws_db_instance.open",
    }
