"""What the processes write about themselves: structlog to standard error, secrets redacted, repeats counted."""

import contextlib
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

from domain.secrets import Secret

_SENSITIVE = re.compile(r"pass(word|phrase)?|secret|community|token|private_key|enable|^key$|authorization", re.I)
_IN_TEXT = re.compile(r"(?i)\b(password|passphrase|community|secret|token)\b(\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|\S+)")
_IN_URL = re.compile(r"(\w+://[^:/@\s]*):[^@\s]*@")


class StandardError:
    """Standard error, whatever became of it: a terminal that went away must not stop the poller."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()


def configure_logging(level: str, form: str) -> None:
    """`form`: text, json or auto. Call once, at the start of a command."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if text
        else structlog.processors.JSONRenderer(default=str)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, StandardError())),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what is a secret by its type, its key's name or its look in a text."""
    for key, value in event.items():
        event[key] = "***" if _SENSITIVE.search(key) and key != "event" else redacted(value)
    return event


def redacted(value: Any) -> Any:
    if isinstance(value, Secret):
        return "***"
    if isinstance(value, str):
        return _IN_URL.sub(r"\1:***@", _IN_TEXT.sub(r"\1\2***", value))
    if isinstance(value, dict):
        return {key: "***" if _SENSITIVE.search(str(key)) else redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(redacted(item) for item in value) if type(value) in (list, tuple) else value
    return value
