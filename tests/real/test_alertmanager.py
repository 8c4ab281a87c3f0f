"""A real Alertmanager takes our incidents, keeps them while they last and lets them go, under one set of labels."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from alerts.channels.alertmanager import Alertmanager
from alerts.channels.http import new_client
from alerts.dispatch import Delivered, Later, Message
from alerts.dispatch.body import body
from alerts.texts import Surroundings, Wording
from domain.incidents import Incident, Notice, NoticeEvent, NoticeReason, Phase
from tests.conftest import missing
from tests.real.receivers import Receiver
from tests.unit.alerts.telling_office import fault

pytestmark = pytest.mark.real
WORDING = Wording("en", ZoneInfo("Asia/Jakarta"))


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
def receiver_port() -> int:
    return free_port()


@pytest.fixture
def node(tmp_path: Path, receiver_port: int) -> Iterator[str]:
    binary = shutil.which("prometheus-alertmanager")
    if binary is None:
        missing("Alertmanager (apt: prometheus-alertmanager)")
    config = tmp_path / "am.yml"
    config.write_text(
        "route: {receiver: hook, group_by: [incident], group_wait: 200ms, group_interval: 1s}\n"
        f"receivers: [{{name: hook, webhook_configs: [{{url: 'http://127.0.0.1:{receiver_port}/hook'}}]}}]\n"
    )
    port = free_port()
    arguments = [f"--config.file={config}", f"--storage.path={tmp_path / 'data'}", "--cluster.listen-address="]
    process = subprocess.Popen(
        [str(binary), *arguments, f"--web.listen-address=127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _turn in range(200):
            try:
                if httpx.get(f"{address}/-/ready", timeout=1, trust_env=False).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def told(incident: Incident, event: NoticeEvent, node: str, now: datetime) -> Message:
    notice = Notice(f"{incident.id}-{event}", event, NoticeReason.NEW, now, incident)
    made = body(notice, WORDING, Surroundings())
    return Message(notice.id, incident.id, f"alertmanager:{node}", event.value, "new", now, {"body": made})


def alerts(node: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{node}/api/v2/alerts", timeout=5, trust_env=False).json()
    return found


def test_an_incident_is_one_alert_from_its_beginning_to_its_end(node: str, receiver_port: int) -> None:
    async def work() -> None:
        now = datetime.now(UTC)
        cut = fault("FO A–B", now - timedelta(minutes=2), id_="aaaa-0000")
        async with new_client() as client, Receiver(port=receiver_port) as receiver:
            channel = Alertmanager(client)
            assert await channel.deliver(told(cut, NoticeEvent.OPENED, node, now)) == Delivered()
            wider = replace(cut, cause=replace(cut.cause, name="FO A–C"))
            assert await channel.deliver(told(wider, NoticeEvent.UPDATED, node, now)) == Delivered()
            await receiver.until(lambda: len(receiver.got) >= 1)
            (shown,) = await asyncio.to_thread(alerts, node)
            assert shown["labels"]["incident"] == "aaaa-0000"
            assert shown["annotations"]["cause"] == "link FO A–C"
            reminded = body(Notice("r", NoticeEvent.UPDATED, NoticeReason.REPEAT, now, wider), WORDING, Surroundings())
            assert await channel.remind(node, [reminded], now + timedelta(minutes=1)) == Delivered()
            (again,) = await asyncio.to_thread(alerts, node)
            assert again["endsAt"] > shown["endsAt"]
            over = replace(wider, phase=Phase.RESOLVED, resolved_at=datetime.now(UTC))
            assert await channel.deliver(told(over, NoticeEvent.RESOLVED, node, now)) == Delivered()
            await receiver.until(lambda: receiver.got[-1]["status"] == "resolved")
            assert await asyncio.to_thread(alerts, node) == []
            assert {each["groupLabels"]["incident"] for each in receiver.got} == {"aaaa-0000"}

    asyncio.run(work())


def test_a_node_that_is_away_is_tried_later() -> None:
    async def work() -> None:
        async with new_client() as client:
            now = datetime.now(UTC)
            message = told(fault(), NoticeEvent.OPENED, f"http://127.0.0.1:{free_port()}", now)
            assert isinstance(await Alertmanager(client).deliver(message), Later)

    asyncio.run(work())
