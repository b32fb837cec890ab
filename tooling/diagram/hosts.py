"""What each resource hangs on: another resource, whose card it is a mark of then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tooling.diagram.attachments import FIRST_USER_WILL_DO, HANGS_ON_ITS_USER, hangs_on, sounds_like_a_part_of
from tooling.diagram.families import part_of
from tooling.diagram.model import Node, Reference
from tooling.diagram.reading import Reading, node_key

_LOOKING_ON = frozenset({"observability", "cost"})


def tops_of(reading: Reading) -> dict[str, str]:
    """By key of a node: the key of the one whose card it is drawn in, which may be itself."""
    return _Hosts(reading).tops()


class _Hosts:
    def __init__(self, reading: Reading) -> None:
        self._nodes = reading.nodes
        self._uses: dict[str, list[Reference]] = defaultdict(list)
        self._users: dict[str, list[Reference]] = defaultdict(list)
        for reference in reading.references:
            self._uses[node_key(reference.user)].append(reference)
            self._users[node_key(reference.used)].append(reference)
        self._host: dict[str, str | None] = {}
        self._top: dict[str, str] = {}

    def tops(self) -> dict[str, str]:
        for key, node in self._nodes.items():
            if node.type not in HANGS_ON_ITS_USER:
                self._host[key] = self._named_host(node)
        for key in self._nodes:
            self._resolve(key, ())
        return {key: self._last(key) for key in self._top}

    def _resolve(self, key: str, way: tuple[str, ...]) -> str:
        """Follow the hosts up; who would hang on itself stands alone."""
        if key in self._top:
            return self._top[key]
        if key in way:
            return key
        node = self._nodes[key]
        if node.deposed and node.address in self._nodes:
            host: str | None = node.address
        elif node.type in HANGS_ON_ITS_USER:
            host = self._user_as_host(node, (*way, key))
        else:
            host = self._host[key]
        self._top[key] = key if host is None else self._resolve(host, (*way, key))
        return self._top[key]

    def _last(self, key: str) -> str:
        """Where the way up ends, also if it was cut when it came to a circle."""
        seen = {key}
        while self._top[key] not in seen:
            key = self._top[key]
            seen.add(key)
        return key if self._top[key] == key else min(seen)

    def _named_host(self, node: Node) -> str | None:
        """The resource that an argument names, as tables or the name of the type say."""
        uses = self._uses[node_key(node)]
        arguments = hangs_on(node.type)
        for argument in arguments or ():
            fitting = [each for each in uses if argument in (each.attribute, "*")]
            same = [each for each in fitting if _service(each.used.type) == _service(node.type)]
            strict = argument == "*" or (argument == "depends_on" and not node.type.startswith("aws_appautoscaling_"))
            for each in same or ([] if strict else fitting):
                return node_key(each.used)
        if arguments is None:
            for each in uses:
                if each.attribute != "depends_on" and sounds_like_a_part_of(node.type, each.used.type):
                    return node_key(each.used)
        return None

    def _user_as_host(self, node: Node, way: tuple[str, ...]) -> str | None:
        """The user of a resource that is made for one, if all of its users are drawn in one card."""
        wanted = HANGS_ON_ITS_USER[node.type].split()
        users = [
            node_key(each.user)
            for each in self._users[node_key(node)]
            if (each.user.type in wanted if wanted else self._counts(each, node))
        ]
        return self._common(users, node, way)

    def _counts(self, reference: Reference, node: Node) -> bool:
        """Whether a user may be a host: not one that hangs on this itself, and not one that only looks on."""
        user = reference.user
        return (
            self._host.get(node_key(user)) != node_key(node)
            and (part_of(user.type) not in _LOOKING_ON or user.type.startswith("aws_cloudwatch_event_"))
            and not user.type.startswith("aws_vpc_security_group_")
            and (reference.attribute != "depends_on" or node.type == "aws_cloudwatch_log_group")
        )

    def _common(self, users: Sequence[str], node: Node, way: tuple[str, ...]) -> str | None:
        tops: Mapping[str, str] = {user: self._resolve(user, way) for user in dict.fromkeys(users)}
        outside = {user: top for user, top in tops.items() if top not in way}
        if len(set(outside.values())) == 1 or (outside and node.type in FIRST_USER_WILL_DO):
            return min(outside)
        return None


def _service(kind: str) -> str:
    return "_".join(kind.split("_")[:2])
