"""Finding the AWS provider without a network: the CLI configuration that Terraform is given.

The user's own configuration always wins. Without one, a local mirror that holds the pinned version is
looked for, and a configuration is written that takes this provider from it and everything else directly.
https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.workspace import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROVIDER = "registry.terraform.io/hashicorp/aws"
PROVIDER_VERSION = "5.100.0"
MIRROR_VARIABLE = "GROUNDPLAN_PROVIDER_MIRROR"
CACHE_VARIABLE = "TF_PLUGIN_CACHE_DIR"
# Below the work files: providers that had to be unpacked.
_CACHE = "plugins"


@dataclass(frozen=True)
class ProviderSource:
    """Where the provider comes from.

    Attributes:
        cli_config: File for TF_CLI_CONFIG_FILE; None: Terraform's own defaults (the registry).
        mirror: Folder with the provider, when one was found.
        origin: The same in words, for ``doctor``.
        cache: Folder for TF_PLUGIN_CACHE_DIR, so that a provider that has to be unpacked is there once, however many
            stacks use it; None: nothing has to be unpacked, or the user has a folder for it.
        one_at_a_time: Whether stacks must not be initialised side by side: Terraform does not guard the folder.
            https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
    """

    cli_config: Path | None
    mirror: Path | None
    origin: str
    cache: Path | None = None
    one_at_a_time: bool = False


def provider_source(work: Path, environ: Mapping[str, str] | None = None) -> ProviderSource:
    """Decide on the CLI configuration, writing one below ``work`` if a mirror was found."""
    env = os.environ if environ is None else environ
    named = env.get("TF_CLI_CONFIG_FILE") or env.get("TERRAFORM_CONFIG")
    # A name that points nowhere makes every command warn; it is dropped from Terraform's environment.
    for own in (Path(named) if named else None, _home(env) / ".terraformrc"):
        if own is not None and own.is_file():
            kept = CACHE_VARIABLE in env or "plugin_cache_dir" in own.read_text(encoding="utf-8", errors="replace")
            cache = None if kept else work / _CACHE
            return ProviderSource(own, None, f"your CLI configuration {own}", cache, one_at_a_time=True)
    for mirror in _candidates(env):
        if _holds_provider(mirror):
            file = work / "terraform.rc"
            text = _configuration(mirror)
            if not file.is_file() or file.read_text() != text:
                work.mkdir(parents=True, exist_ok=True)
                write_private(file, text)
            # Terraform links to what is unpacked in a mirror; a cache would only be one link more.
            packed = not (mirror / PROVIDER / PROVIDER_VERSION).is_dir()
            cache = work / _CACHE if packed and CACHE_VARIABLE not in env else None
            shared = packed or CACHE_VARIABLE in env
            return ProviderSource(file, mirror, f"local mirror {mirror}", cache, one_at_a_time=shared)
    cache = None if CACHE_VARIABLE in env else work / _CACHE
    return ProviderSource(None, None, "the Terraform registry (no local mirror found)", cache, one_at_a_time=True)


def _candidates(env: Mapping[str, str]) -> Iterator[Path]:
    for variable in (MIRROR_VARIABLE, CACHE_VARIABLE):
        if env.get(variable):
            yield Path(env[variable])
    home = _home(env)
    # Terraform's implied mirrors; naming any provider_installation turns them off.
    # https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    yield home / ".terraform.d" / "plugins"
    yield home / ".terraform.d" / "plugin-cache"
    data = [env.get("XDG_DATA_HOME") or str(home / ".local/share")]
    data += (env.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    for folder in data:
        yield Path(folder) / "terraform" / "plugins"
    yield home / "Library/Application Support/io.terraform/plugins"
    yield from sorted(path.parent for path in Path("/opt").glob("*/registry.terraform.io"))


def _holds_provider(mirror: Path) -> bool:
    packages = mirror / PROVIDER
    return (packages / PROVIDER_VERSION).is_dir() or any(
        packages.glob(f"terraform-provider-aws_{PROVIDER_VERSION}_*.zip")
    )


def _home(env: Mapping[str, str]) -> Path:
    return Path(env["HOME"]) if env.get("HOME") else Path.home()


def _configuration(mirror: Path) -> str:
    path = str(mirror).replace("\\", "\\\\").replace('"', '\\"')
    # Excluded from `direct`: Terraform otherwise asks the registry for versions even when the mirror has it.
    return f"""provider_installation {{
  filesystem_mirror {{
    path    = "{path}"
    include = ["{PROVIDER}"]
  }}
  direct {{
    exclude = ["{PROVIDER}"]
  }}
}}
"""
