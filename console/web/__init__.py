"""Routes, templates and what guards them."""

from console.web.app import make_app

__all__ = ["make_app"]
