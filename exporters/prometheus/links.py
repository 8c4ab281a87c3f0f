"""Recording rules of links, and alerts on what fills up or runs out: capacity, quotas, contracts.

Faults are told by incidents, not here. A link is measured at its a end, the one of the site it serves; where nothing
is measured there, at the router behind it; else at its z end with the directions turned round.
"""

from exporters.catalogue import places, services
from exporters.catalogue.polled import INTERFACES, SENSORS
from exporters.prometheus.shapes import Alert, Group, Recording

LINK_LABELS = "link, site, medium, purpose, provider, contract"
_PORT = "device, interface"
_INFO, _UPLINK = places.LINK_INFO.name, places.SITE_UPLINK.name
_SPEED_NOW = "device_interface:kentongan_{}_bits_per_second:rate"
_OPTICAL = next(metric.name for metric in SENSORS if metric.name.endswith("optical_power_dbm"))
_OPER = next(metric.name for metric in INTERFACES if metric.name.endswith("oper_status"))
_DAY = 86400
_OTHER_WAY = {"receive": "transmit", "transmit": "receive"}


def _at_port(end: str, expr: str) -> str:
    """Of every link, what `expr` (one value a port) says of its port at this end."""
    return f'max by ({LINK_LABELS}) ({_INFO}{{end="{end}"}} * on ({_PORT}) group_left () {expr})'


def _rate(direction: str) -> str:
    mine, turned = _SPEED_NOW.format(direction), _SPEED_NOW.format(_OTHER_WAY[direction])
    return f"{_at_port('a', mine)} or {_behind(mine)} or {_at_port('z', turned)}"


def _behind(expr: str) -> str:
    """Of a link, what `expr` says of the port of its site's router: the box at its end may be one that nobody asks."""
    router = f"max by (link) ({_UPLINK} * on ({_PORT}) group_left () {expr})"
    return f"max by ({LINK_LABELS}) ({_INFO} * on (link) group_left () {router})"


def _of_site(direction: str) -> str:
    """A site's traffic is that of its router's ways out; without a router that is asked, that of its links."""
    mine = f"sum by (site) ({_UPLINK} * on ({_PORT}) group_left () {_SPEED_NOW.format(direction)})"
    return f'{mine} or sum by (site) ({rate_of(direction)}{{site!="",medium!~"copper|vpn"}})'


def rate_of(direction: str) -> str:
    """The name of a link's rate in bit/s: receive or transmit, as its site sees it."""
    return f"link:kentongan_{direction}_bits_per_second:rate"


def average_of(direction: str) -> str:
    return f"link:kentongan_{direction}_bits_per_second:avg5m"


UTILISATION = "link:kentongan_utilisation:ratio"
_SHARES = tuple(
    f"{rate_of(direction)} / on (link) group_left () (8 * {places.LINK_CAPACITY.name})" for direction in _OTHER_WAY
)

LINKS_GROUP = Group(
    "kentongan-links",
    (
        *(Recording(rate_of(direction), _rate(direction)) for direction in _OTHER_WAY),
        *(
            Recording(f"site:kentongan_{direction}_bits_per_second:rate", _of_site(direction))
            for direction in _OTHER_WAY
        ),
        # The fuller of the two directions.
        Recording(UTILISATION, f"({_SHARES[0]} >= {_SHARES[1]}) or ({_SHARES[1]}) or ({_SHARES[0]})"),
        Recording(
            "link:kentongan_up:bool",
            f"min by ({LINK_LABELS}) ({_INFO} * on ({_PORT}) group_left () ({_OPER} == bool 1))",
        ),
        # The weaker end. What an OLT says of its ONUs is not the light of its own port.
        Recording(
            "link:kentongan_optical_receive_dbm:min",
            f"min by ({LINK_LABELS}) ({_INFO} * on ({_PORT}) group_left () "
            f'min by ({_PORT}) ({_OPTICAL}{{sensor=~".*Rx",sensor!~"ON[UT] .*",interface!=""}}))',
        ),
        Recording(
            "provider:kentongan_up:ratio",
            f'avg by (provider, contract) ({_INFO}{{end="a",provider!=""}} * on (device) group_left () '
            "device:kentongan_up:bool)",
        ),
    ),
)

_P95_WEEK = "link:kentongan_utilisation:p95_7d"
_P95_DAY = "link:kentongan_utilisation:p95_1d"
FORECAST = "link:kentongan_utilisation:forecast90d"
METERED = "link:kentongan_metered_bytes:increase30d"
_METERED_NOW = "link:kentongan_metered_bytes:total"
_BOTH_WAYS = "({} + {})".format(*(metric.name for metric in INTERFACES if metric.name.endswith("_bytes_total")))

