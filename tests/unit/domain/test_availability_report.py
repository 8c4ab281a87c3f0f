"""Months of a small kabupaten: what counts for whom, what is charged, what is owed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain.availability import (
    Blame,
    By,
    Figure,
    Kind,
    PeriodError,
    PowerClass,
    PowerProfile,
    Records,
    Reporter,
    Work,
    month,
    spans_of,
)
from domain.availability.spans import Spans, whole_second_of
from domain.availability.statement import plain_month
from domain.incidents import Cause, CauseKind, Condition, Handling, Incident, Liable, Member, Party, Urgency
from domain.network import (
    Contract,
    Device,
    Inventory,
    Link,
    PowerSource,
    RegionCode,
    Role,
    Site,
    SiteKind,
    Stage,
)
from domain.states import State
from domain.time import NATIONAL

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 12, 1, tzinfo=UTC)
OCTOBER = month("2026-10", WIB, NOW)
DAY = 86_400 * 1_000_000
HOUR = DAY // 24
DESA, SECOND = RegionCode("32.14.01.2001"), RegionCode("32.14.01.2002")
NAMES = {"32.14.01": "Plered", DESA: "Cibodas", SECOND: "Sindangsari"}
INVENTORY = Inventory(
    sites=(
        Site("ds-a", "Desa Cibodas", SiteKind.DESA, DESA),
        Site("ds-b", "Desa Sindangsari", SiteKind.DESA, SECOND),
        Site("opd", "Disdik", SiteKind.OPD, RegionCode("32.14.01"), service_hours="Sen-Jum 07.30-16.00"),
        Site("plan", "Later", SiteKind.DESA, RegionCode("32.14.01.2003"), stage=Stage.PLANNED),
    ),
    devices=(
        Device("a", "ds-a", Role.ROUTER),
        Device("a-ap", "ds-a", Role.AP),
        Device("b", "ds-b", Role.ROUTER),
        Device("o", "opd", Role.ROUTER),
    ),
    links=(Link("line-a", "a", provider="PT Tali", circuit_id="CID 1", contract="14/2026"),),
    contracts=(
        Contract(
            "14/2026", "PT Tali", sla_percent=99.0, price_month=Decimal(10_000_000), penalty_rule="steps 99:5,98:10"
        ),
    ),
)
UP = dict.fromkeys(("a", "a-ap", "b", "o"), (State.UP, ""))


def at(day: int, hour: float = 0.0) -> datetime:
    """In local time; day 32 is the first of November."""
    return datetime(2026, 10, 1, tzinfo=WIB) + timedelta(days=day - 1, hours=hour)


def micros(day: int, hour: float = 0.0) -> int:
    return whole_second_of(at(day, hour))


def fell(day: int, hour: float, hours: float, state: State = State.DOWN) -> list[tuple[int, State, str]]:
    return [(micros(day, hour), state, "icmp-silent"), (micros(day, hour + hours), State.UP, "")]


def records(**changes: object) -> Records:
    made = Records((micros(1), micros(32)), INVENTORY, UP)
    return replace(made, **changes)  # type: ignore[arg-type]


def row(records_: Records, by: By, key: str) -> Figure:
    return next(each for each in reporter(records_).report(by).rows if each.key == key).figure


def reporter(records_: Records) -> Reporter:
    return Reporter(records_, NAMES, WIB, frozenset(NATIONAL))


def incident(cause: Cause, members: dict[str, tuple[datetime, datetime | None]], **fields: object) -> Incident:
    since = min(began for began, _back in members.values())
    backs = [back for _began, back in members.values()]
    made = Incident(
        f"i-{cause.name}", Condition.OUTAGE, cause, "icmp-silent", Urgency.PAGE, since, since + timedelta(minutes=1),
        tuple(Member(name, began, back) for name, (began, back) in members.items()),
        resolved_at=None if None in backs else max(back for back in backs if back),
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def blame(made: Incident, liable: Liable, cause: str = "fibre", ticket: Spans = ()) -> Blame:
    began, detected = whole_second_of(made.started_at), whole_second_of(made.detected_at)
    return Blame(made.id, began, cause, liable, liable, detected, ticket)


def test_a_month_is_the_calendars_in_the_kabupatens_zone() -> None:
    assert OCTOBER.start == datetime(2026, 9, 30, 17, tzinfo=UTC)
    assert OCTOBER.end == OCTOBER.until == datetime(2026, 10, 31, 17, tzinfo=UTC)
    assert OCTOBER.is_over
    february = month("2028-02", WIB, datetime(2028, 3, 1, tzinfo=UTC))
    assert february.end - february.start == timedelta(days=29)
    lasting = month("2026-12", WIB, NOW + timedelta(seconds=0.5))
    assert (lasting.until, lasting.is_over) == (NOW, False)
    for text in ("2026-13", "Oktober", "2027-01"):
        with pytest.raises(PeriodError, match=text):
            month(text, WIB, NOW)


def test_a_night_without_us_is_no_downtime_and_no_uptime() -> None:
    """Three hours blind: availability on 21 of the day's 24, completeness 87.5 %."""
    span = (micros(1), micros(2))
    blind = spans_of([(micros(1, 2), micros(1, 5))])
    figure = row(records(span=span, blind=blind, changes={"a": fell(1, 10, 2.1)}), By.DESA, DESA)
    assert figure.base == 21 * HOUR
    assert figure.completeness_percent == 87.5
    assert figure.availability_percent == pytest.approx(90.0)


