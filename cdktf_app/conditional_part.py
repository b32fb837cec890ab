"""A part of a module that exists under a condition, in a region of its own.

Its constructs are those of any other part and know nothing of it: ``count`` and ``provider`` are put on what they
made when the module is written, and what they say about each other follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, TerraformDataSource, TerraformResource

Body = dict[str, Any]


class ConditionalPart(Construct):
    """Part whose resources all exist under one condition.

    What is outside refers into it through :func:`cdktf_app.expressions.only`, which is null when it is not there.

    Args:
        condition: Terraform expression under which it exists.
        alias: Provider configuration that makes it, given to the module by its caller (``aws.<alias>``). Default: the
            module's own.
    """

    def __init__(self, scope: Construct, construct_id: str, *, condition: str, alias: str | None = None) -> None:
        super().__init__(scope, construct_id)
        self.condition = condition
        self.alias = alias

    def elements(self) -> list[TerraformResource | TerraformDataSource]:
        """Everything below that has an address."""
        return [
            element for element in self.node.find_all() if isinstance(element, TerraformResource | TerraformDataSource)
        ]

    def place(self, module: Mapping[str, Any], index: Callable[[str], str]) -> None:
        """Put condition and provider on everything below, in a module as Terraform JSON, in place.

        Raises:
            ValueError: A ``count`` has a form that is not known here.
        """
        for element in self.elements():
            body = _body(module, element)
            for key in [key for key in body if key not in ("depends_on", "//")]:
                body[key] = _rewritten(body[key], index)
            if self.alias:
                body["provider"] = f"aws.{self.alias}"
            if "for_each" in body:
                body["for_each"] = expressions.string(
                    expressions.map_if(self.condition, _unwrapped(str(body["for_each"])))
                )
            else:
                body["count"] = self._count(body)

    def _count(self, body: Body) -> str:
        if "count" not in body:
            return expressions.string(f"{self.condition} ? 1 : 0")
        own = re.fullmatch(r"(.+) \? 1 : 0", _unwrapped(str(body["count"])), re.DOTALL)
        if own is None:
            raise ValueError(f"count is {body['count']!r}: only a condition ? 1 : 0 can be narrowed")
        return expressions.string(f"{self.condition} && ({own.group(1)}) ? 1 : 0")


def place_parts(module: Mapping[str, Any], parts: Sequence[ConditionalPart]) -> None:
    """Place every part, in place; parts under the same condition may refer to each other as if there were none."""
    plain: dict[str, set[str]] = {}
    for part in parts:
        addresses = {expressions.address(each) for each in part.elements() if _is_single(_body(module, each))}
        plain.setdefault(part.condition, set()).update(addresses)
    for part in parts:
        part.place(module, _indexing(plain[part.condition]))


def _is_single(body: Body) -> bool:
    return "count" not in body and "for_each" not in body


def _body(module: Mapping[str, Any], element: TerraformResource | TerraformDataSource) -> Body:
    kind = "data" if isinstance(element, TerraformDataSource) else "resource"
    type_name, name = expressions.address(element).removeprefix("data.").split(".")
    body: Body = module[kind][type_name][name]
    return body


def _indexing(addresses: set[str]) -> Callable[[str], str]:
    """Turns ``aws_iam_role.job.arn`` into ``aws_iam_role.job[0].arn``, for these addresses."""
    longest_first = sorted(map(re.escape, addresses), key=len, reverse=True)
    named = re.compile(rf"(?<![\w.])({'|'.join(longest_first)})(?![\w\[-])")
    return lambda text: named.sub(r"\1[0]", text) if addresses and "${" in text else text


def _rewritten(value: Any, rewrite: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, list):
        return [_rewritten(each, rewrite) for each in value]
    if isinstance(value, dict):
        return {key: _rewritten(each, rewrite) for key, each in value.items()}
    return value


def _unwrapped(expression: str) -> str:
    return expression.removeprefix("${").removesuffix("}")
