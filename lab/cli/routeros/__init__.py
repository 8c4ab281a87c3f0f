"""RouterOS 6 and 7 as a pure model: lines in, output and a changed configuration out.

Sources: help.mikrotik.com (Command Line Interface, Configuration Management, Scripting, Scheduler, Backup, User, IP
services, Filter) and wiki.mikrotik.com for version 6 (Console, Console login process). A menu or property not listed
in `menus` is refused with the console's own words; safe mode, history and undo are not there.
"""

from lab.cli.routeros.configuration import HEX_S
from lab.cli.routeros.router import Router

__all__ = ["HEX_S", "Router"]