def test_an_outage_over_midnight_of_the_month_is_split_and_an_open_one_counts() -> None:
    changes = {"a": [(micros(31, 23.5), State.DOWN, "icmp-silent")]}
    assert row(records(changes=changes), By.DESA, DESA).kinds[Kind.DOWN] == HOUR // 2
    november = records(span=(micros(32), micros(62)), initial={**UP, "a": (State.DOWN, "icmp-silent")})
    figure = row(november, By.DESA, DESA)
    assert figure.kinds[Kind.DOWN] == 30 * DAY
    assert (figure.outages, figure.availability_percent) == (1, 0.0)


def test_at_night_an_office_is_not_missed() -> None:
    night, day = {"o": fell(5, 18, 12)}, {"o": fell(5, 15, 3)}  # the 5th is a Monday
    assert row(records(changes=night), By.OPD, "Disdik").dark == 0
    figure = row(records(changes=day), By.OPD, "Disdik")
    assert (figure.dark, figure.outages, figure.longest) == (HOUR, 1, HOUR)
    assert sum(figure.kinds.values()) == 22 * 8.5 * HOUR
    assert figure.service + figure.outside == 31 * DAY


def test_a_village_is_dark_behind_anybodys_fault_and_its_ap_alone_does_not_matter() -> None:
    changes = {"a": fell(3, 0, 6, State.UNREACHABLE), "a-ap": fell(4, 0, 9)}
    figure = row(records(changes=changes), By.DESA, DESA)
    assert figure.kinds[Kind.UNREACHABLE] == 6 * HOUR
    assert figure.dark == 6 * HOUR
    assert row(records(changes=changes), By.KECAMATAN, "32.14.01").things == 2


@pytest.mark.parametrize(
    ("reason", "kind"), [("loss", Kind.DEGRADED), ("loss 12%", Kind.DEGRADED), ("loss 40%", Kind.DOWN)]
)
def test_degraded_is_up_until_it_is_no_service_any_more(reason: str, kind: Kind) -> None:
    changes = {"a": [(micros(3), State.DEGRADED, reason), (micros(4), State.UP, "")]}
    figure = row(records(changes=changes), By.DESA, DESA)
    assert figure.kinds[kind] == DAY
    assert (figure.availability_percent == 100.0) is (kind is Kind.DEGRADED)


def test_management_lost_alone_costs_no_village_a_minute() -> None:
    lost = incident(Cause(CauseKind.MANAGEMENT, "vpn-1"), {"a": (at(3), at(3, 5))}, condition=Condition.MANAGEMENT)
    figure = row(records(changes={"a": fell(3, 0, 5)}, incidents=[lost]), By.DESA, DESA)
    assert (figure.dark, figure.kinds[Kind.UNKNOWN], figure.availability_percent) == (0, 5 * HOUR, 100.0)


def test_only_our_own_planned_work_is_planned_and_twice_planned_is_once() -> None:
    changes = {"a": fell(3, 1, 4)}
    twice = [Work((micros(3), micros(3, 3)), frozenset({"ds-a"})), Work((micros(3, 2), micros(3, 4)), frozenset({"a"}))]
    figure = row(records(changes=changes, planned=twice), By.DESA, DESA)
    assert (figure.kinds[Kind.PLANNED], figure.dark) == (3 * HOUR, HOUR)
    theirs = row(records(changes=changes, provider_work=twice), By.DESA, DESA)
    assert (theirs.kinds[Kind.PLANNED], theirs.dark) == (0, 4 * HOUR)
    ours = incident(Cause(CauseKind.SITE, "ds-a"), {"a": (at(3, 1), at(3, 5))})
    planned = {ours.id: blame(ours, Liable(Party.PLANNED))}
    assert (
        row(records(changes=changes, incidents=[ours], blames=planned), By.DESA, DESA).kinds[Kind.PLANNED] == 4 * HOUR
    )