CAPACITY_GROUP = Group(
    "kentongan-capacity",
    (
        # What a provider bills by is made of averages of five minutes. A rate is one already, taken every five minutes
        # by this group's interval: the mean of rates would be one of ten, and level a burst of five.
        *(Recording(average_of(way), rate_of(way)) for way in _OTHER_WAY),
        Recording("link:kentongan_utilisation:avg5m", UTILISATION),
        *(
            Recording(
                f"link:kentongan_{way}_bits_per_second:p95_7d", f"quantile_over_time(0.95, {average_of(way)}[7d])"
            )
            for way in _OTHER_WAY
        ),
        Recording(_P95_WEEK, "quantile_over_time(0.95, link:kentongan_utilisation:avg5m[7d])"),
        Recording(_P95_DAY, "quantile_over_time(0.95, link:kentongan_utilisation:avg5m[1d])"),
        *(
            Recording(f"link:kentongan_{way}_bits_per_second:avg1h", f"avg_over_time({average_of(way)}[1h])")
            for way in _OTHER_WAY
        ),
        *(
            Recording(
                f"link:kentongan_{way}_bits_per_second:busy_hour1d",
                f"max_over_time(link:kentongan_{way}_bits_per_second:avg1h[1d])",
            )
            for way in _OTHER_WAY
        ),
        *(
            Recording(
                f"site:kentongan_{way}_bits_per_second:avg1h",
                f"avg_over_time(site:kentongan_{way}_bits_per_second:rate[1h])",
            )
            for way in _OTHER_WAY
        ),
        *(
            Recording(
                f"site:kentongan_{way}_bits_per_second:busy_hour1d",
                f"max_over_time(site:kentongan_{way}_bits_per_second:avg1h[1d])",
            )
            for way in _OTHER_WAY
        ),
        # A straight line through four weeks; of less than one week nothing is foretold.
        Recording(
            FORECAST,
            f"clamp_min(predict_linear({_P95_DAY}[28d], {90 * _DAY}), 0) and on (link) ({_P95_DAY} offset 7d)",
        ),
        # Both counters of a port begin anew together, so that their sum is a counter too.
        Recording(
            _METERED_NOW,
            f"({_at_port('a', _BOTH_WAYS)} or {_at_port('z', _BOTH_WAYS)}) and on (link) {places.LINK_QUOTA.name}",
        ),
        Recording(METERED, f"increase({_METERED_NOW}[30d])"),
    ),
    interval="5m",
)

_LEFT = f"{places.CONTRACT_END.name} - time()"
_MONTH = f'label_replace({services.MONTH_AVAILABILITY.name}{{by="provider"}}, "provider", "$1", "key", "(.+)")'
_SEEN = f'label_replace({services.MONTH_COMPLETENESS.name}{{by="provider"}}, "provider", "$1", "key", "(.+)")'

PLANS_GROUP = Group(
    "kentongan-plans",
    (
        Alert(
            "KentonganLinkBusy",
            f"{_P95_WEEK} > 0.8",
            "6h",
            "warning",
            "Link {{ $labels.link }} was {{ $value | humanizePercentage }} full for an hour and more a day this week",
            "The 95th percentile of a week's five-minute averages is over 80 % of its capacity.",
        ),
        Alert(
            "KentonganLinkFullSoon",
            f"{FORECAST} > 1 unless on (link) {_P95_WEEK} > 0.8",
            "1d",
            "info",
            "Link {{ $labels.link }} will be full within three months if it goes on like this",
            "A straight line through four weeks of its daily 95th percentiles passes its capacity.",
        ),
        Alert(
            "KentonganQuotaNearlySpent",
            f"{METERED} / on (link) group_left () {places.LINK_QUOTA.name} > 0.8",
            "1h",
            "warning",
            "Link {{ $labels.link }} has carried {{ $value | humanizePercentage }} of its quota in 30 days",
            "Beyond its quota a provider slows the line down or bills it by the gigabyte.",
        ),
        Alert(
            "KentonganContractEnding",
            f"{_LEFT} < {60 * _DAY}",
            "1h",
            "info",
            "Contract {{ $labels.contract }} with {{ $labels.provider }} ends in {{ $value | humanizeDuration }}",
            "Procurement takes two months. What hangs on a contract that has ended may be switched off any day.",
        ),
        Alert(
            "KentonganSlaMissed",
            f"{_MONTH} < on (provider) group_left () min by (provider) ({places.CONTRACT_SLA.name}) "
            f"and on (provider) {_SEEN} > 0.9",
            "1h",
            "info",
            "{{ $labels.provider }} is at {{ $value | humanizePercentage }} this month, less than its contract says",
            "More than nine tenths of its service hours were seen, so this is no gap in our own watching.",
        ),
    ),
)
