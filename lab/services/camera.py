"""One camera as an RTSP server (RFC 2326): Digest login, SDP, RTP over the same connection or by UDP.

Its picture is H.264 of uncompressed blocks, so that a real decoder reads it; it moves, or stands still by order.
"""

import asyncio
import contextlib
import hashlib
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lab.services.faults import SLOW_SECONDS, Fault
from lab.services.pictures import PARAMETER_SETS, picture, sprop
from lab.services.plan import CAMERA_PASSWORD, CAMERA_USER, CameraPlan

REALM = "IP Camera(SIMULASI)"
_FRAMES_PER_SECOND = 8
_CLOCK = 90_000
_MOST_SECONDS = 120.0
_RTP_PAYLOAD = 1_200
_QUOTED = re.compile(r'(\w+)="?([^",]*)"?')


class CameraServer:
    """Serves one camera. `fault` may be set at any time; REFUSED is what `close` does."""

    def __init__(self, camera: CameraPlan, is_dark: Callable[[str], bool]) -> None:
        self.camera = camera
        self.fault: Fault | None = None
        self.requests = 0
        self.is_dark = is_dark
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Raises OSError when the port is taken."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._serve, self.camera.address, self.camera.port, limit=16_384, backlog=16
            )

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(self, writer)
        try:
            async with asyncio.timeout(_MOST_SECONDS):
                while True:
                    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                    self.requests += 1
                    if self.fault is Fault.SILENT or self.is_dark(self.camera.address):
                        await reader.read()
                        return
                    if self.fault is Fault.SLOW:
                        await asyncio.sleep(SLOW_SECONDS)
                    if not await session.obey(lines):
                        return
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            session.end()
            writer.close()


