"""What the simulated applications say: their own page, and the pages that faults put in its place. Pure."""

from html import escape
from zlib import crc32

from lab.services.plan import AppPlan

FOREIGN_URL = "https://slot-gacor-maxwin.example/daftar"
_SPAM = "slot gacor hari ini situs judi slot online terpercaya bonus new member rtp live maxwin"


def page(app: AppPlan) -> str:
    """The home page, or the one behind its login redirect."""
    return _html(
        app.name,
        f"<h1>{escape(app.name)}</h1><p>Aplikasi simulasi milik {escape(app.owner)}. Imbauan: waspada judi online.</p>"
        f"<form action='/masuk'><input name=nip><button>Masuk</button></form>",
    )


def defaced_page(app: AppPlan) -> str:
    return _html(f"{app.name} - SLOT GACOR MAXWIN", f"<h1>Hacked by Simulasi</h1><p>{_SPAM}</p>")


def cloaked_page(app: AppPlan) -> str:
    """As injected for search engines: the old page with hidden links in it."""
    links = f"<div style='position:absolute;left:-9999px'><a href='{FOREIGN_URL}'>{_SPAM}</a></div>"
    return page(app).replace("</body>", f"{links}</body>")


def redirects_to_login(app: AppPlan) -> bool:
    """One in three sends visitors to /masuk first, as such applications do."""
    return crc32(app.code.encode()) % 3 == 0


def _html(title: str, body: str) -> str:
    return (
        f"<!doctype html><html lang=id><head><meta charset=utf-8><title>{escape(title)}</title></head>"
        f"<body>{body}</body></html>"
    )
