"""The steps of a replacement: the new unit met, the inventory changed, and both taken back."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from collectors.store.ssh_access import SshAccess
from domain.audit import AuditEntry
from domain.changes import Job, JobKind, Outcome, Step
from domain.language import _
from domain.network import Device, DeviceStatus
from domain.network.units import Replaced
from domain.shell import HostKey
from inventory.store.rows import remove_records
from inventory.store.units import SqlUnits
from kentongan.changing.intent import intended_folder, keep_intent, take_back_intent
from kentongan.changing.replacing import Prepared, Source, new_of, serials_in
from kentongan.changing.steps import SiteSteps, summary
from kentongan.changing.swap import as_plain, of_plain, on_shelf, swapped, unswapped
from kentongan.changing.verify import verify_site
from kentongan.planning.sources import provisioning_folder
from provisioning.changing import ChangeError
from provisioning.profiles import Layer

if TYPE_CHECKING:
    from kentongan.changing.changes import SiteChanges

MODEL: Final = re.compile(r"^# model = (\S.*?)\s*$", re.MULTILINE)


class SwapSteps:
    """Of one job."""

    def __init__(self, changes: "SiteChanges", job: Job) -> None:
        self._changes = changes
        self._installation = changes.installation
        self._device = job.order.get("device", "")
        self._units = SqlUnits(self._installation.database.engine)

    def meet(self, job: Job, step: Step) -> str:
        """The old unit's key is set aside: whoever confirmed has said that another one answers. Its serial must be that
        which was ordered; what it runs decides how it is told."""
        self._set_key_aside(job)
        if self._device not in self._changes.parties(job):
            return _("It is told nothing itself.")
        version, written = self._changes.devices(job).meet(job, step, self._device)
        found = MODEL.search(written)
        self._changes.store.keep(job.id, version=version, model=found[1] if found else "")
        self._changes.forget_plan()
        return " ".join(filter(None, (found[1] if found else "", version))) or _("It answers.")

    def verify(self, job: Job, _step: Step) -> str:
        """The new unit, those that were told, and what hangs on it must work. What else is wrong at the site is said
        and keeps nobody from writing down who stands there."""
        found = self._changes.checked = verify_site(self._changes, job)
        intent = self._changes.plan_of(job).intent
        behind = (each.name for each in intent.devices if self._device in each.uplink)
        meant = {"", self._device, *job.devices, *behind}
        wrong = [each for each in found if each.outcome is Outcome.FAILED]
        if ours := [each for each in wrong if each.device in meant]:
            raise ChangeError(
                _("Not as it should be: {list}. Mend it and apply again, or: kentongan site rollback {site}").format(
                    list="; ".join(f"{each.device} {each.name}: {each.why}" for each in ours), site=job.site
                )
            )
        return "; ".join((summary(found), *(f"{each.device} {each.name}: {each.why}" for each in wrong)))

    def swap(self, job: Job, _step: Step) -> str:
        kept = self._changes.store.kept(job.id)
        before, new = of_plain(kept["device"]), new_of(job, kept)
        inventory = self._installation.inventory.read()
        now = next((each for each in inventory.devices if each.name == before.name), before)
        fate = DeviceStatus(job.order["fate"])
        swap = swapped(before, now, new, fate, inventory, job.made_at, kept.get("old", ""))
        self._changes.store.keep(job.id, old=swap.old.name)
        done = Replaced(
            job.id,
            before.name,
            swap.old.name,
            before.serial,
            before.model,
            before.platform,
            fate,
            new.serial,
            new.model,
            new.platform,
            job.order["reason"],
            kept.get("revision", ""),
            job.actor,
            job.made_at,
        )
        with self._installation.database.transaction() as connection:
            self._installation.inventory.write_in(connection, [swap.device, swap.old])
            if swap.shelf is not None:
                remove_records(connection, [swap.shelf])
            self._units.record_in(connection, done)
            self._installation.journal.record_in(connection, self._entry("device replaced", _shown(done)))
        if job.kind is JobKind.SWAPPED:
            self._believe_what_answers(job)
        self._write_variables(before, new)
        self._installation.plans.forget([before.name])
        self._keep_what_it_is(job, before)
        return _("{device} is {new} now; {old} is {fate}.").format(
            device=before.name, new=new.serial, old=swap.old.name, fate=fate.value
        )

    def restore(self, job: Job, _step: Step) -> str:
        """The old unit under its name again, with its key and login. What stands at the site is up to people."""
        kept = self._changes.store.kept(job.id)
        before = of_plain(kept["device"])
        if "old" in kept:
            self._restore_rows(job, kept, of_plain(kept["row"]))
            self._write_variables(new_of(job, kept), before)
            self._installation.plans.forget([before.name])
            take_back_intent(intended_folder(self._installation.loaded.folder), job)
        if kept.get("access") is not None:
            access = self._changes.config.access
            access.put(before.name, SshAccess(kept["access"], access.read().get(before.name, SshAccess()).legacy))
        self._bring_key_back(kept)
        return _("{device} is {serial} again.").format(device=before.name, serial=before.serial or "-")

    # -- rows --------------------------------------------------------------------------------------------------------

    def _restore_rows(self, job: Job, kept: Mapping[str, Any], before: Device) -> None:
        inventory = self._installation.inventory.read()
        rows = {each.name: each for each in inventory.devices}
        back = [unswapped(before, rows.get(before.name, before))]
        if kept.get("shelf"):
            back.append(of_plain(kept["shelf"]))
        gone = [each for name, each in rows.items() if name == kept["old"] and each.name not in {b.name for b in back}]
        with self._installation.database.transaction() as connection:
            self._installation.inventory.write_in(connection, back)
            remove_records(connection, gone)
            self._units.forget_in(connection, job.id)
            detail = {"job": job.id, "serial": before.serial}
            self._installation.journal.record_in(connection, self._entry("device replacement taken back", detail))

    def _entry(self, action: str, detail: Mapping[str, object]) -> AuditEntry:
        return AuditEntry(self._installation.clock.now(), self._installation.actor, action, self._device, detail)

    def _write_variables(self, old: Device, new: Device) -> None:
        """Where the office wrote the old serial into variables of the site or of the device."""
        folder = provisioning_folder(self._installation.loaded.folder)
        for layer, name in ((Layer.SITE, old.site), (Layer.DEVICE, old.name)):
            changed = serials_in(folder.read(layer, name).values, old.serial, new.serial)
            if changed:
                folder.write(layer, name, changed)
                detail = {"layer": layer.value, "names": sorted(changed)}
                self._installation.journal.record(self._entry("variables set", detail))

    def _keep_what_it_is(self, job: Job, before: Device) -> None:
        parties = self._changes.parties(job)
        if job.order["source"] == "intent":
            keep_intent(intended_folder(self._installation.loaded.folder), job, parties.values())
        party = parties.get(before.name)
        if party is not None:
            SiteSteps(self._changes, job).keep_login(party.device, party.then.login, party.shared)

    # -- the key by which it is known --------------------------------------------------------------------------------

    def _set_key_aside(self, job: Job) -> None:
        keys, store = self._changes.config.keys, self._changes.store
        held = store.kept(job.id)
        known = keys.known(self._device)
        if "host_key" not in held:
            access = self._changes.config.access.read().get(self._device, SshAccess())
            store.keep(job.id, host_key=[known.algorithm, known.blob] if known else None, access=access.credential)
            held = store.kept(job.id)
        if known is not None and held["host_key"] == [known.algorithm, known.blob]:
            keys.forget(self._device)
            self._installation.record("host key set aside", self._device, job=job.id, fingerprint=known.fingerprint)

    def _believe_what_answers(self, job: Job) -> None:
        """The key that was refused since the unit was exchanged; without one the next meeting is a first one."""
        keys = self._changes.config.keys
        kept = keys.get(self._device)
        if kept is None or "host_key" in self._changes.store.kept(job.id):
            return
        known = kept.known
        self._changes.store.keep(job.id, host_key=[known.algorithm, known.blob] if known else None)
        if keys.accept(self._device) is None:
            keys.forget(self._device)

    def _bring_key_back(self, kept: Mapping[str, Any]) -> None:
        if "host_key" not in kept:
            return
        keys = self._changes.config.keys
        keys.forget(self._device)
        if kept["host_key"] is not None:
            keys.refuse(self._device, HostKey(*kept["host_key"]))
            keys.accept(self._device)


def first_kept(changes: "SiteChanges", prepared: Prepared) -> dict[str, Any]:
    """What a replacement has to remember from its beginning on."""
    row = prepared.row
    shelf = on_shelf(changes.installation.inventory.read(), row.name, prepared.new.serial)
    repository = changes.config.repository
    return {
        "row": as_plain(row),
        "device": as_plain(prepared.before),
        "shelf": as_plain(shelf) if shelf else None,
        "backup": repository.latest(row.name, row.site) if prepared.source is Source.BACKUP else None,
        "revision": repository.revision_of(row.name) or "",
    }


def _shown(done: Replaced) -> dict[str, object]:
    return {
        "job": done.job,
        "old": f"{done.old_name} ({done.old_serial or '-'})",
        "fate": done.fate.value,
        "new": done.new_serial,
        "model": done.new_model,
        "reason": done.reason,
    }