@dataclass(slots=True)
class _Session:
    server: CameraServer
    writer: asyncio.StreamWriter
    nonce: str = field(default_factory=lambda: hashlib.md5(str(time.monotonic_ns()).encode()).hexdigest())
    send: Callable[[bytes], None] | None = None
    playing: asyncio.Task[None] | None = None
    udp: list[asyncio.DatagramTransport] = field(default_factory=list)

    async def obey(self, lines: list[str]) -> bool:
        """One request; False ends the connection."""
        method, url, _version = [*lines[0].split(" "), "", "", ""][:3]
        headers = {name.strip().lower(): value.strip() for name, _colon, value in (x.partition(":") for x in lines[1:])}
        sequence = headers.get("cseq", "0")
        if method == "OPTIONS":
            self._say(sequence, 200, {"Public": "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"})
            return True
        if not self._is_allowed(method, headers.get("authorization", "")):
            challenge = f'Digest realm="{REALM}", nonce="{self.nonce}", algorithm="MD5"'
            self._say(sequence, 401, {"WWW-Authenticate": challenge})
            return True
        match method:
            case "DESCRIBE":
                body = self._sdp()
                self._say(
                    sequence, 200, {"Content-Type": "application/sdp", "Content-Base": url.rstrip("/") + "/"}, body
                )
            case "SETUP":
                await self._set_up(sequence, headers.get("transport", ""))
            case "PLAY":
                self._say(sequence, 200, {"Session": "76", "RTP-Info": f"url={url};seq=1;rtptime=0"})
                self.playing = asyncio.create_task(self._play())
            case "TEARDOWN":
                self._say(sequence, 200, {"Session": "76"})
                return False
            case "GET_PARAMETER":
                self._say(sequence, 200, {"Session": "76"})
            case _:
                self._say(sequence, 405, {})
        return True

    def end(self) -> None:
        if self.playing is not None:
            self.playing.cancel()
        for datagrams in self.udp:
            datagrams.close()

    def _is_allowed(self, method: str, said: str) -> bool:
        """RFC 2617 without qop, as cameras speak it."""
        if self.server.fault is Fault.LOCKED or not said.startswith("Digest "):
            return False
        given = dict(_QUOTED.findall(said[7:]))
        first = _md5(f"{CAMERA_USER}:{REALM}:{CAMERA_PASSWORD}")
        wanted = _md5(f"{first}:{self.nonce}:{_md5(f'{method}:' + given.get('uri', ''))}")
        return given.get("username") == CAMERA_USER and given.get("response") == wanted

    def _sdp(self) -> str:
        lines = [
            "v=0",
            f"o=- 1 1 IN IP4 {self.server.camera.address}",
            "s=Media Presentation",
            "c=IN IP4 0.0.0.0",
            "t=0 0",
            "a=control:*",
            "m=video 0 RTP/AVP 96",
            "a=rtpmap:96 H264/90000",
            f"a=fmtp:96 packetization-mode=1;profile-level-id=42c00a;sprop-parameter-sets={sprop()}",
            "a=control:trackID=1",
        ]
        if self.server.camera.audio:
            lines += ["m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=control:trackID=2"]
        return "\r\n".join(lines) + "\r\n"

    async def _set_up(self, sequence: str, transport: str) -> None:
        ports = re.search(r"client_port=(\d+)-", transport)
        if "RTP/AVP/TCP" in transport:
            self.send = lambda packet: self.writer.write(b"$\x00" + struct.pack(">H", len(packet)) + packet)
            self._say(sequence, 200, {"Session": "76;timeout=60", "Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})
        elif ports:
            peer = self.writer.get_extra_info("peername")[0]
            loop = asyncio.get_running_loop()
            datagrams, _protocol = await loop.create_datagram_endpoint(
                asyncio.DatagramProtocol,
                local_addr=(self.server.camera.address, 0),
                remote_addr=(peer, int(ports[1])),
            )
            if not self.udp:  # the first is the picture's; sound is promised and never sent
                self.send = datagrams.sendto
            self.udp.append(datagrams)
            own = datagrams.get_extra_info("sockname")[1]
            answer = f"RTP/AVP;unicast;client_port={ports[1]}-{int(ports[1]) + 1};server_port={own}-{own + 1}"
            self._say(sequence, 200, {"Session": "76;timeout=60", "Transport": answer})
        else:
            self._say(sequence, 461, {})

    async def _play(self) -> None:
        number, frame = 1, 0
        with contextlib.suppress(OSError):
            while self.send is not None:
                stands = self.server.fault is Fault.FROZEN
                if self.server.fault is not Fault.NO_VIDEO and not self.server.is_dark(self.server.camera.address):
                    stamp = frame * _CLOCK // _FRAMES_PER_SECOND
                    units = (*PARAMETER_SETS, picture(frame))
                    for at, unit in enumerate(units):
                        for payload, is_last in _fragments(unit):
                            marker = 0x80 if is_last and at == len(units) - 1 else 0
                            self.send(struct.pack(">BBHII", 0x80, marker | 96, number & 0xFFFF, stamp, 76) + payload)
                            number += 1
                    await self.writer.drain()
                frame += 0 if stands else 1
                await asyncio.sleep(1 / _FRAMES_PER_SECOND)

    def _say(self, sequence: str, status: int, headers: dict[str, str], body: str = "") -> None:
        reasons = {200: "OK", 401: "Unauthorized", 405: "Method Not Allowed", 461: "Unsupported Transport"}
        lines = [f"RTSP/1.0 {status} {reasons[status]}", f"CSeq: {sequence}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())


def _fragments(unit: bytes) -> list[tuple[bytes, bool]]:
    """RFC 6184: one packet, or FU-A pieces."""
    if len(unit) <= _RTP_PAYLOAD:
        return [(unit, True)]
    pieces = [unit[at : at + _RTP_PAYLOAD] for at in range(1, len(unit), _RTP_PAYLOAD)]
    indicator, kind = (unit[0] & 0xE0) | 28, unit[0] & 0x1F
    last = len(pieces) - 1
    return [
        (bytes((indicator, kind | (0x80 if at == 0 else 0) | (0x40 if at == last else 0))) + piece, at == last)
        for at, piece in enumerate(pieces)
    ]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
