"""The check of a camera: let in, described, played, and its time must go on. A frozen camera is not well."""

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collectors.rtsp.auth import Login
from collectors.rtsp.messages import GarbledRtspError
from collectors.rtsp.picture import decode, judge_frames
from collectors.rtsp.rtp import StreamWatch
from collectors.rtsp.sdp import Media
from collectors.rtsp.session import RtspSession, StatusError, UnauthorisedRtspError
from domain.services import CheckKind, Finding, Phases, RtspCheck, ServiceOutcome, ServiceWord
from domain.time import Moment

_PICTURE_WORDS: Final = {"black": ServiceWord.BLACK, "still": ServiceWord.STILL}


@dataclass(slots=True)
class _Course:
    """How far it came, for the outcome of a check that broke off."""

    reached: bool = False
    status: int | None = None
    octets: int = 0
    connect_seconds: float | None = None
    first_byte_seconds: float | None = None


class RtspChecker:
    """Makes RtspChecks. logins: credential name → login, None if there is none. ffmpeg: looks at pictures with it."""

    def __init__(self, logins: Callable[[str], Login | None] = lambda name: None, ffmpeg: Path | None = None) -> None:
        self._logins = logins
        self._ffmpeg = ffmpeg

    async def check(self, check: RtspCheck, now: Moment) -> ServiceOutcome:
        """Never raises for what the camera does; takes at most its timeout and watch together (and ffmpeg's)."""
        begun, course = time.perf_counter(), _Course()
        place = f"{check.host}:{check.port}"
        seconds = {"seconds": f"{check.timeout_seconds:g}"}
        try:
            finding = await self._ask(check, course)
        except ConnectionRefusedError:
            course.reached = True
            finding = Finding(ServiceWord.REFUSED, place)
        except TimeoutError:
            finding = Finding(ServiceWord.SILENT if course.reached else ServiceWord.UNREACHED, place, seconds)
        except (socket.gaierror, UnicodeError):
            finding = Finding(ServiceWord.UNRESOLVED, check.host)
        except UnauthorisedRtspError:
            course.status = 401
            finding = Finding(ServiceWord.UNAUTHORISED, place)
        except StatusError as error:
            course.status = error.status
            finding = Finding(ServiceWord.WRONG_STATUS, place, {"status": str(error.status)})
        except (GarbledRtspError, EOFError, ValueError):
            finding = Finding(ServiceWord.GARBLED, place)
        except OSError:
            finding = Finding(ServiceWord.GARBLED if course.reached else ServiceWord.UNREACHED, place, seconds)
        took = time.perf_counter() - begun
        return ServiceOutcome(
            check.code,
            CheckKind.RTSP,
            now,
            (finding,) if finding else (),
            Phases(None, course.connect_seconds, None, course.first_byte_seconds, took),
            course.status,
            course.octets,
            reached=course.reached,
        )

    async def _ask(self, check: RtspCheck, course: _Course) -> Finding | None:
        login = self._logins(check.credential) if check.credential else None
        session = RtspSession(check.host, check.port, check.url, login)
        look = self._ffmpeg is not None
        try:
            async with asyncio.timeout(check.timeout_seconds) as bound, session:
                course.reached = True
                media = next((each for each in await session.describe() if each.kind == "video"), None)
                course.status = 200
                if media is None:
                    return Finding(ServiceWord.NO_VIDEO, check.code)
                await session.play(media)
                bound.reschedule(asyncio.get_running_loop().time() + check.watch_seconds + 2.0)
                watch = await session.watch(media, check.watch_seconds, keep=look)
        finally:
            course.connect_seconds = session.connect_seconds
            course.first_byte_seconds = session.first_answer_seconds
        course.octets = watch.octets
        if not watch.packets:
            return Finding(ServiceWord.NO_VIDEO, check.code)
        if not watch.advances:
            return Finding(ServiceWord.FROZEN, check.code, {"seconds": f"{check.watch_seconds:g}"})
        return await self._looked_at(check, media, watch) if look else None

    async def _looked_at(self, check: RtspCheck, media: Media, watch: StreamWatch) -> Finding | None:
        assert self._ffmpeg is not None
        try:
            frames = await decode(self._ffmpeg, media, watch.kept)
        except OSError:  # ffmpeg is gone or may not be run: the stream itself is well
            return None
        word = _PICTURE_WORDS.get(judge_frames(frames))
        return Finding(word, check.code) if word else None
