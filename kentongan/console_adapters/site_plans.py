"""Dry runs for the console: plans, what a profile asks for, and what an order would do. Nothing is taken or told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.ports.sites import Kind, Order, OrderKind, Planned, Preview, Question, RefusedError
from domain.changes import Job, JobState, StepKind, undo
from domain.intent import SecretHole, Value, masked
from domain.language import _
from domain.network import DeviceStatus
from kentongan.changing.changes import SiteChanges, fingerprint_of
from kentongan.changing.ending import prepare as prepare_ending
from kentongan.changing.replacing import Source
from kentongan.changing.replacing import prepare as prepare_replacement
from kentongan.cli.heartbeat import address
from kentongan.cli.site_apply import told_as_json
from kentongan.cli.site_views import plan_as_json, profile_as_json
from kentongan.console_adapters.task_process import ENDINGS, replacement_of
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.planning.devices import known_devices
from kentongan.planning.layers import SiteLayers
from kentongan.planning.sources import assignments, check_values, provisioning_folder, site_planner
from kentongan.store.faults import DatabaseError
from provisioning.errors import ProvisioningError
from provisioning.profiles import Layer, site_profiles
from provisioning.profiles import resolve as in_force
from provisioning.profiles.folder import PROFILE_KEY

ASKED = (Layer.SITE, Layer.DEVICE)


class InstallationPlans:
    """Implements console.ports.sites.SitePlans."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._folder = provisioning_folder(installation.loaded.folder)

    def kinds(self) -> Sequence[Kind]:
        return [Kind(each.profile, each.title, each.medium.value) for each in site_profiles(self._folder.profiles)]

    def plan(self, slug: str, profile: str, like: str) -> Planned:
        try:
            planner = site_planner(self._installation, self._url())
            plan = planner.plan(slug, self._installation.clock.now().utc, like=like, profile=profile)
        except DatabaseError:
            raise
        except (ProvisioningError, KentonganError) as error:
            raise RefusedError(str(error)) from error
        return Planned(plan, plan_as_json(plan), fingerprint_of(plan))

    def questions(self, slug: str, profile: str, like: str) -> Sequence[Question]:
        """Those that are the site's or its devices' own, and whatever is lacking elsewhere."""
        inventory = self._installation.inventory.read()
        try:
            profiles = site_profiles(self._folder.profiles)
            site = inventory.site_by_slug[slug]
            kind = site_planner(self._installation, self._url()).profile_for(site, like, profile)
            declared = profiles.variables_of(kind)
            layers = SiteLayers(profiles, self._folder, known_devices(inventory.devices))
            resolved = in_force(declared, layers.of_site(kind, inventory.site_by_slug[slug], like))
            asked = profile_as_json(profiles, kind)["variables"]
        except DatabaseError:
            raise
        except (ProvisioningError, KentonganError) as error:
            raise RefusedError(str(error)) from error
        found = []
        for each in asked:
            variable = declared[each["name"]]
            value = resolved.values.get(each["name"])
            is_lacking = variable.required and value is None
            if variable.layer not in ASKED and not is_lacking:
                continue
            origin = resolved.origins.get(each["name"])
            found.append(
                Question(
                    each["name"],
                    variable.about,
                    each["type"],
                    variable.required and variable.layer is not Layer.DEVICE,  # of which device nobody knows here
                    _typed(value),
                    origin.layer.value if origin and origin.layer else "",
                    variable.choices,
                )
            )
        return found

    def answer(self, slug: str, values: Mapping[str, str], who: str) -> None:
        try:
            given = assignments(f"{name}={text}" for name, text in values.items())
            checked = check_values(site_profiles(self._folder.profiles), given)
            names = sorted(name for name in values if name != PROFILE_KEY)
            # first: what cannot be written down is not done
            words = {"layer": Layer.SITE.value, "names": names, "by": "console"}
            self._installation.record_as(who, "variables set", slug, **words)
            self._folder.write(Layer.SITE, slug, checked)
        except DatabaseError:
            raise
        except (ProvisioningError, KentonganError) as error:
            raise RefusedError(str(error)) from error

    def preview(self, order: Order) -> Preview:
        changes = SiteChanges(self._installation, self._url())
        try:
            if order.kind is OrderKind.ROLLBACK:
                return self._of_rollback(changes, order)
            if order.kind is OrderKind.REPLACE:
                return self._of_replacement(changes, order)
            return self._of_ending(changes, order)
        except DatabaseError:
            raise
        except (ProvisioningError, KentonganError, ValueError) as error:
            raise RefusedError(str(error)) from error

    def _of_rollback(self, changes: SiteChanges, order: Order) -> Preview:
        job = next(iter(changes.store.jobs(order.subject)), None)
        if job is None or job.state is JobState.UNDONE:
            raise RefusedError(_("Nothing of {site} was applied, or it is undone already.").format(site=order.subject))
        return Preview(tuple(_undoing(undo(job, self._installation.clock.now().utc), job)), mark=job.id)

    def _of_replacement(self, changes: SiteChanges, order: Order) -> Preview:
        prepared = prepare_replacement(changes, replacement_of(order.words))
        if prepared.before.site != order.subject:
            raise RefusedError(_("This device does not stand at this site."))
        before, new = prepared.before, prepared.new
        lines = [
            _("{device} at {site}: {old} is replaced by {new}.").format(
                device=before.name,
                site=before.site,
                old=" ".join(filter(None, (before.model, before.serial))) or "-",
                new=" ".join(filter(None, (new.model, new.serial))),
            ),
            _("The old unit becomes {fate}.").format(fate=prepared.order["fate"]),
        ]
        if prepared.told:
            sources = {Source.INTENT: _("the site's intent"), Source.BACKUP: _("the last backup"), Source.NONE: "-"}
            lines.append(
                _("Told: {devices}, from {source}.").format(
                    devices=", ".join(prepared.told), source=sources[prepared.source]
                )
            )
        told = tuple(each for each in prepared.plan.configurations if each.device in prepared.told)
        login = prepared.order["login"]
        contact = prepared.order.get("contact", "")
        with_contact = SiteChanges(self._installation, self._url(), contacts={before.name: contact} if contact else {})
        parties = with_contact.parties_of(
            replace(prepared.plan, configurations=told), lambda device: login if device == before.name else ""
        )
        said = told_as_json(changes, parties, lambda each: "" if each == before.name else changes.last_read(each))
        lacking = tuple(masked(line) for line in prepared.lacking[:50])
        return Preview((*lines, *prepared.notes), _flat(said), lacking, fingerprint_of(prepared.plan))

    def _of_ending(self, changes: SiteChanges, order: Order) -> Preview:
        fate = DeviceStatus(order.words["fate"])
        ending = prepare_ending(changes, ENDINGS[order.kind], order.subject, order.words["reason"], fate)
        gone = {each.device: each.gone for each in ending.plan.configurations}

        def read_of(device: str) -> str:
            """What was never read is taken to be as it was told."""
            return changes.last_read(device) or "\n".join(line for part in gone[device] for line in part.lines)

        said = told_as_json(changes, changes.parties_of(ending.plan), read_of)
        lines = [
            _("{site} ({name}) is {before} and becomes {after}.").format(
                site=ending.site.slug,
                name=ending.site.name,
                before=ending.site.stage.value,
                after=ending.kept["after"],
            )
        ]
        if ending.told:
            lines.append(_("Told: {devices}.").format(devices=", ".join(ending.told)))
        if order.kind is OrderKind.DECOMMISSION:
            lines.append(
                _("{devices}: {fate}. Reset them before they are used elsewhere.").format(
                    devices=", ".join(ending.own) or "-", fate=ending.order["fate"]
                )
            )
        return Preview((*lines, *ending.notes), _flat(said), mark=fingerprint_of(ending.plan))

    def _url(self) -> str:
        return address(self._installation.loaded.settings)


def _undoing(undone: Job, job: Job) -> Sequence[str]:
    """Each step of the way back as a sentence."""
    words = {
        StepKind.UNREGISTER: _("Its devices become planned again in the inventory, and nobody watches them."),
        StepKind.RELEASE: _("Its addresses are given up; those that a device was told stay in quarantine."),
        StepKind.RESTORE: _("The inventory says again what it said before."),
    }
    found = [
        _("{device} is told to be as it was before.").format(device=step.device)
        if step.kind is StepKind.REVERT
        else words.get(step.kind, step.name)
        for step in undone.steps[len(job.steps) :]
    ]
    return found or [_("No device was told anything, and nothing was taken. The change is only closed.")]


def _flat(told: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, tuple[str, ...]]:
    return {device: tuple(line for lines in parts.values() for line in lines) for device, parts in told.items()}


def _typed(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(_typed(each) for each in value)
    if isinstance(value, SecretHole):
        return f"{value.credential}/{value.field}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
