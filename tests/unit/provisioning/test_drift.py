"""Whether a device is as it is meant to be, and what is meant, kept over restarts."""

from pathlib import Path

import pytest

from domain.intent import ChangeKind, Configuration, Platform, Section
from provisioning.drift import DriftState, IntendedFolder, judge
from provisioning.errors import UnreadableConfigurationError

WANTED = Configuration(
    "rtr-a",
    Platform.IOS,
    15,
    (Section("base", ("hostname rtr-a", "interface Gi0/1", " description uplink ⟦noc/password⟧")), Section("ntp", ())),
)
PLAIN = Configuration(
    "rtr-a", Platform.IOS, 0, (Section("base", ("hostname rtr-a", "interface Gi0/1", " description uplink")),)
)
READ = "hostname rtr-a\n!\ninterface Gi0/1\n description uplink\n!\nend\n"


def test_nobody_said_what_it_is_to_be() -> None:
    assert judge("rtr-a", None, READ).state is DriftState.NO_INTENT
    assert judge("rtr-a", None, None).state is DriftState.NO_INTENT


def test_it_was_never_read() -> None:
    assert judge("rtr-a", PLAIN, None).state is DriftState.UNREAD


def test_it_is_as_intended() -> None:
    drift = judge("rtr-a", PLAIN, READ)
    assert (drift.state, drift.difference and drift.difference.matches) == (DriftState.MATCHES, True)


def test_what_a_hand_changed_is_shown_with_its_lines() -> None:
    drift = judge("rtr-a", PLAIN, READ.replace("uplink", "dipindah budi"))
    assert drift.state is DriftState.DRIFTED
    assert drift.difference is not None
    assert ChangeKind.SET in {change.kind for change in drift.difference.changes} or drift.difference.count(
        ChangeKind.ADD
    )
    assert "uplink" in drift.difference.shown()


def test_what_is_intended_comes_back_as_it_was(tmp_path: Path) -> None:
    folder = IntendedFolder(tmp_path / "intended")
    assert folder.intended("rtr-a") is None
    folder.put(WANTED)
    folder.put(PLAIN)
    folder.put(WANTED)
    assert IntendedFolder(tmp_path / "intended").intended("rtr-a") == WANTED
    assert [path.name for path in (tmp_path / "intended").iterdir()] == ["rtr-a.json"]
    folder.remove("rtr-a")
    folder.remove("rtr-a")
    assert folder.intended("rtr-a") is None


@pytest.mark.parametrize("name", ["../rtr", "a/b", ".."])
def test_names_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    folder = IntendedFolder(tmp_path / "intended")
    folder.put(Configuration(name, Platform.FRR, 0, ()))
    assert folder.intended(name) is not None
    assert [path.name for path in tmp_path.iterdir()] == ["intended"]


def test_a_file_of_another_program_is_said_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "rtr-a.json").write_text('{"device": "rtr-a", "platform": "os-2"}')
    with pytest.raises(UnreadableConfigurationError, match="Plan the site anew"):
        IntendedFolder(tmp_path).intended("rtr-a")
