"""What a diagram is made of, before anything has a place on the paper."""

from __future__ import annotations

from dataclasses import dataclass

#: What a plan does with a resource; ``no-op`` leaves it as it is.
ACTIONS = ("create", "update", "replace", "destroy", "forget", "no-op")

#: The card of everybody outside, which stands for no resource.
INTERNET = "internet"


@dataclass(frozen=True)
class Node:
    """One managed resource of the plan, or one object of it that is left to be deleted.

    Attributes:
        address: Its full address.
        type: Resource type.
        name: Resource name, with the instance key if there is one.
        block: The address without the instance key of the resource: what all instances share.
        action: One of ``ACTIONS``.
        module: Address of its module; empty for the root.
        region: AWS region; empty for what has none, or where a plan does not say.
        facts: A few harmless attributes, for people.
        deposed: Key of an object that a replacement left behind; empty for the resource itself.
    """

    address: str
    type: str
    name: str
    block: str
    action: str
    module: str = ""
    region: str = ""
    facts: str = ""
    deposed: str = ""


@dataclass(frozen=True)
class Reference:
    """One resource names another.

    Attributes:
        user: Who names.
        attribute: Top-level argument in which; ``depends_on`` for an order without a value.
        used: Who is named.
    """

    user: Node
    attribute: str
    used: Node


@dataclass(frozen=True)
class Link:
    """A line of the diagram, from card to card, in the direction of the data.

    Attributes:
        source, target: Keys of cards.
        words: What goes along it (``read``, ``invoke``, ``tcp 5432``), sorted; empty for a plain use.
        quiet: It matters for support only (keys, logs, alarms), and is drawn faintly.
    """

    source: str
    target: str
    words: tuple[str, ...] = ()
    quiet: bool = False


@dataclass(frozen=True)
class Card:
    """A box with a name: one resource and what belongs to it, or many alike.

    Attributes:
        key: What links name it by: the address of its resource, or ``<label>@<module>/<region>``.
        kind: What it is, for people (``Lambda function``).
        name: Its own name.
        node: Its resource; None for a card of many alike.
        marks: Resources that belong to it, by what they are.
        part: The part of an architecture it belongs to.
        region: Where it is; empty for global.
        facts: A line of harmless attributes.
    """

    key: str
    kind: str
    name: str
    node: Node | None
    marks: tuple[tuple[str, tuple[Node, ...]], ...]
    part: str
    region: str = ""
    facts: str = ""

    @property
    def nodes(self) -> tuple[Node, ...]:
        own = (self.node,) if self.node else ()
        return own + tuple(node for _, nodes in self.marks for node in nodes)

    @property
    def attached(self) -> int:
        """How many resources are marks of it."""
        return sum(len(nodes) for _, nodes in self.marks)
