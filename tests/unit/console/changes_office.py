"""What changes of sites look like in memory: a site planned, one whose plan waits for a yes, one that stands; and who
was ordered what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from console.entrance import hash_of
from console.ports.sites import (
    ConflictError,
    Kind,
    Order,
    OrderKind,
    Planned,
    Preview,
    Question,
    RefusedError,
    Said,
    Sites,
    Task,
)
from console.web.visit import COOKIE
from domain.accounts import Session
from domain.addressing import Allocation, AllocationState, Block
from domain.addressing import Kind as Kinds
from domain.changes import Job, JobKind, JobState, StepKind, StepState, Wave, WaveState, approve, new_job, open_plans
from domain.changes import revoke as taken_back
from domain.changes.waves import WaveSite, WaveSiteState
from domain.intent import (
    Change,
    ChangeKind,
    Configuration,
    Difference,
    Platform,
    Section,
    SiteIntent,
    SitePlan,
    Traffic,
    Watched,
)
from domain.network import Check, PollClassName, SiteKind
from tests.unit.console.console_office import EVIL, NOW, Office

MARK = "5ea1" * 16
SECRET = "⟦pwk-admin/password⟧"
CONFIGURED = "set system host-name citeko"
TEXT = "10.33.0.0/24"
PDF = b"%PDF-1.7 sheet"


def waiting_job(actor: str = "engineer", id_: str = "a1b2c3", site: str = "desa-citeko") -> Job:
    job = new_job(id_, site, ("rtr-citeko",), actor, NOW - timedelta(minutes=20))
    done = {StepKind.ALLOCATE, StepKind.RENDER, StepKind.READ}
    steps = tuple(
        replace(
            step,
            state=StepState.DONE if step.kind in done else StepState.FAILED,
            tries=1,
            began_at=NOW - timedelta(minutes=19),
            ended_at=NOW - timedelta(minutes=18),
            evidence=f"found {EVIL}",
        )
        if step.kind in done or step.kind is StepKind.APPROVE
        else step
        for step in job.steps
    )
    return replace(job, steps=steps, needed=2, fingerprint=MARK, why=f"2 more must agree {EVIL}")


def done_job(site: str, kind: JobKind = JobKind.BUILD) -> Job:
    job = new_job("d0d0d0", site, (), "engineer", NOW - timedelta(days=3), kind)
    return replace(job, state=JobState.DONE, fingerprint=MARK)


def plan() -> SitePlan:
    lines = (f"interface description {EVIL}", f"password {SECRET}")
    return SitePlan(
        SiteIntent("desa-citeko", "citeko", SiteKind.DESA, "desa-fibre", checks=("reachable",)),
        (Allocation("desa-citeko", "lan", f"pool {EVIL}", Kinds.IPV4, Block(0, 8), TEXT, AllocationState.GIVEN, NOW),),
        (
            Configuration("rtr-citeko", Platform.ROUTEROS, 7, (Section("baseline", (CONFIGURED, *lines)),)),
            Configuration("olt-plered", Platform.ZTE_OLT, 0, (Section("onu", lines),)),
        ),
        {
            "olt-plered": Difference(
                "olt-plered",
                (
                    Change(ChangeKind.ADD, f"interface {EVIL}", f"description {EVIL}"),
                    Change(ChangeKind.SET, "line", f"key {SECRET}", "key ***5ea1b2***"),
                    Change(ChangeKind.REMOVE, "line", "no shutdown"),
                ),
            )
        },
        (Watched("rtr-citeko", "10.32.8.2", Check.ICMP_SNMP, PollClassName.FIBRE, 12.5),),
        Traffic(12.5, 2.0, metered=True, quota_gb=30.0),
        (f"Think of {EVIL}",),
    )


@dataclass
class MemoryBook:
    held: list[Job] = field(default_factory=lambda: [waiting_job(), done_job("desa-cadassari")])
    ordered: dict[str, Task] = field(default_factory=dict)
    begun_waves: list[Wave] = field(default_factory=list)
    said: list[Said] = field(
        default_factory=lambda: [Said(NOW, "rtr-citeko", "push", ((f"/system {EVIL}", "ok ***"),))]
    )
    sheets: list[str] = field(default_factory=list)

    def newest(self) -> Mapping[str, Job]:
        return {job.site: job for job in reversed(self.held)}

    def jobs(self, slug: str) -> Sequence[Job]:
        return [job for job in self.held if job.site == slug]

    def tasks(self) -> Mapping[str, Task]:
        return self.ordered

    def transcript(self, job: Job) -> Sequence[Said]:
        return self.said

    def waves(self) -> Sequence[Wave]:
        return self.begun_waves

    def sheet(self, slug: str, who: str) -> bytes:
        self.sheets.append(who)
        return PDF


@dataclass
class MemoryPlans:
    made: SitePlan = field(default_factory=plan)
    mark: str = MARK
    refused: str = ""
    values: dict[str, str] = field(default_factory=lambda: {"onu_serial": "ZTEG1", "note": f"a {EVIL}"})
    previews: list[Order] = field(default_factory=list)

    def kinds(self) -> Sequence[Kind]:
        return [Kind("desa-fibre", f"Desa on fibre {EVIL}", "fibre")]

    def plan(self, slug: str, profile: str, like: str) -> Planned:
        if self.refused:
            raise RefusedError(self.refused)
        device = {"name": "rtr-citeko", "configuration": {"lines": [CONFIGURED]}, "difference": {"changes": []}}
        return Planned(self.made, {"site": slug, "devices": [device]}, self.mark)

    def questions(self, slug: str, profile: str, like: str) -> Sequence[Question]:
        if self.refused:
            raise RefusedError(self.refused)
        found = [Question(name, EVIL, "name", True, value, "site") for name, value in self.values.items()]
        return [*found, *(Question(f"q{n}", "one of many", "text", False) for n in range(30))]

    def answer(self, slug: str, values: Mapping[str, str], who: str) -> None:
        if "wrong" in values.values():
            raise RefusedError("onu_serial: write a serial")
        self.values |= values

    def preview(self, order: Order) -> Preview:
        self.previews.append(order)
        if self.refused:
            raise RefusedError(self.refused)
        reason = order.words.get("reason", "")
        return Preview((f"{order.subject} because of {reason}",), {"rtr-citeko": (f"/x {EVIL}",)}, (EVIL,), self.mark)


@dataclass
class MemoryOrders:
    book: MemoryBook
    given: list[Order] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    refused: RefusedError | None = None

    def begin(self, order: Order) -> None:
        """As tasks do: one at a time for each subject."""
        if self.refused:
            raise self.refused
        subject = order.subject if order.kind not in (OrderKind.WAVE, OrderKind.RESUME_WAVE) else "wave"
        held = self.book.ordered.get(subject)
        if held is not None and held.is_under_way:
            raise ConflictError(f"{held.who} has been working on this")
        self.book.ordered[subject] = Task(subject, order.kind.value, order.who, NOW)
        self.given.append(order)

    def agree(self, slug: str, job: str, mark: str, who: str, *, token: str = "", revoke: bool = False) -> Job:
        held = self.book.jobs(slug)[0]
        if held.id != job or held.fingerprint != mark:
            raise ConflictError("The plan was changed")
        if held.actor == who and not revoke:
            raise RefusedError("You began this change.")
        after = taken_back(held, who, NOW) if revoke else approve(held, who, NOW)
        self.book.held[self.book.held.index(held)] = after
        return after

    def agree_wave(
        self, wave: str, plans: Mapping[str, str], who: str, *, token: str = "", revoke: bool = False
    ) -> Sequence[Job]:
        held = next(each for each in self.book.begun_waves if each.id == wave)
        jobs = open_plans(held, self.book.newest())
        if {job.site: job.fingerprint for job in jobs} != dict(plans):
            raise ConflictError("These plans are not those that you saw")
        if held.actor == who:
            raise RefusedError("You began this change.")
        return [self.agree(job.site, job.id, job.fingerprint, who, revoke=revoke) for job in jobs]

    def stop(self, wave: str, who: str, *, token: str = "") -> None:
        if self.refused:
            raise self.refused
        self.stopped.append(wave)


@dataclass
class Changes:
    book: MemoryBook
    plans: MemoryPlans
    orders: MemoryOrders

    def sites(self) -> Sites:
        return Sites(self.book, self.plans, self.orders)


def changes() -> Changes:
    book = MemoryBook()
    return Changes(book, MemoryPlans(), MemoryOrders(book))


def wave(*sites: str) -> Wave:
    rows = tuple(WaveSite(site, WaveSiteState.FAILED, why=f"why {EVIL}") for site in sites)
    return Wave("w1w1w1", "engineer", NOW - timedelta(hours=1), rows)


def waiting_wave(*sites: str) -> Wave:
    """Stopped before anybody was told anything: others must agree."""
    rows = tuple(WaveSite(site, began_at=NOW - timedelta(minutes=30)) for site in sites)
    return Wave("w3w3w3", "engineer", NOW - timedelta(hours=1), rows, state=WaveState.STOPPED, why="2 sites wait")


def enter(here: Office, name: str) -> None:
    """Logged in without the door, which lets nobody try twenty times a minute."""
    here.sessions.kept = {hash_of(name): Session(hash_of(name), name, f"form of {name}", NOW, NOW)}
    here.client.cookies.clear()
    here.client.cookies.set(COOKIE, name)
