"""Templates filled for whoever asks: words in their language, numbers of this kabupaten, nothing unescaped."""

from datetime import tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from console.entrance import Visitor
from console.ports import Look, Place
from console.views.charts import span_word, titles
from console.views.incident import act_word
from console.views.rows import shape_of
from console.views.silence import silence_said
from console.views.speech import clock, number, whole_day
from console.web.sheet import sorted_at
from domain.accounts import Right, may, sees
from domain.language import _, active_language, n_
from domain.network import Medium
from domain.network.words import medium_word
from domain.states import State

STATIC: Final = Path(__file__).parent.parent / "static"


class Pages:
    def __init__(self, place: Place, zone: tzinfo) -> None:
        self._place = place
        self._zone = zone
        self._environment = Environment(
            loader=PackageLoader("console"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_gettext_callables(_, n_, newstyle=False)  # type: ignore[attr-defined]
        self._environment.globals.update(
            State=State, Right=Right, may=may, sees=sees, number=number, version=_version(), place=place,
            shape_of=shape_of,
            silence_said=silence_said,
            act_word=act_word,
            medium_word=_medium,
            chart_titles=titles,
            span_word=span_word,
            sorted_at=sorted_at,
        )  # fmt: skip

    def page(
        self,
        request: Request,
        template: str,
        visitor: Visitor | None,
        look: Look | None,
        status: int = 200,
        **more: Any,
    ) -> HTMLResponse:
        """look: what the page shows, for the line that says how fresh it is."""
        return HTMLResponse(self.text(request, template, visitor, look, **more), status)

    def text(self, request: Request, template: str, visitor: Visitor | None, look: Look | None, **more: Any) -> str:
        """The page, or a part of one, as it is sent."""
        values = {
            "request": request,
            "visitor": visitor,
            "look": look,
            "live": clock(look.at, self._zone) if look else "",
            "zone_name": f"{look.at.astimezone(self._zone):%Z}" if look else "",
            "live_day": whole_day(look.at.astimezone(self._zone).date()) if look else "",
            "silent_since": clock(look.silent_since, self._zone) if look and look.silent_since else "",
            "language": active_language(),
            **more,
        }
        return self._environment.get_template(template).render(values)


def _medium(value: str) -> str:
    """By the word of the import; one that is not known stays as it is."""
    return medium_word(Medium(value)) if value in set(Medium) else value


def _version() -> str:
    """Of the static files together: browsers keep them until they differ."""
    digest = sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
