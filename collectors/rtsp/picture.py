"""Looks at a picture where ffmpeg is: black, or not changed by a dot. No picture is kept and no login is handed over:
ffmpeg is given what was received, on its standard input.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from collectors.rtsp.sdp import Media
from collectors.rtsp.units import DECODABLE, byte_stream

WIDTH, HEIGHT = 160, 90
_FRAME = WIDTH * HEIGHT
_MOST_FRAMES = 60
_DARK, _DARK_SPREAD = 20, 6
_DECODE_SECONDS = 15.0


def judge_frames(frames: Sequence[bytes]) -> str:
    """`black`, `still` or nothing. frames: grey, WIDTH by HEIGHT. Still needs several, black but one. Pure."""
    if not frames:
        return ""
    last = frames[-1]
    if sum(last) / len(last) < _DARK and max(last) - min(last) < _DARK_SPREAD:
        return "black"
    return "still" if len(frames) >= 4 and all(frame == last for frame in frames) else ""


async def decode(ffmpeg: Path, media: Media, packets: Sequence[bytes]) -> tuple[bytes, ...]:
    """Grey frames, small; none if ffmpeg could make nothing of it. Raises OSError when it cannot be run."""
    stream = byte_stream(media, packets)
    if not stream:
        return ()
    process = await asyncio.create_subprocess_exec(
        *(str(ffmpeg), "-v", "quiet", "-f", DECODABLE[media.codec], "-i", "pipe:0", "-frames:v", str(_MOST_FRAMES)),
        *("-s", f"{WIDTH}x{HEIGHT}", "-pix_fmt", "gray", "-f", "rawvideo", "pipe:1"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output = b""
    try:
        async with asyncio.timeout(_DECODE_SECONDS):
            output, _error = await process.communicate(stream)
    except TimeoutError:
        output = b""
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return tuple(output[at : at + _FRAME] for at in range(0, len(output) - _FRAME + 1, _FRAME))
