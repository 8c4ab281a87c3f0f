"""What is served over HTTP: metrics, service discovery for Prometheus, health, readiness."""

from exporters.http.app import Readiness, metrics_app
from exporters.http.compression import Compression
from exporters.http.plain import plain_route
from exporters.http.server import HttpServer

__all__ = ["Compression", "HttpServer", "Readiness", "metrics_app", "plain_route"]
