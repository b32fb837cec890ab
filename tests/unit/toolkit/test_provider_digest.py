"""The executable of the provider is part of the seal, and read once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tooling.changeset.provider import provider_digest
from tooling.environment.stacks import Stack


def make_stack(folder: Path) -> Stack:
    return Stack("dev", "kefir", folder / "root", folder / "module", folder / "work", "dev/kefir.tfstate")


LOCK = """\
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "5.100.0"
}
"""


def put_provider(folder: Path, content: bytes, version: str = "5.100.0") -> None:
    place = folder / f"work/terraform/providers/registry.terraform.io/hashicorp/aws/{version}/linux_amd64"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"terraform-provider-aws_v{version}_x5").write_bytes(content)
    (folder / "root").mkdir(exist_ok=True)
    (folder / "root/.terraform.lock.hcl").write_text(LOCK)


def remembered(folder: Path) -> Iterable[str]:
    return (folder / "providers.json").read_text().splitlines()


def test_another_provider_has_another_digest(tmp_path: Path) -> None:
    stack = make_stack(tmp_path)
    put_provider(tmp_path, b"one")
    one = provider_digest(stack, tmp_path)

    put_provider(tmp_path, b"another")

    assert provider_digest(stack, tmp_path) not in ("", one)
    put_provider(tmp_path, b"one")
    assert provider_digest(stack, tmp_path) == one


def test_a_provider_of_former_days_is_not_looked_at(tmp_path: Path) -> None:
    stack = make_stack(tmp_path)
    put_provider(tmp_path, b"one")
    one = provider_digest(stack, tmp_path)

    put_provider(tmp_path, b"older", "5.99.0")

    assert provider_digest(stack, tmp_path) == one


def test_a_stack_without_a_provider_has_no_digest(tmp_path: Path) -> None:
    put_provider(tmp_path, b"one")
    (tmp_path / "root/.terraform.lock.hcl").write_text("")

    assert provider_digest(make_stack(tmp_path), tmp_path) == ""


def test_the_digest_of_a_provider_is_remembered(tmp_path: Path) -> None:
    # GIVEN a digest that was taken, and in its memory another one for the same file
    stack = make_stack(tmp_path)
    put_provider(tmp_path, b"one")
    taken = provider_digest(stack, tmp_path)
    store = tmp_path / "providers.json"
    (line,) = [line for line in remembered(tmp_path) if ":" in line]
    store.write_text("{" + line.rpartition('"')[0].rpartition('"')[0] + '"remembered"}')

    assert provider_digest(stack, tmp_path) != taken


def test_a_damaged_memory_of_digests_is_made_anew(tmp_path: Path) -> None:
    stack = make_stack(tmp_path)
    put_provider(tmp_path, b"one")
    taken = provider_digest(stack, tmp_path)
    (tmp_path / "providers.json").write_text("[")

    assert provider_digest(stack, tmp_path) == taken
