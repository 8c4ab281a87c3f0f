"""Routes, templates and what guards them."""

from console.web.app import Application, make_app

__all__ = ["Application", "make_app"]
