"""Kentongan's figures of itself."""

import asyncio

import pytest
from prometheus_client.parser import text_string_to_metric_families

from exporters.catalogue.own import DATABASE_WRITE, LOOP_LAG, POLLS_LATE, QUEUE_LENGTH, RECEIVE_BUFFER_DROPS
from exporters.own_health import OwnHealth


def samples(health: OwnHealth) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(health.text().decode())
        for sample in family.samples
    }


def test_numbers_are_read_at_each_scrape() -> None:
    health, queue = OwnHealth("1.2.3"), [1, 2]
    health.read(QUEUE_LENGTH, lambda: {("discovery",): len(queue)})
    health.read(RECEIVE_BUFFER_DROPS, lambda: {("snmp",): 7})
    assert samples(health)["kentongan_queue_length", (("queue", "discovery"),)] == 2
    queue.append(3)
    assert samples(health)["kentongan_queue_length", (("queue", "discovery"),)] == 3
    assert samples(health)["kentongan_receive_buffer_drops_total", (("socket", "snmp"),)] == 7


def test_events_are_counted() -> None:
    health = OwnHealth("1.2.3")
    health.counter(POLLS_LATE).labels("snmp").inc()
    health.counter(POLLS_LATE).labels("snmp").inc(2)
    health.histogram(DATABASE_WRITE).observe(0.02)
    found = samples(health)
    assert found["kentongan_polls_late_total", (("kind", "snmp"),)] == 3
    assert found["kentongan_database_write_seconds_bucket", (("le", "0.05"),)] == 1
    assert found["kentongan_database_write_seconds_bucket", (("le", "0.01"),)] == 0


def test_two_processes_in_one_do_not_share_numbers() -> None:
    one, other = OwnHealth("1"), OwnHealth("1")
    one.counter(POLLS_LATE).labels("snmp").inc()
    assert ("kentongan_polls_late_total", (("kind", "snmp"),)) not in samples(other)


def test_a_metric_cannot_be_given_twice() -> None:
    health = OwnHealth("1")
    health.read(QUEUE_LENGTH, dict)
    with pytest.raises(ValueError, match="Duplicated"):
        health.read(QUEUE_LENGTH, dict)


def test_build_and_process_are_there_and_no_created_series() -> None:
    text = OwnHealth("1.2.3").text().decode()
    assert 'kentongan_build_info{python="' in text
    assert 'version="1.2.3"} 1.0' in text
    assert "process_resident_memory_bytes" in text
    assert "_created" not in text


def test_lag_of_the_loop_is_seen() -> None:
    health = OwnHealth("1")

    async def watch() -> None:
        watching = asyncio.create_task(health.watch_loop(every_seconds=0.001))
        while samples(health).get(("kentongan_loop_lag_seconds_count", ()), 0) == 0:
            await asyncio.sleep(0)
        watching.cancel()

    asyncio.run(asyncio.wait_for(watch(), 20))
    assert LOOP_LAG.name in health.text().decode()
