"""What is served over HTTP: metrics, service discovery for Prometheus, health, readiness."""

from exporters.http.app import Readiness, metrics_app
from exporters.http.bounded import Bounds, Ended, Tally
from exporters.http.compression import Compression
from exporters.http.json_page import json_route
from exporters.http.server import HttpServer

__all__ = ["Bounds", "Compression", "Ended", "HttpServer", "Readiness", "Tally", "json_route", "metrics_app"]