def test_one_feeder_three_times_and_one_token_are_charged_to_the_right_parties() -> None:
    flaps = [each for minute in (0, 8, 16) for each in fell(7, 10 + minute / 60, 4 / 60)]
    token = fell(7, 10, 30)
    feeder = incident(Cause(CauseKind.FEEDER, "W3"), {"a": (at(7, 10.26), at(7, 10.34))}, started_at=at(7, 10))
    feeder = replace(feeder, handling=replace(feeder.handling, relapses=2), detected_at=at(7, 10))
    alone = incident(Cause(CauseKind.SITE, "ds-b"), {"b": (at(7, 10), at(8, 16))})
    figures = records(
        changes={"a": flaps, "b": token},
        incidents=[feeder, alone],
        blames={
            feeder.id: blame(feeder, Liable(Party.PLN, "W3"), "power"),
            alone.id: blame(alone, Liable(Party.OWNER, "Pemdes"), "token-habis"),
        },
    )
    first, other = row(figures, By.DESA, DESA), row(figures, By.DESA, SECOND)
    assert first.charges == {(Liable(Party.PLN, "W3"), "power", False): 12 * HOUR // 60}
    assert first.outages == 3
    assert other.charges == {(Liable(Party.OWNER, "Pemdes"), "token-habis", False): 30 * HOUR}
    both = row(figures, By.KECAMATAN, "32.14.01")
    assert both.charged == both.dark == first.dark + other.dark


def test_an_override_is_charged_anew_and_said() -> None:
    made = incident(Cause(CauseKind.LINK, "line-a"), {"a": (at(3), at(3, 2))})
    changed = replace(blame(made, Liable(Party.OURS)), liable=Liable(Party.THIRD, "CV Gali"))
    figure = row(records(changes={"a": fell(3, 0, 2)}, incidents=[made], blames={made.id: changed}), By.DESA, DESA)
    assert figure.charges == {(Liable(Party.THIRD, "CV Gali"), "fibre", True): 2 * HOUR}


def test_darkness_that_no_incident_explains_is_charged_to_nobody_known() -> None:
    figure = row(records(changes={"a": fell(3, 0, 2)}), By.DESA, DESA)
    assert figure.charges == {(Liable(Party.UNKNOWN), "unexplained", False): 2 * HOUR}


def test_a_line_pays_for_itself_alone() -> None:
    """Ten hours of its own, ticketed after two; then five behind a dead feeder."""
    cut = incident(Cause(CauseKind.LINK, "line-a"), {"a": (at(3), at(3, 10))})
    dark = incident(Cause(CauseKind.FEEDER, "W3"), {"a": (at(9), at(9, 5))})
    ticket = spans_of([(micros(3, 2), micros(3, 10))])
    kept = records(
        changes={"a": fell(3, 0, 10) + fell(9, 0, 5)},
        incidents=[cut, dark],
        blames={
            cut.id: blame(cut, Liable(Party.PROVIDER, "PT Tali"), ticket=ticket),
            dark.id: blame(dark, Liable(Party.PLN, "W3"), "power"),
        },
    )
    line = row(kept, By.LINK, "line-a")
    assert (line.kinds[Kind.DOWN], line.kinds[Kind.UNREACHABLE]) == (10 * HOUR, 5 * HOUR)
    assert line.own_availability_percent == pytest.approx(100 * (1 - 10 / (744 - 5)))
    assert line.charges == {(Liable(Party.PROVIDER, "PT Tali"), "fibre", False): 10 * HOUR}
    provider = reporter(kept).report(By.PROVIDER).rows[0]
    owed = provider.restitutions[0]
    assert (owed.from_detection, owed.from_ticket, owed.problem) == (Decimal(500_000), Decimal(500_000), "")
    assert row(kept, By.DESA, DESA).dark == 15 * HOUR


def test_a_line_is_down_as_long_as_its_own_end_was_dark() -> None:
    """The provider's fault was opened with another village, dark for days, that turned out to be somebody else's."""
    cut = incident(Cause(CauseKind.PROVIDER, "PT Tali"), {"a": (at(8, 6), at(8, 7)), "a-ap": (at(8, 6), at(8, 9))})
    cut = replace(cut, started_at=at(3), detected_at=at(8, 6.5))
    line = replace(INVENTORY.links[0], provider="PT Tali")
    kept = records(
        inventory=replace(INVENTORY, links=(line,)),
        changes={"a": fell(5, 0, 2) + fell(8, 6, 1)},
        incidents=[cut],
        blames={cut.id: blame(cut, Liable(Party.PROVIDER, "PT Tali"))},
    )
    assert cut.fell_at == at(8, 6)
    figure = row(kept, By.LINK, "line-a")
    assert figure.kinds[Kind.DOWN] == 3 * HOUR, "its hour, and two that were dark in an incident that says it lasted"
    fell_again = replace(cut, started_at=at(4, 23), handling=Handling(relapses=1))
    assert fell_again.fell_at == at(4, 23), "what fell again has forgotten when it fell first"
    kept = replace(kept, incidents=[fell_again])
    assert row(kept, By.LINK, "line-a").kinds[Kind.DOWN] == 3 * HOUR, "not the days between"


def test_what_cannot_be_read_is_named_and_not_guessed() -> None:
    contract = replace(INVENTORY.contracts[0], penalty_rule="sesuai PKS pasal 9")
    sites = (replace(INVENTORY.sites[0], service_hours="jam dinas"), *INVENTORY.sites[1:])
    made = reporter(records(inventory=replace(INVENTORY, contracts=(contract,), sites=sites)))
    owed = made.report(By.PROVIDER).rows[0].restitutions[0]
    assert (owed.from_detection, owed.from_ticket) == (None, None)
    assert "sesuai PKS pasal 9" in owed.problem
    assert "ds-a" in made.report(By.DESA).problems[0]
    assert made.report(By.DESA).rows[0].figure.outside == 0


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ({"ends_on": date(2026, 9, 30)}, "ended on 2026-09-30"),
        ({"starts_on": date(2026, 11, 1)}, "begins on 2026-11-01"),
        ({"starts_on": date(2026, 10, 31), "ends_on": date(2026, 10, 31)}, ""),
    ],
)
def test_a_contract_that_was_not_in_force_owes_nothing_to_reckon(term: dict[str, date], said: str) -> None:
    contract = replace(INVENTORY.contracts[0], **term)  # type: ignore[arg-type]
    owed = reporter(records(inventory=replace(INVENTORY, contracts=(contract,)))).report(By.PROVIDER).rows[0]
    (found,) = owed.restitutions
    assert said in found.problem
    assert (found.from_detection is None) == bool(said)


