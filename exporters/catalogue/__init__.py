"""The catalogue of metrics: each is named once, here, with its help and its labels. Pure."""

from exporters.catalogue.coverage import COVERAGE
from exporters.catalogue.devices import DEVICES
from exporters.catalogue.metric import Feed, Metric, MetricType
from exporters.catalogue.own import OWN
from exporters.catalogue.places import PLACES
from exporters.catalogue.polled import FEEDS, POLLED
from exporters.catalogue.services import SERVICES

CATALOGUE: tuple[Metric, ...] = (*POLLED, *DEVICES, *SERVICES, *PLACES, *COVERAGE, *OWN)

__all__ = [
    "CATALOGUE",
    "COVERAGE",
    "DEVICES",
    "FEEDS",
    "OWN",
    "PLACES",
    "POLLED",
    "SERVICES",
    "Feed",
    "Metric",
    "MetricType",
]
