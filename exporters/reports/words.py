"""What closed words are called in reports and on the command line, in the active language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, assert_never

from domain.evaluation import Level, Pillar, Standing
from domain.incidents import CauseKind, ClosingCause, Condition, Party, VerdictKind
from domain.language import _
from domain.network import Indicator, SiteKind, Stage
from exporters.documents.figures import day as day_in_words
from exporters.documents.figures import number


def day_word(text: str) -> str:
    """An ISO day as people write it."""
    return day_in_words(datetime.fromisoformat(text))


def month_word(text: str) -> str:
    """2026-10 as October 2026."""
    return day_word(f"{text}-01").partition(" ")[2]


def period_word(text: str) -> str:
    """2026-10 as October 2026, 2026-H1 as the first half of 2026, a year as it is."""
    year, _dash, part = text.partition("-")
    match part:
        case "":
            return year
        case "H1":
            return _("first half of {year}").format(year=year)
        case "H2":
            return _("second half of {year}").format(year=year)
        case _:
            return month_word(text)


def stage_word(word: str | None) -> str:
    if word is None:
        return ""
    return {
        Stage.PLANNED: _("planned"),
        Stage.FUNDED: _("funded"),
        Stage.BUILT: _("built"),
        Stage.ACTIVE: _("active"),
        Stage.HANDED_OVER: _("handed over"),
        Stage.SUSPENDED: _("suspended"),
        Stage.RETIRED: _("retired"),
    }[Stage(word)]


def indicator_word(word: str) -> str:
    """What a target counts."""
    indicator = Indicator(word)
    match indicator:
        case Indicator.DESA:
            return _("connected desa")
        case Indicator.OPD:
            return _("connected agencies")
        case Indicator.WIFI:
            return _("public Wi-Fi points")
        case Indicator.CCTV:
            return _("CCTV points")
        case _:
            assert_never(indicator)


def party_word(word: str) -> str:
    """Who is liable; one that is not known here is called by its name."""
    words: Final = {
        Party.OURS: _("ourselves"),
        Party.PLN: "PLN",
        Party.PROVIDER: _("provider"),
        Party.OWNER: _("owner of the place"),
        Party.THIRD: _("third party"),
        Party.FORCE: _("force of nature"),
        Party.PLANNED: _("planned work"),
        Party.UNKNOWN: _("not known"),
    }
    return {party.value: text for party, text in words.items()}.get(word, word)


def cause_word(word: str) -> str:
    """The cause that people found, else the kind that the machine saw."""
    found: Final = {
        ClosingCause.GALIAN: _("digging"),
        ClosingCause.POHON: _("a tree"),
        ClosingCause.TIKUS: _("rats"),
        ClosingCause.VANDAL: _("vandalism"),
        ClosingCause.PLN: _("mains power"),
        ClosingCause.TOKEN_HABIS: _("prepaid power used up"),
        ClosingCause.PETIR: _("lightning"),
        ClosingCause.PENCURIAN: _("theft"),
        ClosingCause.DICABUT_PENGGUNA: _("unplugged by users"),
        ClosingCause.ISOLIR: _("cut off: unpaid, or suspended by us"),
        ClosingCause.PROVIDER: _("the provider's network"),
        ClosingCause.RADIO_CUACA: _("radio and weather"),
        ClosingCause.KONFIGURASI: _("configuration"),
        ClosingCause.TIDAK_DITEMUKAN: _("not found"),
    }
    seen: Final = {
        VerdictKind.FIBRE: _("fibre"),
        VerdictKind.POWER: _("power"),
        VerdictKind.DEVICE: _("device"),
        VerdictKind.RADIO: _("radio"),
        VerdictKind.PROVIDER: _("the provider's network"),
        VerdictKind.SERVICE: _("service"),
        VerdictKind.MANAGEMENT: _("management path"),
        VerdictKind.POLLER: _("our own poller"),
        VerdictKind.UNDETERMINED: _("undetermined"),
    }
    return {key.value: text for key, text in (*seen.items(), *found.items())}.get(word, word) or _("undetermined")


def condition_word(word: str) -> str:
    """What is wrong."""
    condition = Condition(word)
    match condition:
        case Condition.OUTAGE:
            return _("outages")
        case Condition.DEGRADED:
            return _("degraded")
        case Condition.SERVICE:
            return _("applications")
        case Condition.MANAGEMENT:
            return _("only our way to look was lost")
        case Condition.BLIND:
            return _("we were blind")
        case _:
            assert_never(condition)


def cause_kind_word(word: str) -> str:
    """What sort of thing failed."""
    kind = CauseKind(word)
    match kind:
        case CauseKind.LINK:
            return _("link")
        case CauseKind.DEVICE:
            return _("device")
        case CauseKind.SITE:
            return _("site")
        case CauseKind.SEGMENT:
            return _("segment")
        case CauseKind.FEEDER:
            return _("power feeder")
        case CauseKind.PROVIDER:
            return _("provider")
        case CauseKind.SERVICE:
            return _("application")
        case CauseKind.MANAGEMENT:
            return _("management path")
        case CauseKind.POLLER:
            return _("our own poller")
        case _:
            assert_never(kind)


def pillar_word(word: str) -> str:
    """As the national programme calls it, in either language."""
    return "SPBE" if Pillar(word) is Pillar.SPBE else f"Smart {word.capitalize()}"


def level_word(word: str) -> str:
    """How far an indicator looks."""
    level = Level(word)
    match level:
        case Level.OUTPUT:
            return _("output")
        case Level.OUTCOME:
            return _("outcome")
        case Level.IMPACT:
            return _("impact")
        case Level.QUICK_WIN:
            return _("quick win")
        case _:
            assert_never(level)


def standing_word(word: str) -> str:
    """How an indicator stands to its target."""
    standing = Standing(word)
    match standing:
        case Standing.REACHED:
            return _("reached")
        case Standing.SHORT:
            return _("short")
        case Standing.NO_TARGET:
            return _("no target")
        case Standing.NO_FIGURE:
            return _("no figure")
        case _:
            assert_never(standing)


def site_kind_word(word: str) -> str:
    """What a place is; one that is not known here is called by its name."""
    return {
        SiteKind.DATACENTER: _("data centre"),
        SiteKind.POP: _("PoP"),
        SiteKind.KECAMATAN: _("kecamatan office"),
        SiteKind.OPD: _("OPD"),
        SiteKind.UPTD: _("UPTD"),
        SiteKind.DESA: _("desa"),
        SiteKind.KELURAHAN: _("kelurahan"),
        SiteKind.MPP: _("public service mall"),
        SiteKind.PUSKESMAS: _("puskesmas"),
        SiteKind.SCHOOL: _("school"),
        SiteKind.TOWER: _("tower"),
        SiteKind.POLE: _("pole"),
        SiteKind.CCTV: _("CCTV point"),
        SiteKind.PUBLIC: _("public Wi-Fi"),
    }.get(SiteKind(word), word)


def forecast_line(forecast: Mapping[str, Any] | None, desa: Mapping[str, Any]) -> str:
    """When all desa will be connected, at the pace of the last months."""
    if desa["connected"] >= desa["villages"]:
        return _("All desa are connected.")
    if forecast is None:
        return _("No forecast: the history is too short.")
    if forecast["expected"] is None:
        return _("No forecast: nobody was connected in the last {months} months.").format(months=forecast["months"])
    spread = _("{early} to {late}").format(
        early=day_word(forecast["earliest"]), late=day_word(forecast["latest"]) if forecast["latest"] else _("never")
    )
    return _("At {pace} desa a month ({months} months) all are connected by {day}; spread {spread}.").format(
        pace=number(forecast["pacePerMonth"], 1),
        months=forecast["months"],
        day=day_word(forecast["expected"]),
        spread=spread,
    )


def connected_line(desa: Mapping[str, Any]) -> str:
    """What came of the connected desa."""
    return _(
        "Connected: {connected} desa. Of them served: {served}; not served: {paper}; unmeasured: {unseen}."
    ).format(
        connected=number(desa["connected"], 0),
        served=number(desa["connected"] - desa["onPaper"] - desa["connectedUnmeasured"], 0),
        paper=number(desa["onPaper"], 0),
        unseen=number(desa["connectedUnmeasured"], 0),
    )


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
