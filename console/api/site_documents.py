"""How a site is named in an address of the REST interface, and found among those that are seen."""

from typing import Annotated

from fastapi import HTTPException, Path

from console.api.answers import NAMED
from console.ports import Look
from domain.language import _
from domain.network import Site

Slug = Annotated[str, Path(pattern=NAMED, description="Of a site.")]


def site_of(look: Look, slug: str) -> Site:
    """Raises HTTPException 404 also for what lies outside of what is seen."""
    site = look.inventory.site_by_slug.get(slug)
    if site is None:
        raise HTTPException(404, _("There is no such site."))
    return site
