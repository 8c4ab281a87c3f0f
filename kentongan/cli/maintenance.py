"""`kentongan maintenance`: announced work, ours, a provider's or PLN's. Silences pages, hides nothing."""

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from alerts.maintenance import (
    RecurrenceError,
    Scope,
    ScopeKind,
    VillageMatch,
    VillageName,
    Window,
    WorkKind,
    active,
    match_villages,
    occurrences,
    read_recurrence,
    window_id,
)
from alerts.store.maintenance import SqlMaintenance
from domain.language import _
from domain.network import Inventory, RegionLevel, is_region_code, level_of, parent_of
from kentongan.cli.app import App
from kentongan.cli.context import actor, invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError
from kentongan.installation import Installation

LOOK_AHEAD = timedelta(days=70)
_WRITTEN = re.compile(
    r"(?:(?P<y1>\d{4})-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>\d{4}))?"
    r"[ T]*(?P<hour>\d{1,2})[.:](?P<minute>\d{2})"
)

app = App()


@app.command(
    "add",
    help=_("Announce work: once, coming back, or open-ended."),
    epilog=_("Example:") + " kentongan maintenance add --kind pln --feeder Wanayasa-3 --from 08.00 --for 4h",
)
def add(
    context: typer.Context,
    kind: WorkKind = typer.Option(WorkKind.OWN, "--kind", help=_("Whose work: own, provider or pln.")),
    device: list[str] = typer.Option([], "--device", help=_("A device and all behind it.")),
    site: list[str] = typer.Option([], "--site", help=_("A site and all behind it.")),
    link: list[str] = typer.Option([], "--link", help=_("A link and all behind it.")),
    segment: list[str] = typer.Option([], "--segment", help=_("A cable, pole or closure and all over it.")),
    feeder: list[str] = typer.Option([], "--feeder", help=_("A power feeder and all it feeds.")),
    area: list[str] = typer.Option([], "--area", help=_("A kecamatan or desa by its code.")),
    desa: Path | None = typer.Option(None, "--desa", help=_("File with a pasted list of desa; - reads it from here.")),
    from_: str = typer.Option(
        "", "--from", help=_("Beginning: 2026-11-23 08:00, 23/11/2026 08.00, 08.00; empty: now.")
    ),
    to: str = typer.Option("", "--to", help=_("End, written alike; neither --to nor --for: open-ended.")),
    for_: str = typer.Option("", "--for", help=_("How long: 2h, 90m, 1d.")),
    every: str = typer.Option("", "--every", help=_("A rhythm: 'Sen,Kam 22.00-24.00', 'bulanan tgl 15 22.00-02.00'.")),
    provider: str = typer.Option("", "--provider", help=_("The provider, with --kind provider.")),
    reason: str = typer.Option("", "--reason", help=_("What is done, in a few words.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    with invocation(context).open() as installation:
        zone_name = installation.loaded.settings.language.timezone
        now = installation.clock.now().utc
        given = {"device": device, "site": site, "link": link, "segment": segment, "feeder": feeder, "area": area}
        scopes = _scopes(installation, given, desa)
        starts_at, ends_at = _times(from_, to, for_, now, ZoneInfo(zone_name))
        _check_rhythm(every)
        window = Window(
            window_id(kind, scopes, now),
            kind,
            scopes,
            starts_at,
            ends_at,
            every,
            zone_name,
            reason,
            provider,
            actor(),
            now,
        )
        SqlMaintenance(installation.database.engine).save(window)
        covered = [str(scope) for scope in scopes]
        installation.record("maintenance announced", window.id, kind=kind.value, scopes=covered, reason=reason)
    if json_:
        print_json(_plain(window, now))
    else:
        print(_("Announced {id}.").format(id=window.id))


@app.command(
    "list", help=_("What is announced, by its beginning."), epilog=_("Example:") + " kentongan maintenance list --all"
)
def list_(
    context: typer.Context,
    all_: bool = typer.Option(False, "--all", help=_("Also what is over.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    with invocation(context).open() as installation:
        now = installation.clock.now().utc
        windows = SqlMaintenance(installation.database.engine).read(None if all_ else now)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    if json_:
        print_json([_plain(each, now) for each in windows])
        return
    if not windows:
        print(_("No work is announced."))
        return
    head = [_("number"), _("whose"), _("what"), _("from"), _("to"), _("rhythm"), _("now"), _("reason")]
    print_table(head, (_row(each, now, zone) for each in windows))


@app.command(
    "end",
    help=_("End it now; what is still dark is told at once."),
    epilog=_("Example:") + " kentongan maintenance end m-k7f32",
)
def end(
    context: typer.Context,
    id_: str = typer.Argument(metavar="ID", help=_("Its number, from the list.")),
) -> None:
    with invocation(context).open() as installation:
        store = SqlMaintenance(installation.database.engine)
        window, now = store.get(id_), installation.clock.now().utc
        if window is None:
            raise UsageError(_("There is no work {id}. See: kentongan maintenance list").format(id=id_))
        if window.until is not None and window.until <= now:
            raise UsageError(_("{id} is over already.").format(id=id_))
        store.save(replace(window, ended_at=now, ended_by=actor()))
        installation.record("maintenance ended", id_)
    print(_("Ended {id}.").format(id=id_))


# -- what it covers --------------------------------------------------------------------------------------------------


def _scopes(installation: Installation, given: dict[str, list[str]], desa: Path | None) -> tuple[Scope, ...]:
    inventory = installation.inventory.read()
    scopes = [Scope(ScopeKind(kind), name) for kind, names in given.items() for name in names]
    for scope in scopes:
        _check_known(scope, inventory, installation)
    if desa is not None:
        scopes += _villages(installation, inventory, desa)
    if not scopes:
        raise UsageError(_("Say what is worked on: --device, --site, --link, --segment, --feeder, --area or --desa."))
    return tuple(dict.fromkeys(scopes))


def _check_known(scope: Scope, inventory: Inventory, installation: Installation) -> None:
    match scope.kind:
        case ScopeKind.DEVICE:
            known = any(device.name == scope.name for device in inventory.devices)
        case ScopeKind.SITE:
            known = any(site.slug == scope.name for site in inventory.sites)
        case ScopeKind.LINK:
            known = any(link.name == scope.name for link in inventory.links)
        case ScopeKind.SEGMENT:
            known = any(scope.name in link.segments for link in inventory.links)
        case ScopeKind.FEEDER:
            known = any(site.power_feeder == scope.name for site in inventory.sites)
        case ScopeKind.AREA:
            known = is_region_code(scope.name) and installation.regions.get(scope.name) is not None
    if not known:
        raise UsageError(_("{kind} {name} is not in the inventory.").format(kind=scope.kind.value, name=scope.name))


def _villages(installation: Installation, inventory: Inventory, file: Path) -> list[Scope]:
    """The sites of the villages that a list names; a list that leaves a doubt is refused whole."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("{file} cannot be read: {error}").format(file=file, error=error)) from None
    regions = installation.regions.within(installation.regions.home() or "")
    names = {region.code: region.name for region in regions}
    villages = [
        VillageName(region.code, region.name, names.get(parent, "") if (parent := parent_of(region.code)) else "")
        for region in regions
        if level_of(region.code) is RegionLevel.VILLAGE
    ]
    match = match_villages(text, villages)
    if not match.is_complete:
        raise UsageError(_doubts(match))
    for said, village in match.corrected:
        note(
            _("'{said}' is read as {name} (Kec. {kecamatan}).").format(
                said=said, name=village.name, kecamatan=village.kecamatan
            )
        )
    return [Scope(ScopeKind.AREA, village.code) for village in match.found]


def _doubts(match: VillageMatch) -> str:
    lines = [
        _("'{said}' is in several kecamatan: {places}. Write which one, for example: {said} (Kec. {example}).").format(
            said=asked.text,
            places=", ".join(village.kecamatan for village in asked.candidates),
            example=asked.candidates[0].kecamatan,
        )
        for asked in match.ambiguous
    ]
    for asked in match.unknown:
        near = ", ".join(f"{village.name} (Kec. {village.kecamatan})" for village in asked.candidates)
        hint = " " + _("Near: {names}.").format(names=near) if near else ""
        lines.append(_("'{said}' is no desa of this kabupaten.").format(said=asked.text) + hint)
    return "\n".join(lines)


# -- when it is ------------------------------------------------------------------------------------------------------


def _times(from_: str, to: str, for_: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
    if to and for_:
        raise UsageError(_("Give --to or --for, not both."))
    starts_at = read_time(from_, now, zone) if from_ else now
    if for_:
        return starts_at, starts_at + read_duration(for_)
    ends_at = read_time(to, starts_at, zone) if to else None
    if ends_at is not None and ends_at <= starts_at:
        raise UsageError(_("It would end before it begins."))
    return starts_at, ends_at


def read_time(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """A local time; without a day the next such time from `now` on is meant. Raises UsageError."""
    found = _WRITTEN.fullmatch(text.strip())
    day = now.astimezone(zone).date()
    try:
        if found is None:
            raise ValueError
        which = "1" if found["y1"] else "2" if found["y2"] else ""
        if which:
            day = date(*(int(found[part + which]) for part in "ymd"))
        at = datetime.combine(day, time(int(found["hour"]), int(found["minute"])), zone)
    except ValueError:
        raise UsageError(_("'{text}' is no time. Write 2026-11-23 08:00 or 08.00.").format(text=text)) from None
    if not which and at < now.astimezone(zone) - timedelta(minutes=1):
        at += timedelta(days=1)
    return at.astimezone(UTC)


def read_duration(text: str) -> timedelta:
    """`2h`, `90m`, `1d`, `1d 6h`; also Indonesian `j` and `jam`. Raises UsageError."""
    units = {"m": 60, "h": 3600, "j": 3600, "d": 86400}
    parts = re.findall(r"(\d+(?:[.,]\d+)?)\s*([mhjd])[a-z]*", text.lower())
    seconds = sum(float(number.replace(",", ".")) * units[unit] for number, unit in parts)
    if not parts or seconds <= 0:
        raise UsageError(_("'{text}' is no duration. Write 2h, 90m or 1d.").format(text=text))
    return timedelta(seconds=seconds)


def _check_rhythm(every: str) -> None:
    if every:
        try:
            read_recurrence(every)
        except RecurrenceError as error:
            raise UsageError(str(error)) from None


# -- how it is shown -------------------------------------------------------------------------------------------------


def _row(window: Window, now: datetime, zone: ZoneInfo) -> Sequence[object]:
    def shown(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""

    whose = {WorkKind.OWN: _("ours"), WorkKind.PROVIDER: window.party or _("provider"), WorkKind.PLN: "PLN"}[
        window.kind
    ]
    what = ", ".join(map(str, window.scopes))
    is_on = _("yes") if active(window, now) else ""
    return window.id, whose, what, shown(window.starts_at), shown(window.until), window.every, is_on, window.reason


def _plain(window: Window, now: datetime) -> dict[str, Any]:
    coming = occurrences(window, now, now + LOOK_AHEAD)[:1]
    return {
        "id": window.id,
        "kind": window.kind.value,
        "scopes": [{"kind": scope.kind.value, "name": scope.name} for scope in window.scopes],
        "startsAt": window.starts_at.isoformat(),
        "endsAt": window.until.isoformat() if window.until else None,
        "every": window.every,
        "active": active(window, now),
        "next": coming[0][0].isoformat() if coming else None,
        "party": window.party,
        "reason": window.reason,
        "madeBy": window.made_by,
    }
