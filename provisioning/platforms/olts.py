"""OLTs: ZTE C3xx (`show running-config`) and Huawei MA56xx (`display current-configuration`)."""

from domain.shell import Dialect, Question, Reading
from provisioning.platforms import vrp
from provisioning.platforms.platform import ConfigPlatform, Layout, Ways, taken_back


def _zte_reading(_version: str) -> Reading:
    return Reading(("show running-config",), end=r"^(?:end|!</[\w-]+>)$", begin=r"^(?:!|hostname )", seconds=150)


def _zte_undo(line: str) -> str:
    return taken_back(line, "no")


def _huawei_reading(_version: str) -> Reading:
    return Reading(("display current-configuration",), end=r"^return$", begin=r"^ *#", seconds=150)


ZTE_OLT = ConfigPlatform(
    name="zte-olt",
    profile="zte-olt",
    layout=Layout.INDENTED,
    dialect=Dialect(driver="zte_zxros", privileged=True, questions=(Question(r"\[yes/no\]:? ?$", "no"),)),
    reading=_zte_reading,
    volatile=(
        r"^Building configuration\.\.\.",
        r"^Current configuration *:",
        r"^! ?(?:Last configuration|Time|System time|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d)",
        r"^!?\s*timestamp[_ ]write",
    ),
    secrets=(
        r"\b(?:password|secret)(?: encrypted| \d)? (?P<secret>\S+)",
        r"\bsnmp-server community(?: encrypted)? (?P<secret>\S+)",
        r"\bsnmp-server (?:trap-)?host .*\b(?:version \S+|trap) (?P<secret>\S+)",
        r"\bsnmp-server user .*\b(?:auth (?:md5|sha)|priv \S+)(?: encrypted)? (?P<secret>\S+)",
        r"\b(?:wpa-key|wlan-key|key|shared-key|tacacs-server key|radius-server key)(?: encrypted)? (?P<secret>\S+)",
        r"\bpppoe .*\buser \S+ password (?P<secret>\S+)",
    ),
    ways=Ways(
        arm=(),
        disarm=(),
        save=("write",),
        enter=("configure terminal",),
        leave=("end",),
        undo=_zte_undo,
    ),
)

HUAWEI_OLT = ConfigPlatform(
    name="huawei-olt",
    profile="huawei-olt",
    layout=Layout.INDENTED,
    dialect=Dialect(
        driver="huawei_smartax",
        privileged=True,
        questions=(Question(r"\{ ?<cr>.*\}:? ?$", ""), Question(r"\(y/n\) ?\[n\]:? ?$", "n")),
    ),
    reading=_huawei_reading,
    comment="#",
    volatile=(r"^\[[\w./]+: ?\d+\]$", r"^ *#?!.*(?:updated|saved) at ", r"^ *<pre-config>", r"^ *Saving completed"),
    secrets=(
        *vrp.SECRETS,
        r"\bterminal user name .*? \S+ (?P<secret>\*\S+\*)",
        r"\bpassword-auth \"?(?P<secret>[^\s\"]+)",
        r"\bloid-auth \"?\S+?\"? .*\bpassword-auth \"?(?P<secret>[^\s\"]+)",
    ),
    ways=Ways(arm=(), disarm=(), save=("save",), enter=("config",), leave=("return",), undo=vrp.undo),
)
