"""Whether people can be told: channels, the people themselves, the links and replies that come back."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from alerts.channels.configured import Ways
from alerts.channels.http import new_client
from alerts.dispatch.contacts import MACHINES, Contact, read_contacts
from alerts.dispatch.routing import NETWORK
from alerts.dispatch.track import KIND, track_of
from alerts.errors import AlertError
from alerts.store.tellings import SqlTellings
from domain.language import _, n_
from domain.network import Person, PersonRole
from kentongan.doctor.files import where
from kentongan.doctor.findings import Finding, Severity
from kentongan.installation import Installation
from kentongan.reporting.schedule import ScheduleError, read_schedule
from kentongan.reporting.sending import MAILTO
from kentongan.run.telling import CredentialAbsentError, read_installed_ways, secret_of
from kentongan.settings import Settings


def look_at_telling(installation: Installation, people: Iterable[Person], today: date) -> Iterator[Finding]:
    """today: in the kabupaten's zone. Sends nothing: `kentongan notify test` does."""
    settings = installation.loaded.settings
    contacts, problems = read_contacts(people)
    for problem in problems:
        yield Finding(
            Severity.WARNING,
            _("people"),
            f"people.csv: {problem.person}: {problem.message}",
            _("Mend people.csv and import it again."),
        )
    valid = [contact for contact in contacts if contact.is_valid(today)]
    ways = None
    for each in _ways(installation):
        if isinstance(each, Ways):
            ways = each
        else:
            yield each
    if ways is not None:
        yield from _schemes(ways, valid, installation)
        yield from _mailed(ways, installation)
    yield from _anybody(valid, settings)
    yield from _ways_in(installation, settings)
    yield from _unheard(installation)


def _ways(installation: Installation) -> Iterator[Finding | Ways]:
    about, file = _("channels"), installation.loaded.channels_file
    try:
        with ThreadPoolExecutor(1) as threads:
            ways = read_installed_ways(installation, new_client(), threads)
    except AlertError as error:
        remedy = _("Correct the file; kentongan run does not start with it. See docs/how-to/telling.md.")
        yield Finding(Severity.WRONG, about, where(file, str(error)), remedy)
    except CredentialAbsentError as error:
        yield Finding(Severity.WRONG, about, str(error), _("Store it, or empty the setting."))
    else:
        if file.exists():
            schemes = ", ".join(sorted(ways.channels.keys() - MACHINES)) or _("none")
            yield Finding(Severity.OK, about, f"{file}: {schemes}")
        yield ways


def _schemes(ways: Ways, contacts: Iterable[Contact], installation: Installation) -> Iterator[Finding]:
    used = Counter(contact.channel.partition(":")[0] for contact in contacts)
    for scheme, count in sorted(used.items()):
        if scheme not in ways.channels:
            text = n_(
                "{count} person is to be told by {scheme}, which is not set up.",
                "{count} people are to be told by {scheme}, which is not set up.",
                count,
            )
            remedy = _("Add a table [{scheme}] to {file}; then: kentongan notify test")
            yield Finding(
                Severity.WARNING,
                _("channels"),
                text.format(count=count, scheme=scheme),
                remedy.format(scheme=scheme, file=installation.loaded.channels_file),
            )


def _mailed(ways: Ways, installation: Installation) -> Iterator[Finding]:
    """Reports that are sent by themselves go by mail. A schedule that cannot be read is named with the files."""
    loaded = installation.loaded
    try:
        scheduled = (
            read_schedule(loaded.beside(loaded.settings.report.schedule)) if loaded.settings.report.schedule else ()
        )
    except ScheduleError:
        return
    if scheduled and MAILTO not in ways.channels:
        yield Finding(
            Severity.WARNING,
            _("reports"),
            _("Reports are to be sent by mail, and mail is not set up: nobody gets them."),
            _("Add a table [{scheme}] to {file}; then: kentongan notify test").format(
                scheme=MAILTO, file=loaded.channels_file
            ),
        )


def _anybody(valid: Iterable[Contact], settings: Settings) -> Iterator[Finding]:
    reached = [contact for contact in valid if contact.role in {*NETWORK, PersonRole.ADMIN}]
    if reached:
        text = n_("{count} person can be told of faults", "{count} people can be told of faults", len(reached))
        yield Finding(Severity.OK, _("people"), text.format(count=len(reached)))
        return
    machines = len(settings.notify.machines)
    yield Finding(
        Severity.NOTE if machines else Severity.WARNING,
        _("people"),
        _("Only machines are told of faults.") if machines else _("Nobody can be told of a fault."),
        _("Give an engineer, NOC or admin of people.csv a channel, and import it."),
    )


def _ways_in(installation: Installation, settings: Settings) -> Iterator[Finding]:
    about, notify = _("links and replies"), settings.notify
    if notify.base_url.startswith("http://"):
        yield Finding(
            Severity.WARNING,
            about,
            _("notify.base_url is not encrypted: whoever listens can acknowledge in another's name."),
            _("Put a web server with https before it, and write https:// there."),
        )
    if notify.inbound_credential:
        try:
            secret_of(installation, notify.inbound_credential, "notify.inbound_credential")
        except CredentialAbsentError as error:
            yield Finding(Severity.WRONG, about, str(error), _("Store it, or empty the setting."))
    if settings.inbound.host not in ("127.0.0.1", "::1", "localhost") and (
        notify.base_url or notify.inbound_credential
    ):
        yield Finding(
            Severity.NOTE,
            about,
            _("The ways in listen on {host}, unencrypted.").format(host=settings.inbound.host),
            _("Let only your web server reach inbound.port {port}.").format(port=settings.inbound.port),
        )


def _unheard(installation: Installation) -> Iterator[Finding]:
    now = installation.clock.now().utc
    memories = [each for each in SqlTellings(installation.database.engine).read() if each.kind == KIND]
    unheard = [memory.key for memory in memories if track_of(memory, now).is_unheard]
    if unheard:
        text = n_(
            "Nobody could be told of {count} open incident: {ids}",
            "Nobody could be told of {count} open incidents: {ids}",
            len(unheard),
        )
        yield Finding(
            Severity.WARNING,
            _("people"),
            text.format(count=len(unheard), ids=", ".join(unheard[:5])),
            _("Give an engineer, NOC or admin of people.csv a channel, and import it."),
        )
