"""The steps of one device: armed, told, looked at again, disarmed, saved; or brought back. Blocks.

Whoever finds a step begun does it again: each reads the device first and sends what is still missing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import unified_diff
from typing import Final

from domain.changes import DeviceChange, Job, JobKind, JobStore, Step, StepKind
from domain.intent import Configuration, Difference
from domain.language import _, n_
from domain.shell import (
    BrokenOffError,
    Command,
    HostKeyChangedError,
    LoginRefusedError,
    Shell,
    ShellError,
    Shells,
    ShellTarget,
    TimedOutError,
    Transcript,
    UnreachableError,
)
from provisioning.changing.errors import (
    ChangedSinceError,
    CutOffError,
    RevertedError,
    StartingError,
    StrandedError,
    UnlikeError,
    WrongDeviceError,
)
from provisioning.changing.identity import check_onus, check_serial
from provisioning.changing.telling import tell
from provisioning.difference import compare
from provisioning.platforms import ConfigPlatform
from provisioning.platforms.pushing import UNTIMED, Act, Mark, Pushing, Say, Situation
from provisioning.rendering.filling import Secrets

AGAIN_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 90.0  # a router that reverts restarts on the way
SETTLE_SECONDS: Final = 20.0  # services that were told to read their files anew
SETTLED_SECONDS: Final = 0.02  # after a prompt that follows an answer nothing comes
LOADS: Final = 2
REFUSALS: Final = 3
STARTS: Final = 4
ARMED: Final = "name=kentongan-revert"
IDLE: Final = timedelta(seconds=45)  # devices, and what stands between, end conversations in which nothing is said


@dataclass(frozen=True, slots=True)
class Party:
    """A device of the job. first, then: how it is logged in to before and after it was told. shared: it serves other
    sites too. serial: as it is planned, '' for any; serial_in: finds it in what the device writes.
    """

    platform: ConfigPlatform
    pushing: Pushing
    configuration: Configuration
    first: ShellTarget
    then: ShellTarget
    shared: bool = False
    serial: str = ""
    serial_in: Callable[[str], str] = lambda _written: ""

    @property
    def device(self) -> str:
        return self.configuration.device


@dataclass(frozen=True, slots=True)
class Tools:
    """What the steps work with. cleaned: what is kept of what a device wrote. transcribe: keeps what was said.
    revert_seconds: after which an armed device comes back by itself. pause: waits so many seconds.
    """

    shells: Shells
    store: JobStore
    secrets: Secrets
    cleaned: Callable[[Party, str], str]
    transcribe: Callable[[Job, Step, Transcript], None]
    utc: Callable[[], datetime]
    pause: Callable[[float], None]
    revert_seconds: int = 600
    again_seconds: float = AGAIN_SECONDS
    settle_seconds: float = SETTLE_SECONDS
    grace_seconds: float = GRACE_SECONDS


@dataclass(frozen=True, slots=True)
class _Kept:
    """A conversation that goes on with a later step. said: exchanges that are in the journal already. at: when it was
    last used."""

    shell: Shell
    said: int
    at: datetime


class DeviceSteps:
    """parties: by the device's name."""

    def __init__(self, parties: Mapping[str, Party], tools: Tools) -> None:
        self._parties = parties
        self._tools = tools
        self._kept: dict[str, _Kept] = {}  # by device
        self._versions: dict[str, str] = {}  # as each was last asked
        self._up: dict[str, float | None] = {}  # seconds, with the version
        self._met: dict[str, Shell] = {}  # in which conversation it was last asked who it is

    def close(self) -> None:
        """The conversations that are still open."""
        for device in list(self._kept):
            self._let_go(device)

    def lent(self, device: str) -> Shell | None:
        """The conversation that is still open with a device, for whoever asks it next and closes it; None: log in."""
        kept = self._at_hand(device)
        return None if kept is None else kept.shell

    # -- before anything is told -------------------------------------------------------------------------------------

    def meet(self, job: Job, step: Step, device: str) -> tuple[str, str]:
        """Version and configuration of a unit that nobody has told anything yet. Raises WrongDeviceError."""
        party = self._parties[device]
        with self._open(job, step, party, anew=True) as shell:
            version, written = self._read(shell, party)
            self._identified(job, shell, party, written)
        return version, written

    def read(self, job: Job, step: Step) -> str:
        """Fresh configurations. A new device that does not answer yet is read when its turn comes."""
        said = []
        for party in self._parties.values():
            change = self._tools.store.device(job.id, party.device)
            if change.sent or change.armed_at is not None:
                continue
            try:
                with self._open(job, step, party, anew=True, keep=True) as shell:
                    _version, written = self._read(shell, party)
                    note = self._identified(job, shell, party, written)
            except ShellError as error:
                if party.shared:
                    raise
                said.append(_("{device}: {why}").format(device=party.device, why=error))
                continue
            before = self._tools.cleaned(party, written)
            self._tools.store.put_device(replace(change, before=before, login=change.login or party.first.login.name))
            difference = compare(party.configuration, before)
            count = n_("{device}: {count} change", "{device}: {count} changes", len(difference.changes)).format(
                device=party.device, count=len(difference.changes)
            )
            said.append(f"{count}. {note}" if note else count)
        return "; ".join(said)

    def arm(self, job: Job, step: Step) -> str:
        """In the conversation in which it was read, where that is still open. Waits for one that has just started: an
        entry for its next start would be taken for one of this start, and bring it back at once."""
        waited = 0.0
        for turn in range(STARTS):
            kept = step.device in self._kept
            try:
                said = self._arm(job, step)
                break
            except (BrokenOffError, TimedOutError):
                if not kept:
                    raise
            except StartingError as starting:
                if turn == STARTS - 1:
                    raise
                waited += starting.seconds
                self._tools.pause(starting.seconds)
        note = _("It had just started; waited {seconds} seconds.").format(seconds=round(waited)) if waited else ""
        return f"{note} {said}".lstrip()

    def _arm(self, job: Job, step: Step) -> str:
        party = self._parties[step.device]
        change = self._tools.store.device(job.id, step.device)
        with self._open(job, step, party, keep=True) as shell:
            version, written = self._read(shell, party)
            self._check_started(party)
            self._identified(job, shell, party, written)
            now = self._tools.cleaned(party, written)
            if not change.sent and change.armed_at is None:
                if change.before and change.before != now:
                    raise ChangedSinceError(
                        _(
                            "{device} has been changed since it was read for this job. Look at it, then apply again."
                        ).format(device=step.device)
                    )
                change = replace(change, before=now, login=change.login or party.first.login.name)
            change = replace(change, armed_at=self._tools.utc())
            self._tools.store.put_device(change)
            acts = party.pushing.arm(self._at(job, party, change, now, version))
            tell(shell, step.device, acts, self._tools.secrets)
        if not acts:
            return _("It cannot come back by itself: what it is told is taken back line by line.")
        return _("It comes back by itself after {seconds} seconds.").format(seconds=self._tools.revert_seconds)

    # -- told --------------------------------------------------------------------------------------------------------

    def push(self, job: Job, step: Step) -> str:
        party = self._parties[step.device]
        with self._or_cut_off(step), self._open(job, step, party) as shell:
            change = self._tools.store.device(job.id, step.device)
            version, written = self._read(shell, party, known=True)
            now = self._tools.cleaned(party, written)
            difference = compare(party.configuration, now)
            if difference.matches and not change.sent:
                return _("Nothing to change.")
            change = replace(change, sent=(*change.sent, *(each for each in difference.changes)))
            self._tools.store.put_device(change)
            at = self._at(job, party, change, now, version)
            tell(shell, step.device, party.pushing.push(at, difference), self._tools.secrets)
        count = len(difference.changes)
        return n_("{count} change told.", "{count} changes told.", count).format(count=count)

    def confirm(self, job: Job, step: Step) -> str:
        """By a new login, as anybody would come back: the configuration is what it was told to be."""
        party = self._parties[step.device]
        until = self._tools.utc() + timedelta(seconds=min(self._tools.settle_seconds, self._tools.revert_seconds / 2))
        while True:
            try:
                with self._open(job, step, party, after=True, anew=True, keep=True) as shell:
                    difference = self._difference(shell, party)
                break
            except ShellError as error:
                if self._tools.utc() >= until:
                    raise CutOffError(
                        _("{device} is not reached any more since it was told: {why}").format(
                            device=step.device, why=error
                        )
                    ) from None
                self._tools.pause(self._tools.again_seconds)
        if not difference.matches:
            raise UnlikeError(
                _("{device} took everything and is not what it was told to be:\n{changes}").format(
                    device=step.device, changes=difference.shown()
                )
            )
        return _("Logged in anew; {count} lines are as they should be.").format(count=difference.same)

    def disarm(self, job: Job, step: Step) -> str:
        """And looked at once more: it may have come back by itself in this very moment."""
        party = self._parties[step.device]
        change = self._tools.store.device(job.id, step.device)
        with self._or_cut_off(step), self._open(job, step, party, after=True, keep=True) as shell:
            tell(shell, step.device, party.pushing.disarm(self._at(job, party, change)), self._tools.secrets)
            if not self._difference(shell, party).matches:
                raise RevertedError(
                    _("{device} came back to its old configuration before it was disarmed.").format(device=step.device)
                )
        return _("It stays as it is.")

    def save(self, job: Job, step: Step) -> str:
        party = self._parties[step.device]
        change = self._tools.store.device(job.id, step.device)
        acts = party.pushing.save(self._at(job, party, change))
        if not acts:
            return _("It keeps each change at once.")
        with self._open(job, step, party, after=True, keep=not _ends(acts)) as shell:
            tell(shell, step.device, acts, self._tools.secrets)
        return _("Kept over a power cut.")

    # -- taken back --------------------------------------------------------------------------------------------------

    def revert(self, job: Job, step: Step) -> str:
        """Until it is as before. Waits for a device that comes back by itself. Raises StrandedError."""
        party = self._parties[step.device]
        change = self._tools.store.device(job.id, step.device)
        if change.armed_at is None:
            return _("It was told nothing.")
        taken_away = job.kind is JobKind.REPLACE and step.device == job.order["device"]
        disarmed = job.step(StepKind.DISARM, step.device)
        settled = taken_away and disarmed is not None and disarmed.tries > 0
        patience = self._tools.grace_seconds + (0 if settled else self._tools.revert_seconds)
        until = self._tools.utc() + timedelta(seconds=patience)
        loads, refused, last = 0, 0, ""
        while self._tools.utc() < until:
            try:
                with self._open(job, step, party, after=True, anew=True) as shell:
                    version, written = self._read(shell, party)
                    if taken_away:
                        check_serial(shell, party, written)
                    at = self._at(job, party, change, self._tools.cleaned(party, written), version)
                    if self._is_as_before(party, at):
                        self._clean_up(shell, party, at)
                        return _("As it was before.")
                    if loads == LOADS:
                        raise StrandedError(self._remaining(party, at))
                    loads += 1
                    acts = party.pushing.revert(at)
                    tell(shell, step.device, acts, self._tools.secrets)
                    if _ends(acts):
                        self._tools.pause(self._tools.again_seconds)
            except (LoginRefusedError, HostKeyChangedError, WrongDeviceError) as error:
                if not taken_away and isinstance(error, LoginRefusedError) and refused < REFUSALS:
                    # Between two configurations it may know neither login.
                    refused, last = refused + 1, str(error)
                    self._tools.pause(self._tools.again_seconds)
                    continue
                if not taken_away:
                    raise
                return _("Another unit answers there: {why} The new one keeps what it was told.").format(why=error)
            except ShellError as error:
                last = str(error)
                self._tools.pause(self._tools.again_seconds)
        if taken_away:
            return _("The new unit does not answer and keeps what it was told. Reset it before it is used again.")
        raise StrandedError(
            _(
                "{device} has not come back: {why} If it was armed, it does so by itself. Then: site rollback {site}"
            ).format(device=step.device, why=last, site=job.site)
        )

    def _is_as_before(self, party: Party, at: Situation) -> bool:
        """But for what it is armed with, which goes last; of a shared one, but for what others changed since."""
        kept = [line for line in at.now.splitlines() if ARMED not in line]
        if kept == at.before.splitlines():
            return True
        return party.shared and bool(at.sent) and party.pushing.revert(at) == party.pushing.disarm(at)

    def _clean_up(self, shell: Shell, party: Party, at: Situation) -> None:
        acts = (*party.pushing.disarm(at), *party.pushing.tidy(at))
        tell(shell, party.device, acts, self._tools.secrets)

    def _remaining(self, party: Party, at: Situation) -> str:
        apart = unified_diff(at.now.splitlines(), at.before.splitlines(), lineterm="", n=0)
        lines = [line for line in apart if not line.startswith(("---", "+++", "@@"))]
        return _("{device} is not as it was before. By hand:\n{lines}").format(
            device=party.device, lines="\n".join(lines[:40])
        )

    # -- for all of them ---------------------------------------------------------------------------------------------

    def _at(self, job: Job, party: Party, change: DeviceChange, now: str = "", version: str = "") -> Situation:
        mark = Mark(job.id, self._tools.revert_seconds)
        return Situation(mark, party.configuration, version, change.before, now, change.sent, party.shared)

    def _difference(self, shell: Shell, party: Party) -> Difference:
        _version, written = self._read(shell, party, known=True)
        return compare(party.configuration, self._tools.cleaned(party, written))

    def _read(self, shell: Shell, party: Party, *, known: bool = False) -> tuple[str, str]:
        """Version, and the configuration as the device writes it. known: the version that it told a moment ago."""
        platform = party.platform
        version = self._versions.get(party.device) if known else None
        if version is None:
            asked = Command(platform.asks, settle_seconds=SETTLED_SECONDS)
            told = shell.run(asked).text if platform.asks else ""
            self._versions[party.device] = version = platform.version_in(told)
            self._up[party.device] = platform.up_seconds_in(told)
        return version, shell.read(platform.reading(version))

    def _check_started(self, party: Party) -> None:
        """By what it told a moment ago. Raises StartingError."""
        up, wanted = self._up.get(party.device), party.platform.begun_seconds
        if up is not None and up < wanted:
            raise StartingError(
                _("{device} started {up} seconds ago. Apply again when it has run for {wanted} seconds.").format(
                    device=party.device, up=round(up), wanted=round(wanted)
                ),
                wanted - up,
            )

    def _identified(self, job: Job, shell: Shell, party: Party, written: str) -> str:
        """What is to be said of who answers, asked once in a conversation. Raises WrongDeviceError."""
        if self._met.get(party.device) is shell:
            return ""
        said = check_serial(shell, party, written)
        if party.configuration.platform in UNTIMED:
            now, replaces = self._tools.cleaned(party, written), job.kind is JobKind.REPLACE
            said = check_onus(shell, party.configuration, now, replaces=replaces)
        self._met[party.device] = shell
        return said

    @contextmanager
    def _open(
        self, job: Job, step: Step, party: Party, *, after: bool = False, anew: bool = False, keep: bool = False
    ) -> Iterator[Shell]:
        """By the login that should be good now, else by the other one. anew: in no conversation that is open already.
        keep: leave it open for a later step."""
        if anew:
            self._let_go(party.device)
        kept = self._at_hand(party.device)
        shell, said = (kept.shell, kept.said) if kept else (self._logged_in(party, after), 0)
        try:
            yield shell
        except BaseException:
            keep = False
            raise
        finally:
            transcript = shell.transcript()
            if keep:
                self._kept[party.device] = _Kept(shell, len(transcript.exchanges), self._tools.utc())
            else:
                shell.close()
            self._tools.transcribe(job, step, replace(transcript, exchanges=transcript.exchanges[said:]))

    def _at_hand(self, device: str) -> _Kept | None:
        """It is not kept any longer: whoever asks may keep it anew."""
        kept = self._kept.get(device)
        if kept is not None and self._tools.utc() - kept.at > IDLE:
            self._let_go(device)
            return None
        return self._kept.pop(device, None)

    def _let_go(self, device: str) -> None:
        kept = self._kept.pop(device, None)
        if kept is not None:
            kept.shell.close()

    def _logged_in(self, party: Party, after: bool) -> Shell:
        ways = (party.then, party.first) if after else (party.first, party.then)
        try:
            return self._tools.shells.open(ways[0])
        except (LoginRefusedError, UnreachableError) as error:
            # Of a first contact it may be known elsewhere than where it will be.
            if ways[0] == ways[1] or (isinstance(error, UnreachableError) and ways[0].address == ways[1].address):
                raise
            return self._tools.shells.open(ways[1])

    @contextmanager
    def _or_cut_off(self, step: Step) -> Iterator[None]:
        try:
            yield
        except ShellError as error:
            raise CutOffError(
                _("{device} was cut off while it was told: {why}").format(device=step.device, why=error)
            ) from None


def _ends(acts: tuple[Act, ...]) -> bool:
    return any(isinstance(act, Say) and act.ends for act in acts)
