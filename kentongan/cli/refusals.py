"""How a command that failed ends: one sentence for what was refused, the trace only for a fault of our own."""

import sys

import structlog
from typer import exceptions

from domain.language import _
from kentongan.cli.app import complaint
from kentongan.errors import KentonganError, UsageError
from kentongan.logging import redacted

FOUND_WRONG = 1
WRONG_USE = 2
INTERRUPTED = 130

ROOTS = {
    "inventory.errors": "InventoryError",
    "collectors.errors": "CollectorError",
    "alerts.errors": "AlertError",
    "exporters.errors": "ExporterError",
    "lab.errors": "LabError",
    "provisioning.errors": "ProvisioningError",
    "domain.shell.errors": "ShellError",
}


def refusals() -> tuple[type[Exception], ...]:
    """The roots of all errors that are told to the user as one sentence; of rooms that were never entered, none."""
    loaded = (getattr(sys.modules[module], name) for module, name in ROOTS.items() if module in sys.modules)
    return (KentonganError, *loaded)


def report(error: Exception) -> int:
    """Say what went wrong on standard error; returns the exit status."""
    if isinstance(error, exceptions.Abort):
        return INTERRUPTED
    if isinstance(error, exceptions.TyperException):
        print(complaint(error), file=sys.stderr)
        return WRONG_USE
    if isinstance(error, refusals()):
        print(f"kentongan: {redacted(str(error))}", file=sys.stderr)
        return WRONG_USE if isinstance(error, UsageError) else FOUND_WRONG
    structlog.get_logger(__name__).exception("unexpected_error", exc_info=error)
    message = _("This is a fault of Kentongan itself. Please report the lines above.")
    print(f"kentongan: {type(error).__name__}. {message}", file=sys.stderr)
    return FOUND_WRONG
