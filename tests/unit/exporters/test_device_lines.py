"""Metrics of devices that are no polled values: they go on while a device is silent."""

import dataclasses

import numpy as np

from exporters.exposition.devices import DeviceLines, DeviceTable

NAN = float("nan")


def table(**changed: object) -> DeviceTable:
    two = DeviceTable(
        info=(
            ("rtr-a", "kota", "ds-a", "32.14.01.2010 Cibodas", "Purwakarta", "router", "mikrotik"),
            ('ap"b', "wanayasa", "ds-b", "", "", "ap", ""),
        ),
        state=np.array([4, 1]),
        icmp_round_trip_seconds=np.array([0.0123, NAN]),
        icmp_loss_ratio=np.array([0.25, 1.0]),
        snmp_round_trip_seconds=np.array([0.05, NAN]),
        outcomes=np.array([[10, 1, 2, 0, 0, 0], [0, 0, 0, 0, 0, 0]]),
        answered_steady=np.array([90.0, NAN]),
        answered_unix=np.array([1_700_000_000.5, NAN]),
        interval_seconds=np.array([60.0, NAN]),
        traffic_bytes=np.array([12_345, 84]),
    )
    return dataclasses.replace(two, **changed)


def lines(*chunks: bytes) -> list[str]:
    return [line for line in b"".join(chunks).decode().splitlines() if not line.startswith("#")]


def test_golden_lines() -> None:
    assert lines(*DeviceLines().chunks(table(), 100.0)) == [
        'kentongan_device_info{device="rtr-a",zone="kota",site="ds-a",desa="32.14.01.2010 Cibodas",'
        'kecamatan="Purwakarta",role="router",platform="mikrotik"} 1',
        'kentongan_device_info{device="ap\\"b",zone="wanayasa",site="ds-b",role="ap"} 1',
        'kentongan_device_state{device="rtr-a"} 4',
        'kentongan_device_state{device="ap\\"b"} 1',
        'kentongan_icmp_round_trip_seconds{device="rtr-a"} 0.0123',
        'kentongan_icmp_loss_ratio{device="rtr-a"} 0.25',
        'kentongan_icmp_loss_ratio{device="ap\\"b"} 1',
        'kentongan_snmp_round_trip_seconds{device="rtr-a"} 0.05',
        'kentongan_device_poll_age_seconds{device="rtr-a"} 10',
        'kentongan_device_last_poll_timestamp_seconds{device="rtr-a"} 1700000000.5',
        'kentongan_device_poll_interval_seconds{device="rtr-a"} 60',
        'kentongan_device_traffic_bytes_total{device="rtr-a"} 12345',
        'kentongan_device_traffic_bytes_total{device="ap\\"b"} 84',
        'kentongan_poll_outcomes_total{device="rtr-a",outcome="ok"} 10',
        'kentongan_poll_outcomes_total{device="rtr-a",outcome="partial"} 1',
        'kentongan_poll_outcomes_total{device="rtr-a",outcome="silent"} 2',
        'kentongan_poll_outcomes_total{device="rtr-a",outcome="refused"} 0',
        'kentongan_poll_outcomes_total{device="rtr-a",outcome="unauthorised"} 0',
        'kentongan_poll_outcomes_total{device="rtr-a",outcome="garbled"} 0',
    ]


def test_each_family_has_one_header() -> None:
    text = b"".join(DeviceLines().chunks(table(), 100.0)).decode()
    headers = [line for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(headers) == len(set(headers)) == 10


def test_one_zone_alone_and_a_zone_that_is_not() -> None:
    known = DeviceLines()
    assert all("wanayasa" not in line and "ap\\" not in line for line in lines(*known.chunks(table(), 100.0, "kota")))
    assert lines(*known.chunks(table(), 100.0, "nowhere")) == []


def test_a_changed_inventory_is_laid_out_anew() -> None:
    known, first = DeviceLines(), table()
    list(known.chunks(first, 100.0))
    renamed = dataclasses.replace(first, info=(("renamed", *first.info[0][1:]), first.info[1]))
    text = b"".join(known.chunks(renamed, 100.0)).decode()
    assert "renamed" in text
    assert "rtr-a" not in text


def test_more_devices_than_one_part_holds() -> None:
    n = 5000
    infos = tuple((f"d{row:04d}", "z", "s", "", "", "router", "") for row in range(n))
    many = DeviceTable(
        infos, np.arange(n) % 5, *(np.arange(n, dtype=float) for _ in range(3)), np.zeros((n, 6), np.int64),
        *(np.zeros(n) for _ in range(3)), np.arange(n),
    )  # fmt: skip
    states = [line for line in lines(*DeviceLines().chunks(many, 1.0)) if line.startswith("kentongan_device_state")]
    assert states == [f'kentongan_device_state{{device="d{row:04d}"}} {row % 5}' for row in range(n)]
