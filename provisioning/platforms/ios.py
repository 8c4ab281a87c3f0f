"""Cisco IOS and IOS-XE, from `show running-config` (Cisco, Configuration Fundamentals Command Reference)."""

from domain.shell import Dialect, Question, Reading
from provisioning.platforms.platform import ConfigPlatform, Layout, Ways, taken_back

UNEXPECTED = Question(r"\[confirm\] ?$", "n")


def reading(_version: str) -> Reading:
    return Reading(("show running-config",), end=r"^end$", begin=r"^(?:version |hostname )", seconds=120)


def undo(line: str) -> str:
    return taken_back(line, "no")


IOS = ConfigPlatform(
    name="cisco-ios",
    profile="cisco-ios",
    layout=Layout.INDENTED,
    dialect=Dialect(driver="cisco_ios", questions=(UNEXPECTED,), privileged=True),
    reading=reading,
    volatile=(
        r"^Building configuration\.\.\.",
        r"^Current configuration *:",
        r"^! Last configuration change at ",
        r"^! NVRAM config last updated at ",
        r"^! No configuration change since ",
        r"^Using \d+ out of \d+ bytes",
        r"^ntp clock-period ",
        r"^Load for five secs",
        r"^Time source is ",
    ),
    secrets=(
        r"\b(?:password|secret)(?: level \d+)?(?: \d{1,2})? (?P<secret>\S+)$",
        r"^(?:enable (?:password|secret)|username \S+ .*\b(?:password|secret))(?: \d{1,2})? (?P<secret>\S+)",
        r"^snmp-server community (?P<secret>\S+)",
        r"^snmp-server host .*?(?:version (?:1|2c|3 (?:auth|noauth|priv)) )(?P<secret>\S+)",
        r"^snmp-server user .*\bauth (?:md5|sha|sha-2 \d+)(?: \d)? (?P<secret>\S+)",
        r"^snmp-server user .*\bpriv (?:des|3des|aes(?: \d+)?) (?P<secret>\S+)",
        r"\bkey-string(?: \d)? (?P<secret>\S+)",
        r"^(?:tacacs|radius)-server .*\bkey(?: \d)? (?P<secret>\S+)",
        r"^\s+key (?:\d )?(?P<secret>(?!\d{1,3}$)\S+)$",
        r"\b(?:wpa-psk|pre-shared-key)(?: ascii| hex| address \S+)?.*?(?: \d)? (?P<secret>\S+)$",
        r"^crypto isakmp key(?: \d)? (?P<secret>\S+) ",
        r"\bip ospf (?:authentication-key|message-digest-key \d+ md5)(?: \d)? (?P<secret>\S+)",
        r"\bneighbor \S+ password(?: \d)? (?P<secret>\S+)",
        r"\bstandby (?:\d+ )?authentication(?: md5 key-string)?(?: \d)? (?P<secret>\S+)$",
        r"\bppp (?:chap|pap) .*password(?: \d)? (?P<secret>\S+)",
    ),
    changed_by=r"^! Last configuration change at .* by (?P<who>\S+)$",
    ways=Ways(
        arm=("copy running-config flash:kentongan-before.cfg", "reload in 10"),
        disarm=("reload cancel",),
        save=("copy running-config startup-config",),
        enter=("configure terminal",),
        leave=("end",),
        undo=undo,
    ),
)
