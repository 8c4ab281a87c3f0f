"""The acceptance sheet put together: the plan, the office's rows, what devices told; nothing passes unasked."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from domain.changes import Checked, JobState, Outcome, StepKind, StepState, new_job
from kentongan.acceptance import acceptance_sheet
from tests.site_office import NOW, SLUG, make_office

LATER = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
REGIONS = {"32.14": "Kabupaten Purwakarta"}


def test_what_devices_told_stands_in_it_and_what_was_not_asked_is_not_passed(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    intent = office.planner().plan(SLUG, NOW, profile="desa-fibre").intent
    router = f"rtr-{SLUG}"
    checks = (
        Checked("snmp", Outcome.PASSED, router, evidence={"serial": "FOUND01", "version": "7.15"}),
        Checked("onu-level", Outcome.PASSED, f"onu-{SLUG}", evidence={"dbm": -21.5, "lowest": -27.0, "highest": -8.0}),
    )
    job = new_job("j1", SLUG, (router,), "asep", NOW)
    steps = tuple(
        replace(each, state=StepState.DONE, ended_at=NOW) if each.kind is StepKind.VERIFY else each
        for each in job.steps
    )
    draft = acceptance_sheet(intent, office.inventory, REGIONS, LATER, replace(job, steps=steps), checks)
    assert not draft.is_final
    assert draft.checked_at == NOW
    device = next(each for each in draft.devices if each.name == router)
    assert (device.serial, device.version) == ("FOUND01", "7.15")
    assert {each.name for each in draft.checks if each.outcome is Outcome.UNCHECKED} == set(intent.checks) - {
        "snmp",
        "onu-level",
    }
    assert draft.place.regency == "Kabupaten Purwakarta"
    assert draft.place.village
    assert draft.place.district
    assert {each.prefix for each in draft.subnets} == {str(each.prefix) for each in intent.subnets}

    done = replace(job, steps=steps, state=JobState.DONE, changed_at=NOW)
    final = acceptance_sheet(intent, office.inventory, REGIONS, LATER, done, checks)
    assert final.is_final
    assert final.made_at == NOW  # the same whenever it is printed


def test_without_a_change_nothing_was_checked(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    intent = office.planner().plan(SLUG, NOW, profile="desa-fibre").intent
    sheet = acceptance_sheet(intent, office.inventory, {}, LATER)
    assert sheet.checked_at is None
    assert sheet.checks
    assert sheet.count(Outcome.UNCHECKED) == len(sheet.checks)
    assert {each.name for each in sheet.devices} == {each.name for each in intent.devices if not each.elsewhere}
