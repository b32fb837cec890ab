"""Finding the provider offline, without stepping on the user's own configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling.terraform.mirror import PROVIDER, PROVIDER_VERSION, provider_source


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "XDG_DATA_DIRS": str(tmp_path / "nothing")}


def mirror_in(folder: Path, version: str = PROVIDER_VERSION) -> Path:
    (folder / PROVIDER / version / "linux_amd64").mkdir(parents=True)
    return folder


def test_the_users_own_configuration_wins_over_any_mirror(tmp_path: Path, home: dict[str, str]) -> None:
    own = tmp_path / "mine.rc"
    own.write_text("")
    mirror = mirror_in(tmp_path / "mirror")

    source = provider_source(
        tmp_path / "work", {**home, "TF_CLI_CONFIG_FILE": str(own), "GROUNDPLAN_PROVIDER_MIRROR": str(mirror)}
    )

    assert source.cli_config == own
    assert source.mirror is None


def test_the_configuration_in_the_home_folder_is_respected(tmp_path: Path, home: dict[str, str]) -> None:
    own = Path(home["HOME"]) / ".terraformrc"
    own.write_text("")

    assert provider_source(tmp_path / "work", home).cli_config == own


def test_a_configuration_that_does_not_exist_is_not_passed_on(tmp_path: Path, home: dict[str, str]) -> None:
    mirror = mirror_in(tmp_path / "mirror")

    source = provider_source(
        tmp_path / "work", {**home, "TF_CLI_CONFIG_FILE": "/nowhere.rc", "GROUNDPLAN_PROVIDER_MIRROR": str(mirror)}
    )

    assert source.cli_config == tmp_path / "work/terraform.rc"
    assert f'path    = "{mirror}"' in source.cli_config.read_text()


@pytest.mark.parametrize(
    "place",
    [".terraform.d/plugins", ".terraform.d/plugin-cache", ".local/share/terraform/plugins"],
)
def test_the_implied_mirrors_are_looked_through(tmp_path: Path, home: dict[str, str], place: str) -> None:
    mirror = mirror_in(Path(home["HOME"]) / place)

    assert provider_source(tmp_path / "work", home).mirror == mirror


def test_the_plugin_cache_is_a_mirror(tmp_path: Path, home: dict[str, str]) -> None:
    mirror = mirror_in(tmp_path / "cache")

    assert provider_source(tmp_path / "work", {**home, "TF_PLUGIN_CACHE_DIR": str(mirror)}).mirror == mirror


def test_a_mirror_with_another_version_only_is_passed_over(tmp_path: Path, home: dict[str, str]) -> None:
    mirror = mirror_in(tmp_path / "mirror", "6.0.0")

    source = provider_source(tmp_path / "work", {**home, "GROUNDPLAN_PROVIDER_MIRROR": str(mirror)})

    assert source.mirror != mirror


def test_everything_but_the_mirrored_provider_comes_directly(tmp_path: Path, home: dict[str, str]) -> None:
    mirror = mirror_in(tmp_path / "mirror")

    source = provider_source(tmp_path / "work", {**home, "GROUNDPLAN_PROVIDER_MIRROR": str(mirror)})

    assert source.cli_config is not None
    text = source.cli_config.read_text()
    assert text.count(f'"{PROVIDER}"') == 2
    assert text.index("filesystem_mirror") < text.index("direct")
    assert source.cli_config.stat().st_mode & 0o777 == 0o600


def test_what_is_unpacked_in_a_mirror_is_linked_to_and_kept_nowhere_else(tmp_path: Path, home: dict[str, str]) -> None:
    mirror = mirror_in(tmp_path / "mirror")

    source = provider_source(tmp_path / "work", {**home, "GROUNDPLAN_PROVIDER_MIRROR": str(mirror)})

    assert source.cache is None
    assert not source.one_at_a_time


def test_what_has_to_be_unpacked_is_kept_once_for_all_stacks(tmp_path: Path, home: dict[str, str]) -> None:
    packed = tmp_path / "mirror" / PROVIDER / f"terraform-provider-aws_{PROVIDER_VERSION}_linux_amd64.zip"
    packed.parent.mkdir(parents=True)
    packed.touch()

    source = provider_source(tmp_path / "work", {**home, "GROUNDPLAN_PROVIDER_MIRROR": str(tmp_path / "mirror")})

    assert source.cache == tmp_path / "work/plugins"
    assert source.one_at_a_time


def test_the_users_own_folder_for_providers_is_left_to_terraform(tmp_path: Path, home: dict[str, str]) -> None:
    own = Path(home["HOME"]) / ".terraformrc"
    named = {**home, "TF_PLUGIN_CACHE_DIR": str(tmp_path / "mine")}

    in_environment = provider_source(tmp_path / "work", named)
    own.write_text('plugin_cache_dir = "/mine"\n')
    in_configuration = provider_source(tmp_path / "work", home)
    own.write_text("# another setting\n")
    without = provider_source(tmp_path / "work", home)

    assert in_environment.cache is None
    assert in_environment.one_at_a_time
    assert in_configuration.cache is None
    assert in_configuration.one_at_a_time
    assert without.cache == tmp_path / "work/plugins"
