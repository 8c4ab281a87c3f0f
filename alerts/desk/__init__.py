"""The outage desk: faults in, incidents and notices out. Pure."""

from alerts.desk.desk import Decision, Desk
from alerts.desk.faults import Fault, Scene, StateView
from alerts.desk.orders import Obeyed, OrderRefusedError, obey
from alerts.desk.ports import Advisor, Opinion
from alerts.desk.rules import DeskRules

__all__ = [
    "Advisor",
    "Decision",
    "Desk",
    "DeskRules",
    "Fault",
    "Obeyed",
    "Opinion",
    "OrderRefusedError",
    "Scene",
    "StateView",
    "obey",
]
