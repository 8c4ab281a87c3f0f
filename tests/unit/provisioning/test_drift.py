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
    folder.remove("rtr-a")
    folder.remove("rtr-a")
    assert folder.intended("rtr-a") is None


def test_sites_that_share_a_device_want_their_parts_of_it_side_by_side(tmp_path: Path) -> None:
    folder = IntendedFolder(tmp_path)
    one, other = (
        Configuration("pop", Platform.IOS, version, (Section("downlink", (f"vlan {number}",)),))
        for number, version in ((101, 0), (102, 15))
    )
    folder.put(other, "desa-b", "j2")
    folder.put(one, "desa-a", "j1")
    both = folder.intended("pop")
    assert both is not None
    assert (list(both.lines()), both.version) == (["vlan 101", "vlan 102"], 15)
    folder.take_back("pop", "desa-b", "j2")
    assert folder.intended("pop") == one
    folder.remove("pop", "desa-a")
    assert folder.intended("pop") is None


def test_a_change_that_is_taken_back_leaves_what_the_one_before_it_meant(tmp_path: Path) -> None:
    folder = IntendedFolder(tmp_path)
    folder.put(PLAIN, "desa-a", "j1")
    folder.put(WANTED, "desa-a", "j2")
    folder.put(WANTED, "desa-a", "j2")  # it was interrupted and came again
    folder.take_back("rtr-a", "desa-a", "j1")
    assert folder.intended("rtr-a") == WANTED, "another change has spoken since"
    folder.take_back("rtr-a", "desa-a", "j2")
    folder.take_back("rtr-a", "desa-a", "j2")
    assert folder.intended("rtr-a") == PLAIN


@pytest.mark.parametrize("name", ["../rtr", "a/b", ".."])
def test_names_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    folder = IntendedFolder(tmp_path / "intended")
    folder.put(Configuration(name, Platform.FRR, 0, ()))
    assert folder.intended(name) is not None
    assert [path.name for path in tmp_path.iterdir()] == ["intended"]


def test_a_file_of_another_program_is_said_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "rtr-a").mkdir()
    (tmp_path / "rtr-a" / "_.json").write_text('{"device": "rtr-a", "platform": "os-2"}')
    with pytest.raises(UnreadableConfigurationError, match="Plan the site anew"):
        IntendedFolder(tmp_path).intended("rtr-a")
