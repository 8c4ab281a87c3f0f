"""What is kept of a configuration: golden outputs of each platform, noise out, secrets masked.

The seal of a secret is the secret itself in angle brackets here, so that a case shows what is taken for one.
"""

import re
from pathlib import Path

import pytest

from collectors.profiles import shipped_profiles
from domain.intent import Platform
from domain.secrets import Secret
from provisioning.platforms import PLATFORMS, changed_by, clean, mask

CASES = sorted(path.parent for path in (Path(__file__).parent / "configs").glob("*/written.txt"))


def kept_of(name: str, written: str, stored: tuple[Secret, ...] = ()) -> str:
    platform = PLATFORMS[name]
    return mask(platform, clean(platform, written), lambda secret: f"<{secret}>", stored)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_noise_goes_and_secrets_are_masked(case: Path) -> None:
    assert kept_of(case.name, (case / "written.txt").read_text()) == (case / "kept.txt").read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_kept_has_no_secret(case: Path) -> None:
    """The same with seals that give nothing away: nothing of what a golden case marks is left."""
    platform = PLATFORMS[case.name]
    text = mask(platform, clean(platform, (case / "written.txt").read_text()), lambda _secret: "")
    secrets = re.findall(r"\*\*\*<(.*?)>\*\*\*", (case / "kept.txt").read_text())
    assert secrets
    assert not [secret for secret in secrets if re.search(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", text)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cleaning_again_changes_nothing(case: Path) -> None:
    kept = (case / "kept.txt").read_text()
    assert kept_of(case.name, kept) == kept


def test_every_platform_that_is_written_to_can_be_read_and_has_a_case_and_a_profile() -> None:
    assert {each.value for each in Platform} <= PLATFORMS.keys()
    assert {case.name for case in CASES} >= {each.value for each in Platform}
    profiles = shipped_profiles(None)
    missing = {each.profile for each in PLATFORMS.values() if profiles.get(each.profile).platform != each.profile}
    assert not missing


@pytest.mark.parametrize(("name", "who"), [("cisco-ios", "budi"), ("huawei-vrp", "siti"), ("frr", "")])
def test_who_changed_it_is_read_where_it_stands(name: str, who: str) -> None:
    written = (Path(__file__).parent / "configs" / name / "written.txt").read_text()
    assert changed_by(PLATFORMS[name], written) == who


def test_a_stored_secret_is_masked_wherever_it_stands() -> None:
    text = "ip nat pool public-pool\nbanner motd password is public\ndescription via S3cret!passX\n"
    kept = kept_of("cisco-ios", text, (Secret("public"), Secret("S3cret!pass"), Secret("ro")))
    assert (
        kept
        == "ip nat pool public-pool\nbanner motd password is ***<public>***\ndescription via ***<S3cret!pass>***X\n"
    )


def test_another_secret_is_another_text() -> None:
    one, other = (kept_of("cisco-ios", f"enable secret 5 {hashed}\n") for hashed in ("$1$a", "$1$b"))
    assert one != other
