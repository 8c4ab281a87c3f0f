"""Thresholds as data: the shipped file, a site's own, and what is said of an entry that cannot be right."""

from pathlib import Path

import pytest

from alerts.degraded.rulebook import Rulebook
from alerts.degraded.thresholds import Threshold, ThresholdsError, load_thresholds, read_thresholds
from domain.incidents import Urgency
from domain.network import Device, Role, SiteKind
from tests.unit.alerts.degraded_gear import device

HOT = Device("probe-1", "dc", Role.SENSOR)


def entry(text: str) -> str:
    return f'[[threshold]]\nname = "mine"\nreason = "temperature"\nmeasure = "temperature"\n{text}\n'


def rule(measure: str, of: Device, site: SiteKind, sensor: str) -> Threshold | None:
    return Rulebook(load_thresholds()).for_sensor(measure, of, site, sensor)


def test_a_hot_room_of_a_data_centre_wakes_somebody_and_a_warm_board_does_not() -> None:
    room = rule("temperature", HOT, SiteKind.DATACENTER, "Rack 3")
    board = rule("temperature", device("r1", site="dc"), SiteKind.DATACENTER, "Temperature")
    assert room is not None
    assert room.urgency is Urgency.PAGE
    assert room.raises(33)
    assert room.raise_above == 32
    assert board is not None
    assert board.urgency is Urgency.DAY
    assert not board.raises(60)


def test_light_has_its_limit_by_role_and_light_that_is_sent_has_none() -> None:
    pon, sfp = (rule("dbm", device("x", role), SiteKind.OPD, "Rx") for role in (Role.ONU, Role.SWITCH))
    assert (pon and pon.limit, sfp and sfp.limit) == (-27, -24)
    assert rule("dbm", device("x", Role.ONU), SiteKind.OPD, "sfp1 Tx") is None


def test_an_own_file_changes_an_entry_takes_one_out_and_adds_one_for_a_device(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[threshold]]\nname = "datacenter-heat"\nraise_above = 27\nclear_below = 25\n'
        '[[threshold]]\nname = "errors"\noff = true\n'
        '[[threshold]]\nname = "old-onu"\nreason = "optical-low"\nmeasure = "dbm"\ndevices = ["onu-7", "onu-8*"]\n'
        "raise_below = -20\nlimit = -21\n",
        encoding="utf-8",
    )
    thresholds = load_thresholds(own)
    book = Rulebook(thresholds)
    assert "errors" not in {each.name for each in thresholds}
    heat = book.for_sensor("temperature", HOT, SiteKind.DATACENTER, "Rack 3")
    assert heat is not None
    assert (heat.raise_above, heat.urgency) == (27, Urgency.PAGE), "the rest stays as shipped"
    limits = {
        name: book.for_sensor("dbm", device(name, Role.ONU), SiteKind.OPD, "Rx")
        for name in ("onu-7", "onu-81", "onu-9")
    }
    assert {name: each.limit for name, each in limits.items() if each} == {"onu-7": -21, "onu-81": -21, "onu-9": -27}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry("raise_over = 3"), "own.toml, threshold mine: 'raise_over' is not known: did you mean 'raise_above'?"),
        (entry(""), "threshold mine: needs 'raise_above' or 'raise_below'"),
        (entry("raise_above = '3'"), "'raise_above' is a number without quotation marks"),
        (entry("raise_above = inf"), "'raise_above' is a number"),
        (entry("raise_above = true"), "'raise_above' is a number"),
        (entry("raise_above = 3\nclear_below = 4"), "'clear_below' must not lie above 'raise_above'"),
        (entry("raise_below = 3\nclear_above = 2"), "'clear_above' must not lie below 'raise_below'"),
        (entry("raise_above = 3\nclear_above = 2"), "'clear_above' needs 'raise_below' beside it"),
        (entry("raise_above = 3\nraise_below = 1\nclear_above=2.5\nclear_below = 2"), "it would never be over"),
        (entry("raise_above = 3\nroles = ['roter']"), "'roles = roter' is not known: did you mean 'router'?"),
        (entry("raise_above = 3\nroles = 'router'"), "'roles' is a list of texts"),
        (entry("raise_above = 3\nsites = ['desaa']"), "did you mean 'desa'?"),
        (entry("raise_above = 3\nurgency = 'now'"), "'urgency = now' is not known"),
        (entry("raise_above = 3\nports = 'link'"), "did you mean 'links'?"),
        (entry("raise_above = 3\nsensor = '('"), "'sensor' is no pattern"),
        (entry("raise_above = 3\npolls = 0"), "'polls' is 1 to 100"),
        (entry("raise_above = 3\noff = 'yes'"), "'off' is true or false"),
        (entry("raise_above = 3").replace("temperature", "temperatur"), "did you mean 'temperature'?"),
        (entry("raise_above = 3") * 2, "threshold mine: stands twice"),
        ("[[threshold]]\nname = 'Big One'", "threshold 1: needs a name of small letters"),
        ("[[threshold]]\nname = 'x'\nmeasure='cpu'", "threshold x: needs 'reason'"),
        ("[thresholds]\na = 1", "'thresholds' is not known here"),
        ("a = ", "own.toml is not TOML"),
    ],
)
def test_what_cannot_be_right_is_named_with_its_cure(text: str, said: str) -> None:
    with pytest.raises(ThresholdsError) as error:
        read_thresholds(text, "own.toml")
    assert said in str(error.value)


def test_a_file_that_is_not_there_says_which_setting_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(ThresholdsError, match=r"\[alerts\] thresholds"):
        load_thresholds(tmp_path / "none.toml")
