"""Words for people: `_()` marks a text for translation, `n_()` one with a number in it.

The source language is English; catalogues are loaded by the wiring (`kentongan/locale`). Until then texts stand as
they are written. Log events and identifiers are not translated.
"""

from domain.language.catalogue import _, active_language, know, n_, speaking, use, use_here

__all__ = ["_", "active_language", "know", "n_", "speaking", "use", "use_here"]
