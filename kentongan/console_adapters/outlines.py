"""The outlines of kecamatan for maps and drawings of the console; read anew every few minutes."""

import threading
from collections.abc import Mapping
from typing import Any, Final

from kentongan.installation import Installation
from kentongan.shapes import shapes_document

FRESH_SECONDS: Final = 300.0


class Outlines:
    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._lock = threading.Lock()
        self._read: tuple[float, Mapping[str, Any]] | None = None

    def document(self) -> Mapping[str, Any]:
        """A GeoJSON FeatureCollection with codes and names."""
        with self._lock:
            now = self._installation.clock.now().steady_seconds
            if self._read is None or now - self._read[0] > FRESH_SECONDS:
                self._read = now, shapes_document(self._installation)
            return self._read[1]
