"""ZTE C300/C320 (ZXAN) as a pure model: ONUs registered on gpon-olt ports, T-CONTs, GEM ports, service ports, `write`.

Sources: ZTE ZXA10 C300/C320 command reference as quoted in operators' public notes, and the error lines that public
tools for these OLTs look for: `%Error 20200: Invalid input detected at '^' marker.`, 20202 with `Invalid parameter`,
20203 Incomplete command, 20204 Ambiguous command, `No related information to show`. The wording of the refusals about
ONU types, profiles and serials (62xxx) is ours: no document at hand gives it.
"""

from lab.cli.zte.olt import ZteOlt

__all__ = ["ZteOlt"]
