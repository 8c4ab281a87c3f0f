"""What is served over HTTP: metrics, service discovery for Prometheus, health, readiness."""

from exporters.http.app import Readiness, metrics_app
from exporters.http.compression import Compression
from exporters.http.server import MetricsServer

__all__ = ["Compression", "MetricsServer", "Readiness", "metrics_app"]
