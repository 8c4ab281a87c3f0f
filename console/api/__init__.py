"""The REST interface under /api/v1: the same network and the same orders as the pages, for programs with a token."""

from console.api.application import make_api

__all__ = ["make_api"]
