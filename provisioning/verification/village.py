"""Checks asked on the router itself, because they are about what the village sees: names and applications."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.changes import Checked
from domain.intent import DeviceIntent, Platform, SiteIntent
from domain.language import _
from domain.shell import Command, ShellError
from provisioning.verification.ground import Ground, concluded, routers, unchecked


@dataclass(frozen=True, slots=True)
class Question:
    """line: with {name} or {url}. good: what stands in the answer if it worked."""

    line: str
    good: str
    seconds: float = 40.0


# A resolver that fails still names its server, so that an address alone proves nothing.
LOOKUPS: Final[Mapping[Platform, Question]] = {
    Platform.ROUTEROS: Question(":put [:resolve {name}]", r"(?m)^\s*(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]+:[0-9a-f:]+)\s*$"),
    Platform.FRR: Question("getent ahosts {name}", r"(?m)^(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+)\s"),
    Platform.OPENWRT: Question("nslookup {name}", r"Name:\s*\S+\s+Address\S*(?: \d+)?:\s*[0-9a-f]"),
    Platform.IOS: Question("ping {name} repeat 1 timeout 1", r"Echos to (?:\d+\.\d+\.\d+\.\d+|[0-9A-F]*:[0-9A-F:]+)"),
    Platform.VRP: Question("ping -c 1 {name}", r"PING \S+ \(?\d+\.\d+\.\d+\.\d+\)?:"),
}
FETCHES: Final[Mapping[Platform, Question]] = {
    Platform.ROUTEROS: Question('/tool fetch url="{url}" output=none', r"status: finished"),
    Platform.FRR: Question("curl -fsSL -m 15 -o /dev/null '{url}' && echo fetched", r"(?m)^fetched\s*$"),
    Platform.OPENWRT: Question("uclient-fetch -q -T 15 -O /dev/null '{url}' && echo fetched", r"(?m)^fetched\s*$"),
}


# The device has no such command: that says nothing of the village.
LACKING: Final = re.compile(
    r"(?m)^\S*sh: .*not found|command not found|bad command name|expected end of command|Unrecognized command|"
    r"Invalid input detected"
)


def dns(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The router finds the address of a name (changes.dns_name)."""
    for device in routers(intent):
        question = LOOKUPS.get(device.platform) if device.platform else None
        if question is None or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", ground.dns_name):
            yield unchecked("dns", _("no name to look up, or no command for it on this platform"), device)
            continue
        line = question.line.format(name=ground.dns_name)
        yield _asked("dns", device, ground, question, line, {"name": ground.dns_name})


def services(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The router fetches each application that the site needs (services.csv)."""
    for device in routers(intent):
        for code in intent.services:
            url = ground.urls.get(code, "")
            question = FETCHES.get(device.platform) if device.platform else None
            if question is None or not _is_plain(url):
                why = _("{service} has no address, or the platform no command for it").format(service=code)
                yield unchecked("services", why, device)
                continue
            line = question.line.format(url=url)
            yield _asked("services", device, ground, question, line, {"service": code, "url": url})


def _asked(
    name: str, device: DeviceIntent, ground: Ground, question: Question, line: str, evidence: dict[str, object]
) -> Checked:
    try:
        with ground.shell(device.name) as shell:
            said = shell.run(Command(line, question.seconds)).text
    except ShellError as error:
        return unchecked(name, str(error), device)
    last = " ".join(said.split())[-200:]
    works = re.search(question.good, said)
    if not works and LACKING.search(said):
        return unchecked(name, _("the router does not know the command: {said}").format(said=last), device)
    why = "" if works else _("the router says: {said}").format(said=last or "-")
    return concluded(name, device, why, {**evidence, "answer": last})


def _is_plain(url: str) -> bool:
    return url.startswith(("http://", "https://")) and not set(url) & set("'\"\\$`; \n\r[]{}")
