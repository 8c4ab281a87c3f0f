"""What can go wrong while figures are shown."""


class ExporterError(Exception):
    """Root of this room's errors. The message says what is wrong, where, and what to do next."""


class AddressTakenError(ExporterError):
    """The address the metrics are to be served on belongs to somebody else."""


class ServerNotStartedError(ExporterError):
    """The HTTP server ended before it could answer."""


class DocumentNotMadeError(ExporterError):
    """A document could not be laid out: a fault of its template."""


class DocumentNotWrittenError(ExporterError):
    """The place a document is to be written to takes no file."""


class GrafanaAddressError(ExporterError):
    """What was given as the address of a Grafana is none."""


class GrafanaUnreachableError(ExporterError):
    """Nobody answers at the address of the Grafana, or somebody else does."""


class GrafanaRefusedError(ExporterError):
    """Grafana answered and would not. status: of HTTP."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class PrometheusUnreachableError(ExporterError):
    """Nobody answers at the address of the Prometheus, or somebody else does."""
