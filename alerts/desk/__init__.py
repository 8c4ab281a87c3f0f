"""The outage desk: faults in, incidents and notices out. Pure."""

from alerts.desk.counsel import Counsel, Opinion
from alerts.desk.desk import Decision, Desk
from alerts.desk.faults import Fault, Scene, Sight
from alerts.desk.orders import Obeyed, OrderRefusedError, obey
from alerts.desk.rules import DeskRules

__all__ = [
    "Counsel",
    "Decision",
    "Desk",
    "DeskRules",
    "Fault",
    "Obeyed",
    "Opinion",
    "OrderRefusedError",
    "Scene",
    "Sight",
    "obey",
]