def test_a_place_that_nobody_watches_is_unknown_and_one_not_built_is_not_there() -> None:
    kept = records(inventory=replace(INVENTORY, devices=INVENTORY.devices[:2]))
    figure = row(kept, By.DESA, SECOND)
    assert (figure.availability_percent, figure.completeness_percent) == (None, 0.0)
    assert [each.key for each in reporter(kept).report(By.DESA).rows] == [DESA, SECOND]


def test_a_solar_site_is_expected_to_sleep_at_night() -> None:
    sun = replace(INVENTORY.sites[0], power=(PowerSource.SOLAR,))
    assert PowerProfile.of(sun).class_ is PowerClass.EXPECTED_NIGHT
    kept = records(inventory=replace(INVENTORY, sites=(sun, *INVENTORY.sites[1:])), changes={"a": fell(3, 20, 12)})
    causes = {cause: time for (_liable, cause, _over), time in row(kept, By.DESA, DESA).charges.items()}
    assert causes == {"expected-night": 10 * HOUR, "unexplained": 2 * HOUR}


def test_a_statement_is_the_same_whatever_the_order_of_what_came_in() -> None:
    kept = records(changes={"a": fell(3, 0, 2), "b": fell(4, 0, 2)})
    turned = replace(kept, changes=dict(reversed(kept.changes.items())), inventory=replace(
        INVENTORY, sites=INVENTORY.sites[::-1], devices=INVENTORY.devices[::-1]))  # fmt: skip
    one, other = (plain_month(OCTOBER, "x", [reporter(each).report(by) for by in By]) for each in (kept, turned))
    assert one == other
    seconds = one["reports"][0]["rows"][0]["seconds"]
    assert sum(seconds.values()) == 31 * 86_400
    assert all(isinstance(value, int) for value in seconds.values())
