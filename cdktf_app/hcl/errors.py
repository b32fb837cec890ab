"""What can go wrong when Terraform JSON becomes HCL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class HclError(ValueError):
    """The JSON cannot be written as HCL that means the same.

    Args:
        what: What is wrong, in lower case, with the value that was seen.

    Attributes:
        where: Block and attribute it is about, outermost first.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        self.where: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{' > '.join(self.where)}: {self.what}" if self.where else self.what


class UnknownTypeError(HclError):
    """A resource, data source or provider that the committed schema extract does not know."""


@contextmanager
def located(place: str) -> Iterator[None]:
    """Adds to an error raised inside where it happened: a block with its labels, or an attribute."""
    try:
        yield
    except HclError as error:
        error.where = (place, *error.where)
        raise
