"""What somebody typed into a form that could not be taken: shown again, so that it is not lost. Never a password."""

from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from console.web.guard import is_same_origin

SECRET: Final = frozenset({"form_key", "password", "old", "new", "again"})
MOST_FIELDS: Final = 20


@dataclass(frozen=True, slots=True)
class Typed:
    """path: to which it was sent. fields: in their order; long: those that a person wrote."""

    path: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def long(self) -> tuple[str, ...]:
        return tuple(value for _name, value in self.fields if " " in value.strip() or "\n" in value)


async def typed_in(request: Request) -> Typed | None:
    """None where there was no form of one of our own pages, or it held a password."""
    kind = request.headers.get("content-type", "")
    if request.method != "POST" or not kind.startswith("application/x-www-form-urlencoded"):
        return None
    if not is_same_origin(request.headers) or not _says_whence(request):
        return None
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    except (HTTPException, ClientDisconnect, RuntimeError):
        return None
    if (SECRET - {"form_key"}) & set(form):
        return None
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in SECRET]
    return Typed(request.url.path, tuple(fields))


def _says_whence(request: Request) -> bool:
    """A browser that says nothing of it may have been sent here by another page: nothing of that is shown as ours."""
    return "sec-fetch-site" in request.headers or "origin" in request.headers
