"""The acceptance sheet of a built site, as data and as plain text, from which the annex to the BAST is made."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.changes import Checked, Job, Outcome, StepState
from domain.intent import SiteIntent
from domain.language import _
from kentongan.changing.verify import check_as_json

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
