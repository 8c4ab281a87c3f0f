"""Huawei VRP 5 and 8, from `display current-configuration` (Huawei, Basic Configuration Command Reference)."""

from domain.shell import Dialect, Question, Reading
from provisioning.platforms.platform import ConfigPlatform, Layout, Ways, taken_back

SECRETS = (
    r"\b(?:cipher|irreversible-cipher|simple|plain|hash)(?: \d)? (?P<secret>[^\s]+)",
    r"\bsnmp-agent community (?:read|write)(?: cipher| simple)? (?P<secret>\S+)",
    r"\bsnmp-agent target-host .*\bsecurityname (?:cipher )?(?P<secret>\S+)",
    r"\bsnmp-agent usm-user v3 .*\b(?:authentication-mode|privacy-mode) \S+ (?:cipher )?(?P<secret>\S+)",
    r"\b(?:shared-key|pre-shared-key)(?: cipher| simple)? (?P<secret>\S+)",
    r"\b(?:password|key)(?: cipher| simple| irreversible-cipher) (?P<secret>\S+)",
)


def reading(_version: str) -> Reading:
    return Reading(("display current-configuration",), end=r"^return$", begin=r"^#$", seconds=120)


def undo(line: str) -> str:
    return taken_back(line, "undo")


VRP = ConfigPlatform(
    name="huawei-vrp",
    profile="huawei-vrp",
    layout=Layout.INDENTED,
    dialect=Dialect(driver="huawei_vrp", questions=(Question(r"\[Y/N\]:? ?$", "n"),)),
    reading=reading,
    comment="#",
    asks="display version",
    version=r"VRP \(R\) software, Version (\d+\.\d+)",
    volatile=(
        r"^!(?:Last configuration was|Software Version|The device is)",
        r"^ *#?!.*(?:updated|saved) at ",
        r"^ *clock datetime ",
        r"^ *device board \d+ .*uptime",
    ),
    secrets=SECRETS,
    changed_by=r"^!Last configuration was updated at .* by (?P<who>\S+)$",
    ways=Ways(
        arm=("save kentongan-before.cfg", "schedule reboot delay 10"),
        disarm=("undo schedule reboot",),
        save=("save",),
        enter=("system-view",),
        leave=("return",),
        undo=undo,
    ),
)
