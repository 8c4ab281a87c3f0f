"""The kabupaten's applications and cameras as real servers on loopback, with faults to order."""

from lab.services.faults import Fault
from lab.services.plan import AppPlan, CameraPlan, ServicesPlan, services_plan
from lab.services.town import ServicesTown, run_services

__all__ = ["AppPlan", "CameraPlan", "Fault", "ServicesPlan", "ServicesTown", "run_services", "services_plan"]
