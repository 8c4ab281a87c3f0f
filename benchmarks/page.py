"""docs/reference/performance.md, written from the figures: what was wanted, what came, what was missed and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.rig import STAGE_WORDS, STAGES

STORMS = {
    "stretches": "whole stretches of rings",
    "feeders": "power feeders",
    "apart": "each for a reason of its own",
}
PEER_WORDS = {
    "kentongan": "Kentongan, the whole path",
    "snmpExporter": "snmp_exporter (asks, decodes, renders)",
    "gufo": "gufo-snmp (asks, decodes)",
    "pysnmp": "pysnmp (asks, decodes)",
}
WHY_MISSED: Mapping[str, str] = {
    "paced.pysnmp": "twenty devices a wake-up are too few for arrays: the batch costs what it costs.",
    "waves.ansible": "ours does more (addresses, a new login after each push, checks, a backup, the sheet as PDF), and "
    "one process does it: a third of its time goes into echoes that come sign by sign, a third into the database.",
}
"""Figure → cause, for what stays missed; a figure that is met again says so by itself."""

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """One promise of the design: what was wanted, what came."""

    key: str
    words: str
    wanted: str
    measured: str
    met: bool

    @property
    def line(self) -> str:
        return f"{'met   ' if self.met else 'MISSED'}  {self.words}: {self.measured} (wanted: {self.wanted})"


def targets(figures: Mapping[str, Tree]) -> list[Target]:
    """Those of the parts that were measured."""
    found: list[Target] = []
    for part, make in (
        ("wholePath", _of_whole_path),
        ("country", _of_country),
        ("version3", _of_version3),
        ("exposition", _of_exposition),
        ("startup", _of_startup),
        ("echoes", _of_echoes),
        ("outage", _of_outage),
        ("rootcause", _of_rootcause),
        ("restart", _of_restart),
        ("addresses", _of_addresses),
        ("planning", _of_planning),
        ("waves", _of_waves),
        ("coverage", _of_coverage),
        ("wallboard", _of_wallboard),
        ("yearReport", _of_year_report),
    ):
        if part in figures:
            found += make(figures[part])
    return found


def _at_least(key: str, words: str, wanted: float, measured: float) -> Target:
    return Target(key, words, f"at least {wanted:g} times less", f"{measured:g} times less", measured >= wanted)


def _at_most(key: str, words: str, wanted: float, measured: float, unit: str) -> Target:
    return Target(key, words, f"at most {wanted:g}{unit}", f"{measured:g}{unit}", measured <= wanted)


def _of_whole_path(part: Tree) -> Iterator[Target]:
    full, paced = part["fullSpeed"]["ratios"], _best_paced(part["paced"])
    wake = f"paced, woken every {paced['wakeSeconds'] * 1000:g} ms"
    for peer, name, most, least in (("snmpExporter", "snmp_exporter", 8, 5), ("pysnmp", "pysnmp", 400, 200)):
        yield _at_least(f"fullSpeed.{peer}", f"full speed, CPU per device against {name}", most, full[peer])
        ratio = round(part["paced"][peer]["microseconds"] / paced["microseconds"], 1)
        yield _at_least(f"paced.{peer}", f"{wake}, against {name}", least, ratio)


def _best_paced(paced: Tree) -> Tree:
    best: Tree = min(paced["kentonganByWake"], key=lambda one: one["microseconds"])
    return best


def _of_country(part: Tree) -> Iterator[Target]:
    said = f"{part['devices']:,} devices every 60 s, {part['rounds']} rounds"
    yield _at_most("country.lost", f"{said}: polls lost", 0, part["pollsLost"], "")
    yield _at_most("country.cpu", f"{said}: of one core", 10, round(100 * part["coreShare"], 2), " %")
    yield _at_most("country.memory", f"{said}: most memory", 600, round(part["peakMebibytes"] * 1.048576, 1), " MB")


def _of_version3(part: Tree) -> Iterator[Target]:
    said = f"SNMPv3 authPriv, {part['devices']:,} devices every 60 s: of one core"
    yield _at_most("version3.cpu", said, 5, round(100 * part["coreShare"], 2), " %")


def _of_exposition(part: Tree) -> Iterator[Target]:
    said = f"a scrape of {part['samples']:,} samples, 5 % of the rows incomplete"
    yield _at_most("exposition.seconds", said, 0.3, part["writeSeconds"], " s")


def _of_startup(part: Tree) -> Iterator[Target]:
    said = f"{part['devices']:,} devices read from the database and ready to poll"
    yield _at_most("startup.ready", said, 20, part["readySeconds"], " s")
    yield _at_most(
        "startup.regions", f"all {part['regions']:,} regions of Indonesia loaded", 10, part["loadSeconds"], " s"
    )


def _of_echoes(part: Tree) -> Iterator[Target]:
    said = f"{part['addresses']:,} addresses pinged each second, {part['rounds']} rounds: falsely down"
    yield _at_most("echoes.false", said, 0, part["falselyDown"], "")


def _of_outage(part: Tree) -> Iterator[Target]:
    ours = part["kentongan"]
    said = f"{ours['cuts']} cuts in a ring of real routers: from the cut to the webhook, p95"
    yield _at_most("outage.p95", said, 5, ours["p95Seconds"], " s")


def _storms(part: Tree) -> list[Tree]:
    return [part[name] for name in STORMS]


def _of_rootcause(part: Tree) -> Iterator[Target]:
    said = f"{part['devices']:,} devices, {part['apart']['dark']:,} dark at once"
    seconds = max(one["explainedCpuSeconds"] for one in _storms(part))
    yield _at_most("rootcause.seconds", f"{said}: explained, CPU", 0.5, seconds, " s")
    event = max(one["eventP99CpuMilliseconds"] for one in _storms(part))
    yield _at_most("rootcause.event", f"{said}: one more event, CPU, p99", 2, event, " ms")


def _of_restart(part: Tree) -> Iterator[Target]:
    said = f"{part['devices']:,} devices, {part['dark']:,} of them dark: from the database to the first decision"
    yield _at_most("restart.decided", said, 30, part["decidedSeconds"], " s")
    said = f"the engine of {part['devices']:,} devices after a storm of {part['fellAtOnce']:,} more: most memory"
    yield _at_most("restart.memory", said, 500, round(part["peakMebibytes"] * 1.048576, 1), " MB")


def _of_addresses(part: Tree) -> Iterator[Target]:
    crowd = part["crowd"]
    yield _at_most("addresses.seconds", f"{part['allocations']:,} allocations from a /8", 20, part["seconds"], " s")
    said = f"{crowd['processes']} processes at once, {crowd['allocations']:,} allocations: given twice"
    yield _at_most("addresses.twice", said, 0, crowd["givenTwice"] + part["overlaps"], "")


def _of_planning(part: Tree) -> Iterator[Target]:
    yield _at_most("planning.seconds", f"{part['sites']:,} sites planned", 30, part["seconds"], " s")


def _of_waves(part: Tree) -> Iterator[Target]:
    said = f"{part['sites']} sites in waves of {part['sideBySide']}, against an Ansible playbook"
    all_done = part["kentongan"]["done"] == part["sites"] and part["ansible"]["done"] == part["sites"] + part["pops"]
    yield Target(
        "waves.ansible", said, "at least 5 times faster", f"{part['times']:g} times", all_done and part["times"] >= 5
    )


def _of_wallboard(part: Tree) -> Iterator[Target]:
    said = f"wallboard of {part['sites']} sites and {part['incidents']} open incidents"
    yield _at_most("wallboard.firstByte", f"{said}, first byte", 50, part["firstByte99Milliseconds"], " ms")
    told = f"{part['watchers']} screens on one core, change seen by all"
    yield _at_most("wallboard.update", told, 1, part["updateWorstSeconds"], " s")


def _of_coverage(part: Tree) -> Iterator[Target]:
    said = f"coverage of {part['villages']:,} villages with {part['entries']:,} stages, any date"
    yield _at_most("coverage.date", said, 1, part["slowestDateSeconds"], " s")


def _of_year_report(part: Tree) -> Iterator[Target]:
    said = f"a year's availability report of {part['sites']:,} sites, as PDF"
    yield _at_most("yearReport.seconds", said, 20, part["seconds"], " s")


def _measured_at(figures: Mapping[str, Tree]) -> str:
    """Parts may be measured apart: which is of which state of the code."""
    parts: dict[str, list[str]] = {}
    for name, part in figures.items():
        parts.setdefault(part.get("commit") or "an earlier one", []).append(name)
    return "Commit: " + "; ".join(f"{commit}: {', '.join(names)}" for commit, names in parts.items()) + "."


def written(document: Tree, found: Sequence[Target]) -> str:
    figures, machine = document["figures"], document["machine"]
    versions = document["versions"]
    lines = [
        "# Performance",
        "",
        "Measured by `make bench`, which writes this page. CPU per device is the figure to trust; devices a second",
        "depend on what else the machine does. Everything runs on the loopback: no network card, no firewall.",
        "",
        "![CPU for one poll of one device, by poller](../images/performance.svg)",
        "",
        f"- Machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gibibytes']} GiB, "
        f"{machine['system']}, kernel {machine['kernel']}, Python {machine['python']}. "
        "The poller has one core, the target the other.",
        f"- Versions: Kentongan {versions['kentongan']}, numpy {versions['numpy']}, snmp_exporter "
        f"{versions['snmp_exporter']}, gufo-snmp {versions['gufo-snmp']}, pysnmp {versions['pysnmp']}, "
        f"Prometheus {versions['prometheus']}, Alertmanager {versions['prometheus-alertmanager']}, blackbox_exporter "
        f"{versions['prometheus-blackbox-exporter']}, FRR {versions['frr']}.",
        f"- Command: `{document['command']}`, {document['date']}, {document['seconds']} s. Load averages beside the "
        f"parts: {', '.join(str(part['loadAverage']) for part in figures.values())}.",
        f"- {_measured_at(figures)}",
        "- One device is a router of 12 interfaces: 122 values in three GETs of 41, 41 and 40.",
        "",
        "## What was wanted, what came",
        "",
        "| figure | wanted | measured | |",
        "|---|---|---|---|",
        *(f"| {one.words} | {one.wanted} | **{one.measured}** | {'met' if one.met else 'missed'} |" for one in found),
        "",
    ]
    missed = [one for one in found if not one.met]
    if missed:
        lines += ["Missed, and why:", ""]
        lines += [f"- {one.words}: {WHY_MISSED.get(one.key, 'cause not yet known.')}" for one in missed]
        lines.append("")
    lines += [*_pollers(figures["wholePath"]), *_stages(figures), *of_cuts(figures["outage"])]
    lines += [*of_storms(figures["rootcause"], figures["restart"], figures["degraded"]), *_rest(figures)]
    return "\n".join(lines)


def _pollers(part: Tree) -> Iterator[str]:
    full, paced = part["fullSpeed"], part["paced"]
    yield from (
        "## One poll of one device",
        "",
        "At full speed: as many devices in flight as the poller likes; each poller three times in turn, the run in",
        "the middle stands, the spread beside it. Ours includes counters, states and a scrape of everything a round;",
        "gufo-snmp and pysnmp only hand over values. snmp_exporter makes 110 samples of the 122 values and a label of",
        "the names of the interfaces.",
        "",
        "| poller | devices | at once | CPU µs per device | of the runs | polls/s | times ours |",
        "|---|---|---|---|---|---|---|",
    )
    for key, words in PEER_WORDS.items():
        one = full[key]
        runs = one.get("microsecondsOfRuns", [one["microseconds"]])
        ratio = "1" if key == "kentongan" else f"{full['ratios'][key]:g}"
        at_once = one.get("atOnce", "4,096 or what the buffer allows")
        yield (
            f"| {words} | {one['devices']:,} | {at_once} | **{one['microseconds']:,}** | "
            f"{min(runs):,} to {max(runs):,} | {one['pollsPerSecond']:,} | {ratio} |"
        )
    yield from (
        "",
        "Paced: each device once in 60 s, evenly, as in real life. Ours wakes up at fixed times; the others are woken",
        "by every packet. One run each.",
        "",
        "| poller | devices | CPU µs per device | of one core | polls lost | times ours |",
        "|---|---|---|---|---|---|",
    )
    best = _best_paced(paced)
    for one in paced["kentonganByWake"]:
        yield _paced_row(f"Kentongan, woken every {one['wakeSeconds'] * 1000:g} ms", one, best)
    for key in list(PEER_WORDS)[1:]:
        yield _paced_row(PEER_WORDS[key], paced[key], best)
    yield ""
    if paced["pysnmp"]["pollsLost"]:
        yield (
            f"pysnmp needs {100 * paced['pysnmp']['coreShare']:.0f} % of the core for {paced['pysnmp']['devices']:,} "
            "devices and falls behind: what waits longer than its timeout of 5 s is lost. Its lost polls are counted "
            "as polls, which flatters it."
        )
        yield ""


def _paced_row(words: str, one: Tree, best: Tree) -> str:
    ratio = f"{one['microseconds'] / best['microseconds']:.1f}"
    return (
        f"| {words} | {one['devices']:,} | **{one['microseconds']:,}** | {100 * one['coreShare']:.2f} % | "
        f"{one['pollsLost']} | {ratio} |"
    )


def _stages(figures: Mapping[str, Tree]) -> Iterator[str]:
    part = figures["wholePath"]
    columns = [("full speed", part["fullSpeed"]["kentongan"])]
    columns += [(f"paced, {one['wakeSeconds'] * 1000:g} ms", one) for one in part["paced"]["kentonganByWake"]]
    columns += [("country", figures["country"]), ("SNMPv3", figures["version3"])]
    yield from (
        "## Where each microsecond goes",
        "",
        "CPU µs per device and poll, ours.",
        "",
        "| stage | " + " | ".join(name for name, _one in columns) + " | what it is |",
        "|---" * (len(columns) + 2) + "|",
    )
    for stage in STAGES:
        numbers = " | ".join(f"{one['stages'][stage]:.1f}" for _name, one in columns)
        yield f"| {stage} | {numbers} | {STAGE_WORDS[stage]} |"
    totals = " | ".join(f"**{one['microseconds']:.1f}**" for _name, one in columns)
    yield f"| together | {totals} | |"
    yield ""


def of_cuts(part: Tree) -> Iterator[str]:
    ours = part["kentongan"]
    yield from (
        "## From a cut to the first word of it",
        "",
        "Links of a ring of real routers (FRR, OSPF) with sites behind are cut at moments chosen by a die; the poller",
        f"is in the ring itself. One echo a device each {part['icmpSeconds']} s, three lost ones are silence, a settle "
        f"window of {part['settleSeconds']} s",
        "in place of a group wait. In a hurry: an echo is given up after 0.3 s and asked again at once, and that",
        "counts (`icmp_timeout_seconds`, `icmp_recheck_seconds`). As shipped an echo is waited for 3 s, as a satellite",
        "needs. The three of Prometheus scrape every 15 s, the rule says `for: 1m`, the group wait is 0 (not 30 s).",
        "",
        "| who | cuts | p50 s | p95 s | slowest s |",
        "|---|---|---|---|---|",
    )
    for key, words in (
        ("kentongan", "Kentongan in a hurry"),
        ("patient", "Kentongan, echoes as shipped"),
        ("alertmanager", "blackbox_exporter, Prometheus, Alertmanager"),
    ):
        one = part[key]
        yield f"| {words} | {one['cuts']} | {one['p50Seconds']:g} | **{one['p95Seconds']:g}** | {one['maxSeconds']:g} |"
    yield from (
        "",
        f"Of the {ours['cuts']} cuts {ours['named']} were laid to the link that was cut, alone or with what cannot be "
        f"told from it; {ours['moreNotices']} notices came beside one `opened` and one `resolved` each; up to "
        f"{ours['darkMost']} devices were dark at once.",
        "",
    )


def of_storms(rootcause: Tree, restart: Tree, degraded: Tree) -> Iterator[str]:
    yield from (
        "## A country in the dark",
        "",
        f"A network of the country's size ({rootcause['devices']:,} devices, {rootcause['causes']:,} possible causes,",
        "rings at the level of kecamatan), and so many devices dark at once; then one more event at a time.",
        "",
        "| dark | devices | explanations | CPU s | one more, median ms | p99 CPU ms |",
        "|---|---|---|---|---|---|",
    )
    for name, words in STORMS.items():
        one = rootcause[name]
        yield (
            f"| {words} | {one['dark']:,} | {one['explanations']:,} | **{one['explainedCpuSeconds']:g}** | "
            f"{one['eventMedianMilliseconds']:g} | **{one['eventP99CpuMilliseconds']:g}** |"
        )
    yield from (
        "",
        f"Started anew from the database with {restart['dark']:,} devices dark and {restart['openIncidents']:,} open "
        f"incidents: decided after {restart['decidedSeconds']:g} s, {restart['readSeconds']:g} s of that reading. "
        f"The whole engine (states, root cause, desk, telling) with {restart['openAfter']:,} incidents open takes one "
        f"device more in {restart['oneMoreMedianCpuMilliseconds']:g} ms of CPU; its longest turn in the storm took "
        f"{restart['longestTurnCpuMilliseconds']:g} ms.",
        "",
        f"Watching for what is only degraded costs {degraded['sweepMicroseconds']:g} µs a poll of {degraded['values']} "
        f"values and {degraded['echoMicroseconds']:g} µs an echo, {degraded['unchangedMicroseconds']:g} µs a turn in "
        "which nothing has changed.",
        "",
    )


def _rest(figures: Mapping[str, Tree]) -> Iterator[str]:
    country, version3, scrape = figures["country"], figures["version3"], figures["exposition"]
    startup, echoes = figures["startup"], figures["echoes"]
    shares = ", ".join(f"{100 * share:.1f} %" for share in country["coreShares"])
    yield from (
        "## The others",
        "",
        f"- **A country.** {country['devices']:,} devices every 60 s, woken every {country['wakeSeconds'] * 1000:g} ms;"
        f" answers after 25 to 75 ms, 2 % of the round trips lost. {country['polls']:,} polls, {country['pollsLost']} "
        f"lost, {country['retries']:,} requests repeated, {country['valuesPerPoll']:g} values a poll. Of one core by "
        f"round: {shares}. Samples are kept for {country['series']:,} series and not rendered: a country is scraped "
        "by zone. The memory is that of the whole service with its inventory.",
        f"- **SNMPv3 authPriv** (SHA-1, AES-128, an engine of its own each). {version3['devices']:,} devices every "
        f"60 s: {100 * version3['coreShare']:.1f} % of one core, {version3['microseconds']:g} µs a poll, "
        f"{version3['pollsLost']} lost.",
        f"- **A scrape.** {scrape['samples']:,} samples with timestamps: {scrape['writeSeconds']:g} s, "
        f"{scrape['writeMicrosecondsPerSample']:g} µs each; with gzip {scrape['writeGzipSeconds']:g} s.",
        f"- **Start.** {startup['devices']:,} devices with {startup['cells']:,} values to ask for: ready in "
        f"{startup['readySeconds']:g} s. {startup['regions']:,} regions loaded in {startup['loadSeconds']:g} s.",
        f"- **ICMP.** {echoes['echoes']:,} echoes in {echoes['rounds']} rounds by {echoes['by']}: "
        f"{echoes['lost']} lost, {echoes['microseconds']:g} µs each, {100 * echoes['coreShare']:.1f} % of one core.",
    )
    if "addresses" in figures:
        yield _addresses(figures["addresses"])
    if "planning" in figures:
        part = figures["planning"]
        yield (
            f"- **Plans.** {part['sites']:,} sites, with allocation, {part['configurations']:,} configurations and "
            f"{part['differences']:,} differences: {part['seconds']:g} s, {part['cpuSeconds']:g} s of CPU."
        )
    if "coverage" in figures:
        part = figures["coverage"]
        yield (
            f"- **Coverage.** {part['villages']:,} villages, {part['entries']:,} stages: read from SQLite once in "
            f"{part['openSeconds']:g} s; any of {part['dates']} dates with its evidence, whole and by "
            f"{part['districts']:,} kecamatan, in {part['slowestDateSeconds']:g} s at most "
            f"({part['slowestDateCpuSeconds']:g} s of CPU)."
        )
    if "wallboard" in figures:
        part = figures["wallboard"]
        yield (
            f"- **Wallboard.** {part['sites']} sites, {part['incidents']} open incidents, {part['watchers']} screens: "
            f"first byte after {part['firstByteMedianMilliseconds']:g} ms ({part['firstByte99Milliseconds']:g} ms for "
            f"99 of 100); {part['changes']} changes, from the commit until a screen holds the new board "
            f"({part['boardKilobytes']:g} kB) {part['updateMedianSeconds']:g} s, {part['updateWorstSeconds']:g} s for "
            "the last of all."
        )
    if "yearReport" in figures:
        part = figures["yearReport"]
        yield (
            f"- **A year's report.** {part['sites']:,} sites, {part['changes']:,} changes of state, "
            f"{part['incidents']:,} incidents: availability as PDF ({part['kilobytes']:,} kB) in {part['seconds']:g} s "
            f"({part['cpuSeconds']:g} s of CPU); incidents and their causes in {part['incidentsSeconds']:g} s."
        )
    if "waves" in figures:
        yield _waves(figures["waves"])
    yield ""


def _waves(part: Tree) -> str:
    ours, theirs = part["kentongan"], part["ansible"]
    return (
        f"- **Waves.** {part['sites']} sites and their parts of {part['pops']} PoPs on simulated RouterOS, "
        f"{part['sideBySide']} side by side: {ours['seconds']:g} s, {ours['cpuSeconds']:g} s of CPU, with addresses, "
        "checks, backups, inventory and acceptance sheets. The same lines on the same devices by Ansible "
        f"({theirs['ansibleCore']}, community.routeros over network_cli, as many forks), without any of that: "
        f"{theirs['seconds']:g} s, {theirs['cpuSeconds']:g} s of CPU. The devices took {ours['gearCpuSeconds']:g} and "
        f"{theirs['gearCpuSeconds']:g} s of CPU of the same machine."
    )


def _addresses(part: Tree) -> str:
    crowd = part["crowd"]
    return (
        f"- **Addresses.** {part['allocations']:,} prefixes from a /8 in waves of a hundred sites, each wave one "
        f"transaction: {part['seconds']:g} s, {part['cpuSeconds']:g} s of CPU. A site of ten in a transaction of its "
        f"own: {part['siteMilliseconds']:g} ms, a single one {part['singleMilliseconds']:g} ms, on a disk that takes "
        f"{part['diskSyncMilliseconds']:g} ms to be sure. {crowd['processes']} processes at once: "
        f"{crowd['allocations']:,} in {crowd['seconds']:g} s, {crowd['givenTwice']} given twice."
    )
