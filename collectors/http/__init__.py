"""Asks applications over HTTP(S) as a visitor and as a search engine would, and judges what comes back."""

from collectors.http.check import HttpChecker
from collectors.http.trust import Trust
from collectors.http.words import shipped_phrases

__all__ = ["HttpChecker", "Trust", "shipped_phrases"]
