"""Huawei VRP as a pure model: version 5 (a switch whose lines take effect at once) and 8 (two phases with `commit`).

Sources: Huawei S2700–S6720 Command Reference (`save`, `reboot`, `schedule reboot`, `display current-configuration`,
`user-interface`, `acl`), NetEngine 8000 Command Reference (`commit`, `commit trial`, `rollback configuration`,
`display configuration commit list`). `rollback configuration` and `commit` are refused in version 5, which has no
rollback points; there a scheduled reboot to the saved configuration is the way back.
"""

from lab.cli.vrp.switch import VrpSwitch

__all__ = ["VrpSwitch"]
