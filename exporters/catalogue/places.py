"""Metrics that say what the inventory says: where sites are, what a link may carry, what a contract promises.

They carry no timestamp and no measurement; dashboards and rules join them with what was measured.
"""

from exporters.catalogue.metric import gauge

SITE_INFO = gauge(
    "kentongan_site_info",
    "Always 1: a site's name, what it is, whose it is and where it lies, to be joined with other metrics on site.",
    "site",
    "name",
    "kind",
    "organisation",
    "desa",
    "kecamatan",
    "stage",
    "criticality",
)
SITE_LATITUDE = gauge(
    "kentongan_site_latitude_degrees", "Latitude of a site (WGS 84), south is negative.", "site", unit="degrees"
)
SITE_LONGITUDE = gauge(
    "kentongan_site_longitude_degrees", "Longitude of a site (WGS 84), west is negative.", "site", unit="degrees"
)
LINK_INFO = gauge(
    "kentongan_link_info",
    "Always 1 for each end of a link that is ours (end a or z): its port, the other end's device, the site that the "
    "link serves.",
    "link",
    "end",
    "device",
    "interface",
    "peer",
    "site",
    "medium",
    "purpose",
    "provider",
    "contract",
)
SITE_UPLINK = gauge(
    "kentongan_site_uplink_info",
    "Always 1: the port by which a site's router hangs on the network, and the link that leaves the site there.",
    "site",
    "device",
    "interface",
    "link",
)
LINK_CAPACITY = gauge(
    "kentongan_link_capacity_bytes_per_second",
    "What a link can carry each way, as the inventory says; times 8 for bit/s.",
    "link",
    unit="bytes per second",
)
LINK_COMMITTED = gauge(
    "kentongan_link_committed_bytes_per_second",
    "What a contract promises a link at any time, by direction as the site sees it: receive or transmit.",
    "link",
    "direction",
    unit="bytes per second",
)
LINK_QUOTA = gauge(
    "kentongan_link_quota_bytes", "What a link may carry in a calendar month, both ways together.", "link", unit="bytes"
)
CONTRACT_SLA = gauge(
    "kentongan_contract_sla_ratio",
    "Availability that a contract promises, of its service hours, 0 to 1.",
    "contract",
    "provider",
    unit="ratio",
)
CONTRACT_END = gauge(
    "kentongan_contract_end_timestamp_seconds",
    "Unix time at which the last day of a contract is over.",
    "contract",
    "provider",
    unit="seconds",
)
SERVICE_INFO = gauge(
    "kentongan_service_info",
    "Always 1: an application's name, class, owner and host, to be joined with other metrics on service.",
    "service",
    "name",
    "class",
    "owner",
    "host",
)
PLACES_WITHHELD = gauge(
    "kentongan_places_withheld",
    "1 if there are more sites than are shown here, so that none of the inventory is; else 0.",
)

PLACES = (
    SITE_INFO, SITE_LATITUDE, SITE_LONGITUDE, LINK_INFO, SITE_UPLINK, LINK_CAPACITY, LINK_COMMITTED, LINK_QUOTA,
    CONTRACT_SLA, CONTRACT_END, SERVICE_INFO, PLACES_WITHHELD,
)  # fmt: skip
