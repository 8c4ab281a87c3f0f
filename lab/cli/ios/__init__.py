"""Cisco IOS 15 as a pure model: exec and configuration modes, NVRAM, archive, confirmed change, reload in.

Sources: Cisco IOS Configuration Fundamentals Command Reference (`reload`, `copy`, `configure replace`, `show archive`),
Managing Configuration Files Configuration Guide ("Configuration Replace and Configuration Rollback", "Configuration
Rollback Confirmed Change"), Security Command Reference (`username`, `access-class`). Lines that `grammar` does not list
are refused with `% Invalid input detected at '^' marker.`; routing protocols are kept as lines, they do not route.
"""

from lab.cli.ios.router import IosRouter

__all__ = ["IosRouter"]
