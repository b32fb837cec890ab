"""Address ranges."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app.module_stack import Input, ModuleStack, Rule


def vpc_cidr(stack: ModuleStack, *, default: str) -> Input:
    """Addresses of a network; a /16, of which each subnet takes a /24."""
    return stack.variable(
        "vpc_cidr",
        "string",
        default=default,
        description="Addresses of the VPC, a private /16.",
        validation=[
            Rule(
                'can(regex("^(10[.][0-9]{1,3}|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.]0[.]0/16$", var.vpc_cidr)) && '
                "can(cidrhost(var.vpc_cidr, 0))",
                "The VPC must be a private /16 such as 10.0.0.0/16.",
            )
        ],
    )


def subnet_cidrs(
    stack: ModuleStack, name: str, *, default: Sequence[str], what: str, beside: Input | None = None
) -> Input:
    """Addresses of two subnets, one in each zone, within :func:`vpc_cidr`.

    Args:
        stack: The module.
        name: Name of the variable.
        default: Its default.
        what: What the subnets are.
        beside: Addresses of other subnets, which they must not overlap.
    """
    all_of_them = f"concat({beside.expression}, var.{name})" if beside is not None else f"var.{name}"
    # Two ranges overlap if they begin alike, as far as the larger one's prefix goes.
    apart = " != ".join(
        f'cidrhost("${{split("/", pair[{side}])[0]}}/${{min(split("/", pair[0])[1], split("/", pair[1])[1])}}", 0)'
        for side in (0, 1)
    )
    return stack.variable(
        name,
        "list(string)",
        default=default,
        description=f"Addresses of the {what} subnets, one in each of the two zones.",
        validation=[
            Rule(
                f"length(var.{name}) == 2 && alltrue([for cidr in var.{name} : "
                'can(regex("/(1[6-9]|2[0-8])$", cidr)) && '
                'try(cidrhost("${split("/", cidr)[0]}/16", 0) == cidrhost(var.vpc_cidr, 0), false)])',
                f"There must be two {what} subnets of /16 to /28, each within vpc_cidr, such as {default[0]}.",
            ),
            Rule(
                f"try(length(toset({all_of_them})) == length({all_of_them}) && "
                f"alltrue([for pair in setproduct({all_of_them}, {all_of_them}) : "
                f"pair[0] == pair[1] || {apart}]), true)",
                f"The {what} subnets must not overlap{' the others' if beside is not None else ''}.",
            ),
        ],
    )
