"""Every region of the country as it is shipped: read from the package's own files, nothing from the network.

Data: idn-area-data 4.0.1, Open Database License; see ATTRIBUTION.md beside this file.
"""

from inventory.regions.shipped import shipped_regions

__all__ = ["shipped_regions"]
