"""Whether Kentongan itself is well: each thing with a state, what it says, what to do next, and its runbook. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from console.ports.health import Facts, Remark
from console.views.speech import lasting, moment, number, state_word
from domain.language import _, n_
from domain.states import State

FULL_BYTES: Final = 50_000_000
TIGHT_BYTES: Final = 500_000_000
BACKUP_OLD: Final = timedelta(days=7)
LATE_SHARE: Final = 0.05
LAG_SECONDS: Final = 0.5
WAITING_SECONDS: Final = 900
MB: Final = 1_000_000
WORST_FIRST: Final = {State.DOWN: 0, State.DEGRADED: 1, State.UNKNOWN: 2, State.UNREACHABLE: 3, State.UP: 4}


@dataclass(frozen=True, slots=True)
class Check:
    """remedy: what to do next; empty where all is well. runbook: the page of docs/runbooks."""

    key: str
    state: State
    word: str
    about: str
    says: str
    remedy: str = ""
    runbook: str = ""


def checks_of(facts: Facts, zone: tzinfo) -> tuple[Check, ...]:
    """The worst first."""
    found = [_poller(facts), *_of_poller(facts), _disk(facts), _database(facts), _backup(facts, zone), _clients(facts)]
    return tuple(sorted(found, key=lambda each: WORST_FIRST[each.state]))


def answer(checks: Sequence[Check]) -> str:
    wrong = [each for each in checks if each.state is not State.UP]
    if not wrong:
        return _("Kentongan is well")
    return n_("{count} thing needs somebody", "{count} things need somebody", len(wrong)).format(
        count=number(len(wrong))
    )


def figures_of(facts: Facts) -> tuple[tuple[str, str], ...]:
    """(figure, what it is), of the poller that runs."""
    read = _Read(facts)
    began, memory = read.sum("process_start_time_seconds"), read.sum("process_resident_memory_bytes")
    found = []
    if read.has("kentongan_devices"):
        found.append((number(read.sum("kentongan_devices")), _("devices in use")))
    if read.has("kentongan_polls_total"):
        found.append((number(read.sum("kentongan_polls_total")), _("polls since its start")))
    if began:
        since = datetime.fromtimestamp(began, facts.at.tzinfo)
        found.append((lasting(facts.at - since), _("since its start")))
    if memory:
        found.append((f"{number(memory / MB)} MB", _("memory")))
    if facts.database_bytes is not None:
        found.append((f"{number(facts.database_bytes / MB, 1)} MB", _("database")))
    if facts.disk_free_bytes is not None:
        found.append((f"{number(facts.disk_free_bytes / 1e9, 1)} GB", _("free on the disk")))
    return tuple(found)


def _check(key: str, about: str, says: str, state: State = State.UP, remedy: str = "", runbook: str = "") -> Check:
    needed = remedy if state is not State.UP else ""
    return Check(key, state, _("Well") if state is State.UP else state_word(state), about, says, needed, runbook)


def _poller(facts: Facts) -> Check:
    about = _("Poller")
    if facts.reasons is None:
        says = _("{address} does not answer.").format(address=facts.asked or _("exporter.port is 0: it"))
        return _check("poller", about, says, State.DOWN, "kentongan run", "kentonganscrapemissing")
    if facts.reasons:
        remedy = _("Wait a minute after a start; else look at its log and at: kentongan check")
        return _check("poller", about, " ".join(facts.reasons), State.DEGRADED, remedy, "kentonganscrapemissing")
    return _check("poller", about, _("It answers and is ready."))


def _of_poller(facts: Facts) -> Iterator[Check]:
    if facts.reasons is None:
        return
    read = _Read(facts)
    yield from _sight(read)
    yield from _polls(read)
    yield from _queues(read)
    yield from _loop(read)
    yield from _messages(read)
    yield from _configurations(read)


class _Read:
    """Sums of samples."""

    def __init__(self, facts: Facts) -> None:
        self._samples = facts.samples

    def has(self, name: str) -> bool:
        return bool(self._samples.get(name))

    def sum(self, name: str, **labels: str) -> float:
        return sum(
            value
            for own, value in self._samples.get(name, ())
            if all(own.get(label) == wanted for label, wanted in labels.items())
        )

    def named(self, name: str, label: str) -> list[tuple[str, float]]:
        """(label's value, value) of those that are not zero, the greatest first."""
        found = [(own.get(label, ""), value) for own, value in self._samples.get(name, ()) if value]
        return sorted(found, key=lambda each: (-each[1], each[0]))


def _sight(read: _Read) -> Iterator[Check]:
    if read.has("kentongan_blind"):
        if read.sum("kentongan_blind"):
            yield _check("sight", _("Sight"), _("It sees no device and has no way out of its own."), State.DOWN,
                         _("Look at this machine's cable, switch and gateway first."), "kentonganblind")  # fmt: skip
        else:
            yield _check("sight", _("Sight"), _("It sees the network."))
    if read.has("kentongan_clock_trusted"):
        if read.sum("kentongan_clock_trusted"):
            yield _check("clock", _("Clock"), _("It is believed."))
        else:
            yield _check("clock", _("Clock"), _("It stands in the past, or jumped: nothing is counted meanwhile."),
                         State.DEGRADED, "timedatectl set-ntp true", "kentonganclockuntrusted")  # fmt: skip


def _polls(read: _Read) -> Iterator[Check]:
    made = read.sum("kentongan_polls_total")
    if not made:
        return
    late, skipped = read.sum("kentongan_polls_late_total"), read.sum("kentongan_polls_skipped_total")
    says = _("{count} of {all} began late since its start.").format(count=number(late), all=number(made))
    yield _check("late", _("Polls on time"), says, State.DEGRADED if late > made * LATE_SHARE else State.UP,
                 _("Give the machine more, or ask more rarely: [polling] in kentongan.toml."),
                 "kentonganpollslate")  # fmt: skip
    says = _("{count} were left out since its start.").format(count=number(skipped))
    yield _check("skipped", _("Polls left out"), says, State.DEGRADED if skipped > made * LATE_SHARE else State.UP,
                 _("Look for devices that answer slowly; ask them more rarely by poll_class."),
                 "kentonganpollsskipped")  # fmt: skip


def _queues(read: _Read) -> Iterator[Check]:
    for key, metric, label, about, remedy, runbook in (
        ("queues", "kentongan_queue_drops_total", "queue", _("Queues"),
         _("Something stands still behind it: look at the database and at the machine's load."), "kentonganqueuedrops"),
        ("sockets", "kentongan_receive_buffer_drops_total", "socket", _("Receive buffers"),
         "sysctl -w net.core.rmem_max=16777216", "kentonganreceivebufferdrops"),
    ):  # fmt: skip
        if not read.has(metric):
            continue
        dropped = read.named(metric, label)
        if not dropped:
            yield _check(key, about, _("Nothing was dropped since its start."))
            continue
        names = ", ".join(f"{name} {number(count)}" for name, count in dropped)
        yield _check(key, about, _("Dropped since its start: {names}.").format(names=names), State.DEGRADED, remedy,
                     runbook)  # fmt: skip


def _loop(read: _Read) -> Iterator[Check]:
    made = read.sum("kentongan_loop_lag_seconds_count")
    if made:
        slow = made - read.sum("kentongan_loop_lag_seconds_bucket", le="0.5")
        mean = read.sum("kentongan_loop_lag_seconds_sum") / made
        says = _("On average {ms} ms late; {count} of {all} times more than half a second.").format(
            ms=number(mean * 1000, 1), count=number(slow), all=number(made)
        )
        bad = mean > LAG_SECONDS or slow > made * LATE_SHARE
        yield _check("loop", _("Event loop"), says, State.DEGRADED if bad else State.UP,
                     _("The machine is too busy: see what else runs on it."), "kentonganlooplags")  # fmt: skip
    if read.has("kentongan_database_failures_total"):
        failed = read.sum("kentongan_database_failures_total")
        says = n_("{count} write failed and was repeated.", "{count} writes failed and were repeated.", int(failed))
        yield _check("writes", _("Writes"), says.format(count=number(failed)),
                     State.DEGRADED if failed else State.UP, _("See disk and database: kentongan check"),
                     "kentongandatabasefailing")  # fmt: skip


def _messages(read: _Read) -> Iterator[Check]:
    if read.has("kentongan_notifications_waiting"):
        waiting, oldest = (
            read.sum("kentongan_notifications_waiting"),
            read.sum("kentongan_notifications_oldest_seconds"),
        )
        says = _("{count} wait, the oldest for {span}.").format(
            count=number(waiting), span=lasting(timedelta(seconds=oldest))
        ) if waiting else _("None waits.")  # fmt: skip
        yield _check("messages", _("Messages"), says, State.DEGRADED if oldest > WAITING_SECONDS else State.UP,
                     "kentongan notify undelivered", "kentonganmessageswaiting")  # fmt: skip
    unheard = read.sum("kentongan_incidents_unheard")
    if unheard:
        says = n_("Of {count} incident nobody could be told.", "Of {count} incidents nobody could be told.",
                  int(unheard)).format(count=number(unheard))  # fmt: skip
        yield _check("unheard", _("Who is told"), says, State.DOWN,
                     _("Give an engineer, NOC or admin of people.csv a channel, and import it."),
                     "kentongannobodytotell")  # fmt: skip


def _configurations(read: _Read) -> Iterator[Check]:
    if not read.has("kentongan_config_backups"):
        return
    counts = dict(read.named("kentongan_config_backups", "state"))
    fresh = counts.pop("fresh", 0.0)
    old = sum(counts.values())
    if not fresh and not old:
        return
    says = _("{fresh} fresh, {old} old or never read.").format(fresh=number(fresh), old=number(old))
    yield _check("configurations", _("Configurations"), says, State.DEGRADED if old else State.UP,
                 "kentongan config status", "kentonganconfigbackupsstale")  # fmt: skip


def _disk(facts: Facts) -> Check:
    about = _("Disk")
    if facts.disk_free_bytes is None:
        return _check("disk", about, _("It cannot be measured from here."), State.UNKNOWN)
    says = _("{free} GB free of {all} GB.").format(
        free=number(facts.disk_free_bytes / 1e9, 1), all=number((facts.disk_bytes or 0) / 1e9, 1)
    )
    free = facts.disk_free_bytes
    state = State.DOWN if free < FULL_BYTES else State.DEGRADED if free < TIGHT_BYTES else State.UP
    return _check("disk", about, says, state, _("Make room, or shorten [retention] in kentongan.toml."))


def _database(facts: Facts) -> Check:
    says = facts.database
    if facts.database_bytes is not None:
        says = _("{where}, {size} MB").format(where=facts.database, size=number(facts.database_bytes / MB, 1))
    return _check("database", _("Database"), says)


def _backup(facts: Facts, zone: tzinfo) -> Check:
    about = _("Backup of the database")
    if facts.backup_at is None:
        says = _("There is none in {folder}.").format(folder=facts.backups)
        return _check("backup", about, says, State.DEGRADED, "kentongan db backup")
    at = moment(facts.backup_at, zone, facts.at.astimezone(zone).date())
    state = State.DEGRADED if facts.at - facts.backup_at > BACKUP_OLD else State.UP
    return _check("backup", about, _("The newest is of {at}.").format(at=at), state, "kentongan db backup")


def _clients(facts: Facts) -> Check:
    about, refused = _("Connections of the console"), facts.ended.get("too_many", 0)
    counts = {
        _("slow requests"): facts.ended.get("slow_head", 0) + facts.ended.get("slow_body", 0),
        _("slow readers"): facts.ended.get("slow_reader", 0),
        _("made room for others"): facts.ended.get("made_room", 0),
        _("refused"): refused,
    }
    if not any(counts.values()):
        return _check("clients", about, _("None was ended or refused since its start."))
    named = ", ".join(f"{word} {number(count)}" for word, count in counts.items() if count)
    says = _("Ended or refused since its start: {names}.").format(names=named)
    crowded = refused or counts[_("made room for others")]
    return _check("clients", about, says, State.DEGRADED if crowded else State.UP,
                  _("Somebody holds many connections: put a web server before the console."))  # fmt: skip


def remarks_of(remarks: Sequence[Remark]) -> tuple[Check, ...]:
    """What the doctor says, the worst first."""
    states = {"wrong": State.DOWN, "warning": State.DEGRADED, "note": State.UNKNOWN, "ok": State.UP}
    words = {
        "wrong": _("Wrong"),
        "warning": _("Not as well as it could be"),
        "note": _("Worth knowing"),
        "ok": _("Well"),
    }
    found = [
        Check("", states[each.severity], words[each.severity], each.about, each.message, each.remedy)
        for each in remarks
    ]
    return tuple(sorted(found, key=lambda each: WORST_FIRST[each.state]))
