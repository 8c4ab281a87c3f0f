"""Metrics of applications, cameras, heartbeats and the outage desk. They carry no timestamp."""

from exporters.catalogue.metric import counter, gauge

SERVICE_UP = gauge(
    "kentongan_service_up",
    "1 if an application or camera serves (a warning does not count against it), 0 if not; absent until that is known.",
    "service",
)
SERVICE_PHASE = gauge(
    "kentongan_service_phase_seconds",
    "Time of each part of the last check: resolve, connect, tls, first_byte, and total with all redirects.",
    "service",
    "phase",
    unit="seconds",
)
SERVICE_CERTIFICATE = gauge(
    "kentongan_service_certificate_expiry_timestamp_seconds",
    "Unix time at which the first of the certificates that were shown ends, issuers and redirects included.",
    "service",
    unit="seconds",
)
SERVICE_CHECKS = counter("kentongan_service_checks_total", "Checks of applications and cameras that ended.")
HEARTBEAT_AGE = gauge(
    "kentongan_heartbeat_age_seconds",
    "Time since the last heartbeat of the site that a device stands for; it grows while none comes.",
    "device",
    unit="seconds",
)
INCIDENTS_OPEN = gauge(
    "kentongan_incidents_open",
    "Incidents that are open: outage, degraded, service, management, blind.",
    "condition",
)
INCIDENT_START = gauge(
    "kentongan_incident_start_timestamp_seconds",
    "Unix time at which an incident that is open began; gone when it is over. At most 500, those of most impact.",
    "incident",
    "condition",
    "kind",
    "cause",
    "verdict",
    "owner",
    unit="seconds",
)
INCIDENT_IMPACT = gauge(
    "kentongan_incident_impact",
    "How many villages, sites, opd, services or devices an incident that is open has made dark or troubles.",
    "incident",
    "what",
)
MONTH_AVAILABILITY = gauge(
    "kentongan_month_availability_ratio",
    "Availability in service hours of this month so far, by desa, kecamatan, opd or provider, as `availability` says.",
    "by",
    "key",
    "name",
    "kecamatan",
    unit="ratio",
)
MONTH_COMPLETENESS = gauge(
    "kentongan_month_completeness_ratio",
    "How much of the service hours of this month so far was seen, beside the availability of the same key.",
    "by",
    "key",
    unit="ratio",
)
NOTIFICATIONS = counter(
    "kentongan_notifications_total",
    "Messages that came to their end: delivered, refused, given-up, dropped, not-announced.",
    "fate",
)
NOTIFICATIONS_WAITING = gauge("kentongan_notifications_waiting", "Messages that wait for their receiver.")
NOTIFICATIONS_OLDEST = gauge(
    "kentongan_notifications_oldest_seconds",
    "How long the oldest of the messages that wait has waited; 0 if none does.",
    unit="seconds",
)
NOTIFICATIONS_HELD = counter(
    "kentongan_notifications_held_total",
    "Messages that went in a summary, because their channel had had enough for a while.",
)
INCIDENTS_UNHEARD = gauge(
    "kentongan_incidents_unheard", "Incidents that are open and that nobody could be found to be told of."
)
INBOUND = counter(
    "kentongan_inbound_total",
    "What telephones, gateways and other systems sent us (link, reply, alert), and what became of it.",
    "way",
    "outcome",
)

SERVICES = (
    SERVICE_UP, SERVICE_PHASE, SERVICE_CERTIFICATE, SERVICE_CHECKS, HEARTBEAT_AGE, INCIDENTS_OPEN, INCIDENT_START,
    INCIDENT_IMPACT, MONTH_AVAILABILITY, MONTH_COMPLETENESS, NOTIFICATIONS, NOTIFICATIONS_WAITING, NOTIFICATIONS_OLDEST,
    NOTIFICATIONS_HELD, INCIDENTS_UNHEARD, INBOUND,
)  # fmt: skip
