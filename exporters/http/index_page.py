"""The page at `/`: links to what is there. It loads nothing from anywhere."""

from html import escape

from domain.language import _, active_language

_STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1c1c1a}"
    "dt{font-family:ui-monospace,monospace}dd{margin:0 0 .8rem}"
    "@media(prefers-color-scheme:dark){body{background:#161614;color:#ececea}a{color:#8ab4f8}}"
)


def index_page(version: str) -> str:
    """HTML in the active language."""
    entries = (
        ("/metrics", _("the figures, for Prometheus")),
        ("/sd/prometheus", _("where Prometheus finds them (http_sd)")),
        ("/healthz", _("whether the process lives")),
        ("/readyz", _("whether it works, and if not, why")),
    )
    items = "".join(f'<dt><a href="{path}">{path}</a></dt><dd>{escape(text)}</dd>' for path, text in entries)
    return (
        f'<!doctype html><html lang="{active_language()}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Kentongan</title>'
        f"<style>{_STYLE}</style><h1>Kentongan {escape(version)}</h1><dl>{items}</dl></html>"
    )
