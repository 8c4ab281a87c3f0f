"""One fetch, from the open conversation to the commit: whole, cleaned, masked, compared, kept. Blocks."""

import difflib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.language import _
from domain.shell import Command, Shell, ShellError, Shells, TruncatedError
from provisioning.backup.errors import BackupError, ConfigurationShrunkError
from provisioning.backup.ports import BackupStates, Sealer, StoredSecrets
from provisioning.backup.records import BackupState, Fate, Outcome, Subject, Why
from provisioning.backup.repository import ConfigRepository
from provisioning.platforms import ConfigPlatform, changed_by, clean, mask

SMALLEST_SHARE: Final = 0.6
SETTLED_SECONDS: Final = 0.02  # after a prompt that follows an answer nothing comes
LEAST_LINES: Final = 10  # a configuration shorter than this may shrink as it likes


def read_configuration(shell: Shell, platform: ConfigPlatform) -> str:
    """As the device writes it, whole. Raises ShellError's leaves."""
    asked = Command(platform.asks, settle_seconds=SETTLED_SECONDS)
    version = platform.version_in(shell.run(asked).text) if platform.asks else ""
    return shell.read(platform.reading(version))


class Backups:
    """Fetches and keeps. One instance serves all workers; of one device only one fetch is under way, see Shells."""

    def __init__(
        self,
        shells: Shells,
        repository: ConfigRepository,
        states: BackupStates,
        seal: Sealer,
        secrets: StoredSecrets,
        utc: Callable[[], datetime],
    ) -> None:
        """utc: the time that commits and states are dated with."""
        self._shells = shells
        self._repository = repository
        self._states = states
        self._seal = seal
        self._secrets = secrets
        self._utc = utc

    def take(self, subject: Subject, why: Why, *, accept_smaller: bool = False, shell: Shell | None = None) -> Outcome:
        """Fetch and keep one device's configuration. A failure is an outcome, written to the state, not an error.
        shell: a conversation with it that is open already; it is closed."""
        began = self._utc()
        before = self._states.get(subject.device) or BackupState(subject.device)
        octets = 0
        try:
            with closing(shell or self._shells.open(subject.target)) as opened:
                had = opened.octets if shell else 0
                try:
                    written = self._read(opened, subject)
                finally:
                    octets = opened.octets - had
            outcome = self._keep(subject, written, why, accept_smaller)
        except ShellError as error:
            message = error.with_quote(lambda said: self._masked(subject, said))
            outcome = Outcome(subject.device, Fate.FAILED, cause=error.cause, message=message)
        except BackupError as error:
            outcome = Outcome(subject.device, Fate.FAILED, cause=error.cause, message=str(error))
        ended = self._utc()
        self._note(subject, before, outcome, ended)
        return replace(outcome, octets=octets, seconds=max((ended - began).total_seconds(), 0.0))

    def cleaned(self, subject: Subject, written: str) -> str:
        """What would be kept of what a device wrote."""
        return self._masked(subject, clean(subject.platform, written))

    def _masked(self, subject: Subject, text: str) -> str:
        return mask(subject.platform, text, lambda secret: self._seal(subject.device, secret), self._secrets())

    def _read(self, shell: Shell, subject: Subject) -> str:
        """Where no mark says that it is whole, a text that became shorter is read twice: accidents differ."""
        written = read_configuration(shell, subject.platform)
        before = self._repository.latest(subject.device, subject.site)
        if subject.platform.reading("").end or before is None or len(self.cleaned(subject, written)) >= len(before):
            return written
        again = read_configuration(shell, subject.platform)
        if clean(subject.platform, again) != clean(subject.platform, written):
            raise TruncatedError(
                subject.device,
                _("{device} wrote two different configurations one after the other; the old one is kept.").format(
                    device=subject.device
                ),
            )
        return written

    def _keep(self, subject: Subject, written: str, why: Why, accept_smaller: bool) -> Outcome:
        text = self.cleaned(subject, written)
        before = self._repository.latest(subject.device, subject.site)
        if before == text:
            revision = self._repository.revision_of(subject.device) or ""
            return Outcome(subject.device, Fate.UNCHANGED, revision, lines=len(text.splitlines()))
        if before is not None and not accept_smaller:
            _refuse_shrunk(subject.device, before, text)
        added, removed = line_counts(before or "", text)
        who = why.who or changed_by(subject.platform, written)
        revision = self._repository.put(
            subject.device, subject.site, text, replace(why, who=who), (added, removed), self._utc()
        )
        fate = Fate.FIRST if before is None else Fate.CHANGED
        return Outcome(subject.device, fate, revision, added=added, removed=removed, lines=len(text.splitlines()))

    def _note(self, subject: Subject, before: BackupState, outcome: Outcome, now: datetime) -> None:
        at = now.timestamp()
        if outcome.fate is Fate.FAILED:
            state = replace(
                before, tried_at=at, cause=outcome.cause, message=outcome.message, failures=before.failures + 1
            )
        else:
            changed = outcome.fate is not Fate.UNCHANGED or not before.changed_at
            state = replace(
                before,
                good_at=at,
                tried_at=at,
                changed_at=at if changed else before.changed_at,
                revision=outcome.revision or before.revision,
                lines=outcome.lines,
                cause="",
                message="",
                failures=0,
            )
        self._states.put(replace(state, platform=subject.platform.name))


def line_counts(before: str, after: str) -> tuple[int, int]:
    """Lines that came and lines that went."""
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    added = removed = 0
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag != "equal":
            added, removed = added + end - begin, removed + last - first
    return added, removed


def _refuse_shrunk(device: str, before: str, text: str) -> None:
    had, has = len(before.splitlines()), len(text.splitlines())
    if had >= LEAST_LINES and len(text) < SMALLEST_SHARE * len(before):
        raise ConfigurationShrunkError(
            _(
                "{device}: the configuration has {has} lines and had {had}; it is hardly whole, and the old one is "
                "kept. If so much was really taken away: kentongan config backup {device} --accept-smaller"
            ).format(device=device, has=has, had=had)
        )
