"""The acceptance sheet of a built site: as data, as plain text, and as PDF, the annex to the BAST."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from domain.changes import Checked, Job, Outcome, StepState
from domain.documents import AcceptanceSheet, DocumentWriter
from domain.intent import SiteIntent
from domain.language import _
from kentongan.acceptance import acceptance_sheet
from kentongan.changing.verify import check_as_json
from kentongan.errors import KentonganError
from kentongan.installation import Installation

if TYPE_CHECKING:
    from kentongan.changing.changes import SiteChanges

FOLDER = "acceptance"


def write_sheet(changes: "SiteChanges", job: Job, checks: tuple[Checked, ...]) -> Path:
    """SITE-JOB.json and .txt in the state folder; the same job writes the same files again."""
    folder = changes.installation.loaded.folder / FOLDER
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    sheet = sheet_of(changes.plan_of(job).intent, job, checks)
    path = folder / f"{job.site}-{job.id}.json"
    _replace(path, json.dumps(sheet, ensure_ascii=False, indent=2, default=str) + "\n")
    _replace(path.with_suffix(".txt"), sheet_text(sheet))
    return path


def write_pdf(writer: DocumentWriter, changes: "SiteChanges", job: Job, checks: tuple[Checked, ...], path: Path) -> str:
    """Beside the others. Says what came of it: a sheet that is not made stops nothing, it can be made at any time."""
    try:
        writer.write_acceptance_sheet(sheet_for(changes.installation, changes.plan_of(job).intent, job, checks), path)
    except KentonganError as error:
        changes.installation.record("acceptance sheet not written", job.site, job=job.id, why=str(error))
        return _("The PDF was not made: {why}. Make it: kentongan site sheet {site}").format(why=error, site=job.site)
    return str(path)


def sheet_for(
    installation: Installation, intent: SiteIntent, job: Job | None, checks: tuple[Checked, ...]
) -> AcceptanceSheet:
    now = installation.clock.now().utc.astimezone(ZoneInfo(installation.loaded.settings.language.timezone))
    regions = {str(each.code): each.name for each in installation.regions.within(installation.regions.home() or "")}
    return acceptance_sheet(intent, installation.inventory.read(), regions, now, job, checks)


def checks_kept(state: Path, job: Job | None) -> tuple[Checked, ...]:
    """What the last verification of that change found; nothing if it has not come so far."""
    path = state / FOLDER / f"{job.site}-{job.id}.json" if job else None
    if path is None or not path.exists():
        return ()
    kept = json.loads(path.read_text(encoding="utf-8"))["checks"]
    return tuple(Checked(**{**each, "outcome": Outcome(each["outcome"])}) for each in kept)


def sheet_of(intent: SiteIntent, job: Job, checks: tuple[Checked, ...]) -> dict[str, Any]:
    return {
        "site": intent.slug,
        "label": intent.label,
        "profile": intent.profile,
        "job": job.id,
        "by": job.actor,
        "approvers": list(job.approvers),
        "emergency": job.reason or None,
        "madeAt": job.made_at.isoformat(),
        "devices": [
            {
                "name": device.name,
                "role": device.role.value,
                "platform": device.platform.value if device.platform else None,
                "model": device.model,
                "serial": device.serial,
                "address": device.address,
            }
            for device in intent.devices
            if not device.elsewhere
        ],
        "addresses": {subnet.key: str(subnet.prefix) for subnet in intent.subnets},
        "vlans": {vlan.key: vlan.id for vlan in intent.vlans},
        "checks": [check_as_json(check) for check in checks],
        "steps": [
            {"step": step.name, "state": step.state.value, "endedAt": step.ended_at, "evidence": step.evidence}
            for step in job.steps
            if step.state is not StepState.WAITING
        ],
    }


def sheet_text(sheet: dict[str, Any]) -> str:
    words = {Outcome.PASSED.value: _("passed"), Outcome.FAILED.value: _("FAILED"), "not-checked": _("not checked")}
    lines = [
        _("Acceptance of {label} ({site})").format(label=sheet["label"], site=sheet["site"]),
        _("Profile {profile}, job {job}, by {by}, approved by {approvers}").format(
            profile=sheet["profile"],
            job=sheet["job"],
            by=sheet["by"],
            approvers=", ".join(sheet["approvers"]) or sheet["emergency"],
        ),
        "",
        *(
            "  ".join(filter(None, (each["name"], each["model"], each["serial"], each["address"])))
            for each in sheet["devices"]
        ),
        "",
        *(f"{name}: {text}" for name, text in sheet["addresses"].items()),
        "",
        *(
            f"{each['name']} {each['device']}: {words[each['outcome']]}" + (f" ({each['why']})" if each["why"] else "")
            for each in sheet["checks"]
        ),
        "",
        _("Photos:"),
        "",
        _("For the desa:") + " ____________________    " + _("For Diskominfo:") + " ____________________",
    ]
    return "\n".join(lines) + "\n"


def _replace(path: Path, text: str) -> None:
    """Whole or as before."""
    new = path.with_suffix(path.suffix + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
