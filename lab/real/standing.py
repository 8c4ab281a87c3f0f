"""A lab that stays when the command that made it ends: `kentongan lab real up` and `down`.

What was made is written to `lab-real.json` in the state folder, so that another process finds it again.
"""

import hashlib
import json
from pathlib import Path

from domain.language import _
from lab.errors import LabError
from lab.real.lab import RealLab
from lab.real.namespaces import in_namespace
from lab.real.processes import Daemon

RECORD = "lab-real.json"


def up(state_folder: Path, hosts: int = 6, *, ospf: bool = False) -> dict[str, object]:
    """Build a lab that stays; returns what a person wants to know of it, as plain JSON values.

    Raises LabError if one stands already or could not be built.
    """
    record = state_folder / RECORD
    if record.exists():
        raise LabError(_("the lab stands already; to begin anew: kentongan lab real down"))
    lab = RealLab(hosts, ospf=ospf, prefix=_prefix_of(state_folder))
    lab.up()
    save(lab, state_folder)
    return {
        "hosts": [f"{host} {address}" for host, address in lab.addresses.items()],
        "links": list(lab.layout.links),
        "credentials": [credential.name for credential in lab.credentials],
        "collector": lab.collector,
        "enter": " ".join(in_namespace(lab.collector)),
    }


def attach(state_folder: Path) -> RealLab:
    """The standing lab, to be cut, mended or taken down by this process. Raises LabError if there is none."""
    try:
        record = json.loads((state_folder / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LabError(_("no lab stands; to build it: kentongan lab real up")) from None
    lab = RealLab(record["hosts"], ospf=record["ospf"], prefix=record["prefix"])
    lab.cuts.update(record["cuts"])
    lab.dead.update(record["dead"])
    lab.daemons.adopt(Daemon(**fields) for fields in record["daemons"])
    return lab


def save(lab: RealLab, state_folder: Path) -> None:
    """Write down what the lab is now; after a cut, a kill or their undoing by `attach`."""
    state_folder.mkdir(parents=True, exist_ok=True)
    record = {
        "prefix": lab.prefix,
        "hosts": len(lab.layout.hosts),
        "ospf": lab.ospf,
        "cuts": sorted(lab.cuts),
        "dead": sorted(lab.dead),
        "daemons": [
            {"name": daemon.name, "host": daemon.host, "pid": daemon.pid, "started": daemon.started}
            for daemon in lab.daemons
        ],
    }
    unfinished = state_folder / f"{RECORD}.new"
    unfinished.write_text(json.dumps(record, indent=1), encoding="utf-8")
    unfinished.replace(state_folder / RECORD)


def down(state_folder: Path) -> dict[str, object]:
    """Take the standing lab down, and what an unfinished `up` left. `removed` names its hosts, if there was one."""
    record = state_folder / RECORD
    stood = record.exists()
    lab = attach(state_folder) if stood else RealLab(prefix=_prefix_of(state_folder))
    lab.down()
    record.unlink(missing_ok=True)
    return {"removed": list(lab.addresses) if stood else []}


def _prefix_of(state_folder: Path) -> str:
    """One lab per state folder; the letter keeps it apart from labs that belong to a process."""
    return "kentongan-s" + hashlib.sha256(str(state_folder.resolve()).encode()).hexdigest()[:8]
