"""Figures as Prometheus text format 0.0.4."""

from exporters.exposition.devices import DeviceTable
from exporters.exposition.page import CONTENT_TYPE, Page
from exporters.exposition.places import place_of, places_text
from exporters.exposition.renderer import Renderer

__all__ = ["CONTENT_TYPE", "DeviceTable", "Page", "Renderer", "place_of", "places_text"]
