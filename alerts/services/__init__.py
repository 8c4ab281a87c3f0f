"""Applications, cameras and a site's internet: from what checks and heartbeats found to faults for the desk. Pure."""

from alerts.services.internet import INTERNET_FAILS, InternetWatch
from alerts.services.subjects import ServiceSubject, ServiceSubjects
from alerts.services.watch import ServiceWatch

__all__ = ["INTERNET_FAILS", "InternetWatch", "ServiceSubject", "ServiceSubjects", "ServiceWatch"]
