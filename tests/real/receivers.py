"""Receivers that misbehave on command: an HTTP server over plain sockets, and the programs of a Bot API."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Receiver:
    """mode: ok, fail (500), slow (never ends), close (hangs up), garbage. got: bodies of what it said 2xx to."""

    answer: Callable[[str, dict[str, str], bytes], Reply] | None = None
    mode: str = "ok"
    port: int = 0
    got: list[Any] = field(default_factory=list)
    asked: int = 0
    open_now: int = 0
    most_open: int = 0
    hold_seconds: float = 0.0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server = None

    async def until(self, condition: Callable[[], bool], seconds: float = 15.0) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.005)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines[1:])}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked += 1
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            if self.hold_seconds:
                await asyncio.sleep(self.hold_seconds)
            return await self._reply(lines[0], headers, body, writer)
        finally:
            self.open_now -= 1

    async def _reply(self, line: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter) -> bool:
        match self.mode:
            case "close":
                return False
            case "slow":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
                while True:
                    writer.write(b".")
                    await writer.drain()
                    await asyncio.sleep(0.2)
            case "garbage":
                writer.write(b"\x00\xff\x00 no protocol at all\r\n\r\n")
                await writer.drain()
                return False
            case "fail":
                status, more, content = 500, {}, b"broken"
            case _:
                path = line.split(" ")[1]
                status, more, content = self.answer(path, headers, body) if self.answer else (200, {}, b"")
        if 200 <= status < 300 and self.mode == "ok":
            self.got.append(_parsed(headers, body))
        more = {"Content-Length": str(len(content)), **more}
        text = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{text}\r\n".encode() + content)
        await writer.drain()
        return True


def _parsed(headers: dict[str, str], body: bytes) -> Any:
    return json.loads(body) if "json" in headers.get("content-type", "") else body.decode()


@dataclass
class BotApi:
    """sendMessage of a Bot API as its documentation tells it: a token in the path, a body in JSON, `ok` and
    `description` in the answer, 429 with `parameters.retry_after`, 20 messages a minute to one group.
    """

    token: str
    clock: Callable[[], float]
    window_seconds: float = 60.0
    most: int = 20
    sent: dict[str, deque[float]] = field(default_factory=dict)
    refused: int = 0
    texts: list[str] = field(default_factory=list)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if path != f"/bot{self.token}/sendMessage":
            return self._said(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        asked = json.loads(body)
        chat, text, now = str(asked["chat_id"]), asked["text"], self.clock()
        if chat == "404":
            return self._said(400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
        went = self.sent.setdefault(chat, deque())
        while went and now - went[0] >= self.window_seconds:
            went.popleft()
        if len(went) >= self.most:
            self.refused += 1
            wait = max(1, round(self.window_seconds - (now - went[0])))
            return self._said(
                429,
                {
                    "ok": False,
                    "error_code": 429,
                    "description": f"Too Many Requests: retry after {wait}",
                    "parameters": {"retry_after": wait},
                },
            )
        went.append(now)
        self.texts.append(text)
        return self._said(200, {"ok": True, "result": {"message_id": len(self.texts)}})

    def _said(self, status: int, document: dict[str, Any]) -> Reply:
        return status, {"Content-Type": "application/json"}, json.dumps(document).encode()
