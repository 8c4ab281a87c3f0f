"""The catalogue of metrics: each is named once, here, with its help and its labels. Pure."""

from exporters.catalogue.devices import DEVICES
from exporters.catalogue.metric import Feed, Metric, MetricType
from exporters.catalogue.own import OWN
from exporters.catalogue.polled import FEEDS, POLLED

CATALOGUE: tuple[Metric, ...] = (*POLLED, *DEVICES, *OWN)

__all__ = ["CATALOGUE", "DEVICES", "FEEDS", "OWN", "POLLED", "Feed", "Metric", "MetricType"]
