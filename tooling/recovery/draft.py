"""A state that is being put together."""

from __future__ import annotations

import copy
import json
import secrets
import uuid
from collections.abc import Container, Mapping
from typing import Any

from tooling.recovery.planned import Planned, Read
from tooling.states.content import Instance, current

VERSION = 4


class Draft:
    """Starts from what the bucket has, or from nothing.

    Args:
        base: The state in the bucket; None for none.
        lineage: Of a state that begins here. Default: a new one.
        terraform: The version that writes.
    """

    def __init__(self, base: Mapping[str, Any] | None, *, lineage: str = "", terraform: str) -> None:
        self.content: dict[str, Any] = (
            copy.deepcopy(dict(base))
            if base
            else {
                "version": VERSION,
                "terraform_version": terraform,
                "serial": 0,
                "lineage": lineage or str(uuid.uuid4()),
                "outputs": {},
                "resources": [],
            }
        )

    def put(self, planned: Planned, identifier: str, attributes: Mapping[str, Any] | None = None) -> None:
        """Enter an object as the current one of its address."""
        entry = planned.entry()
        same = ("module", "type", "name", "mode")
        for resource in self.content["resources"]:
            if all(resource.get(key) == entry.get(key) for key in same):
                entry = resource
                break
        else:
            self.content["resources"].append(entry)
        entry["instances"].append(planned.instance(identifier, attributes or {}))

    def drop(self, address: str) -> None:
        """Forget the current object of an address."""
        self._replace(address, [])

    def depose(self, address: str) -> None:
        """Keep the current object of an address as one that another has taken the place of, to be deleted."""
        if (one := self.current().get(address)) is not None:
            self._replace(address, [{**one.body, "deposed": secrets.token_hex(4)}])

    def refresh(self, read: Mapping[str, Read], entered: Container[str] = ()) -> None:
        """Take in what AWS says of each current object, and forget what it does not know.

        Args:
            read: By address.
            entered: What was put in here, of which no plan could say yet all that is sensitive. Of all else Terraform
                has written it.
        """
        for address, one in self.current().items():
            if address not in read:
                self.drop(address)
                continue
            secret = {"sensitive_attributes": read[address].secret} if address in entered else {}
            self._replace(address, [{**one.body, "attributes": dict(read[address].attributes), **secret}])

    def current(self) -> dict[str, Instance]:
        return current(self.content)

    def to_bytes(self) -> bytes:
        return json.dumps(self.content, indent=2).encode()

    def _replace(self, address: str, bodies: list[dict[str, Any]]) -> None:
        one = self.current().get(address)
        if one is not None:
            listed = one.resource["instances"]
            place = next(number for number, body in enumerate(listed) if body is one.body)
            listed[place : place + 1] = bodies
        self.content["resources"] = [one for one in self.content["resources"] if one["instances"]]
