"""Metrics of coverage: which villages are connected, served or unmeasured. They carry no timestamp."""

from exporters.catalogue.metric import gauge

VILLAGES = gauge(
    "kentongan_villages",
    "Villages by kecamatan (its code), kind (desa, kelurahan) and state: all, connected (by documents), served and "
    "not-served (measured), unmeasured. all is the sum of the last three; connected lies across them.",
    "kecamatan",
    "kind",
    "state",
)
TARGET_VILLAGES = gauge(
    "kentongan_villages_target", "Connected desa that the kabupaten has promised, by the day they are due.", "due"
)

COVERAGE = (VILLAGES, TARGET_VILLAGES)
