"""Checks of cameras by RTSP, against the lab's cameras and against what is none."""

import asyncio
import shutil
from pathlib import Path

import pytest

from collectors.rtsp import Login, RtspChecker
from domain.secrets import Secret
from domain.services import RtspCheck, ServiceOutcome, ServiceWord
from lab.services import CameraPlan, Fault, ServicesPlan, ServicesTown
from lab.services.plan import CAMERA_PASSWORD, CAMERA_USER
from tests.real.service_servers import free_port, now, page, serving

pytestmark = pytest.mark.real
LOGIN = Login(CAMERA_USER, Secret(CAMERA_PASSWORD))


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (None, ServiceWord.OK),
        (Fault.FROZEN, ServiceWord.FROZEN),
        (Fault.NO_VIDEO, ServiceWord.NO_VIDEO),
        (Fault.LOCKED, ServiceWord.UNAUTHORISED),
        (Fault.SILENT, ServiceWord.SILENT),
        (Fault.REFUSED, ServiceWord.REFUSED),
    ],
    ids=str,
)
def test_every_fault_of_a_camera_is_named(tmp_path: Path, fault: Fault | None, word: ServiceWord) -> None:
    camera = CameraPlan("cam-1", "127.66.0.3", free_port("127.66.0.3"), True)

    async def steps() -> ServiceOutcome:
        async with ServicesTown(ServicesPlan((), (camera,)), tmp_path) as standing:
            if fault is not None:
                await standing.spoil(camera.name, fault)
            check = RtspCheck("cam-1", camera.address, camera.port, "/x", "kamera", 0.8, 0.5)
            return await RtspChecker(lambda name: LOGIN if name == "kamera" else None).check(check, now())

    outcome = asyncio.run(steps())
    assert outcome.word is word
    assert outcome.reached


def test_a_camera_without_a_login_of_ours(tmp_path: Path) -> None:
    camera = CameraPlan("cam-1", "127.66.0.4", free_port("127.66.0.4"), False)

    async def steps() -> list[ServiceWord]:
        async with ServicesTown(ServicesPlan((), (camera,)), tmp_path):
            check = RtspCheck("cam-1", camera.address, camera.port, "/x", "kamera")
            wrong = Login(CAMERA_USER, Secret("salah"))
            return [(await RtspChecker(lambda _n, use=use: use).check(check, now())).word for use in (None, wrong)]

    assert asyncio.run(steps()) == [ServiceWord.UNAUTHORISED] * 2


def test_what_is_no_camera() -> None:
    async def steps() -> list[ServiceOutcome]:
        outcomes = []
        for answer in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n"):
            async with serving(page(answer)) as place:
                port = int(place.partition(":")[2])
                outcomes.append(await RtspChecker().check(RtspCheck("cam", "127.0.0.1", port), now()))
        return outcomes

    words = [(outcome.word, outcome.status) for outcome in asyncio.run(steps())]
    assert words == [(ServiceWord.GARBLED, None), (ServiceWord.GARBLED, None), (ServiceWord.WRONG_STATUS, 404)]


def test_a_camera_that_sends_by_udp_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab's camera with its TCP transport taken away."""
    from lab.services import camera as module

    original = module._Session._set_up

    async def udp_only(self: module._Session, sequence: str, transport: str) -> None:
        if "TCP" in transport:
            self._say(sequence, 461, {})
        else:
            await original(self, sequence, transport)

    monkeypatch.setattr(module._Session, "_set_up", udp_only)
    camera = CameraPlan("cam-1", "127.66.0.5", free_port("127.66.0.5"), True)

    async def steps() -> ServiceOutcome:
        async with ServicesTown(ServicesPlan((), (camera,)), tmp_path):
            check = RtspCheck("cam-1", camera.address, camera.port, "/x", "kamera")
            return await RtspChecker(lambda _name: LOGIN).check(check, now())

    outcome = asyncio.run(steps())
    assert outcome.word is ServiceWord.OK
    assert outcome.octets > 1_000


def test_the_picture_is_decoded_where_ffmpeg_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        pytest.skip("ffmpeg is missing: pictures are not looked at")
    from lab.services import camera as module

    camera = CameraPlan("cam-1", "127.66.0.6", free_port("127.66.0.6"), False)

    async def steps() -> list[ServiceWord]:
        async with ServicesTown(ServicesPlan((), (camera,)), tmp_path):
            check = RtspCheck("cam-1", camera.address, camera.port, "/x", "kamera", watch_seconds=1.5)
            checker = RtspChecker(lambda _name: LOGIN, Path(ffmpeg))
            living = (await checker.check(check, now())).word
            one = module.picture(0)
            monkeypatch.setattr(module, "picture", lambda frame: one)
            return [living, (await checker.check(check, now())).word]

    assert asyncio.run(steps()) == [ServiceWord.OK, ServiceWord.STILL]
