"""Whose a host name is: the registrable domain, and whether a redirect leads to somebody else.

A short table instead of the whole public suffix list: what Indonesian offices use and where squatters sit. An unknown
country's `co.xx` is taken as a suffix too. Pure.
"""

from collections.abc import Collection
from ipaddress import ip_address

_UNDER_COUNTRY = frozenset(
    (
        *("ac", "biz", "co", "com", "desa", "edu", "go", "gob", "gouv", "gov", "govt", "mil", "my"),
        *("ne", "net", "nom", "nsw", "or", "org", "ponpes", "sch", "web"),
    )
)
# Anybody may have a name under these, so what lies under them belongs to nobody in common.
_SHARED = frozenset(
    (
        "blogspot.com",
        "github.io",
        "gitlab.io",
        "herokuapp.com",
        "netlify.app",
        "pages.dev",
        "r2.dev",
        "vercel.app",
        "web.app",
        "weebly.com",
        "wixsite.com",
        "wordpress.com",
        "workers.dev",
    )
)


def registrable_domain(host: str) -> str:
    """`portal.purwakartakab.go.id` → `purwakartakab.go.id`; an address or a single label is its own."""
    name = host.strip("[]").rstrip(".").lower()
    labels = name.split(".")
    if _is_address(name) or len(labels) < 3:
        return name
    suffix = ".".join(labels[-2:])
    is_suffix = suffix in _SHARED or (len(labels[-1]) == 2 and labels[-2] in _UNDER_COUNTRY)
    return ".".join(labels[-3:] if is_suffix else labels[-2:])


def is_foreign(host: str, home: str, trusted: Collection[str] = ()) -> bool:
    """Whether `host` is neither `home`, nor of the same registrable domain, nor one of the `trusted` hosts."""
    name, own = host.strip("[]").rstrip(".").lower(), home.strip("[]").rstrip(".").lower()
    return name != own and name not in trusted and registrable_domain(name) != registrable_domain(own)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
