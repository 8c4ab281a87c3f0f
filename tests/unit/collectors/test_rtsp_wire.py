"""RTSP, its logins, descriptions and packets, without a socket."""

import hashlib

import pytest

from collectors.rtsp import Login
from collectors.rtsp.auth import answer, choose
from collectors.rtsp.messages import GarbledRtspError, Incoming, Packet, Response, request
from collectors.rtsp.picture import HEIGHT, WIDTH, judge_frames
from collectors.rtsp.rtp import StreamWatch
from collectors.rtsp.sdp import Media, read_sdp
from collectors.rtsp.units import byte_stream
from domain.secrets import Secret

LOGIN = Login("Mufasa", Secret("Circle Of Life"))
SDP = """v=0
o=- 1 1 IN IP4 10.1.1.9
s=Media Presentation
a=control:*
t=0 0
m=audio 0 RTP/AVP 8
a=control:trackID=2
m=video 0 RTP/AVP 96
b=AS:5000
a=control:trackID=1
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0I=,aM4=
m=application nonsense
"""


def test_digest_as_in_the_rfc() -> None:
    """RFC 2617 section 3.5, and RFC 7616 section 3.9.1 for SHA-256."""
    line = (
        'Digest realm="testrealm@host.com", qop="auth,auth-int", opaque="5ccc",'
        ' nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    )
    challenge = choose([line])
    assert challenge is not None
    said = answer(challenge, LOGIN, "GET", "/dir/index.html", 1, "0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in said
    assert 'opaque="5ccc"' in said
    assert "nc=00000001" in said
    newer = choose(
        [
            'Digest realm="http-auth@example.org", qop="auth", algorithm=SHA-256,'
            ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
        ]
    )
    assert newer is not None
    said = answer(
        newer, Login("Mufasa", Secret("Circle of Life")), "GET", "/dir/index.html", 1,
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )  # fmt: skip
    assert 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"' in said


def test_digest_as_cameras_speak_it_and_basic() -> None:
    challenge = choose(['Basic realm="cam"', 'Digest realm="cam", nonce="n1"'])
    assert challenge is not None
    assert challenge.scheme == "digest"

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - what cameras speak

    wanted = md5(f"{md5('Mufasa:cam:Circle Of Life')}:n1:{md5('DESCRIBE:rtsp://x/')}")
    assert f'response="{wanted}"' in answer(challenge, LOGIN, "DESCRIBE", "rtsp://x/", 1, "")
    basic = choose(["Basic realm=cam"])
    assert basic is not None
    assert answer(basic, LOGIN, "GET", "/", 1, "") == "Basic TXVmYXNhOkNpcmNsZSBPZiBMaWZl"
    assert choose(["Negotiate", 'Digest realm="x", algorithm=MD5-sess', ""]) is None


def test_a_description_names_its_streams() -> None:
    audio, video = read_sdp(SDP, "rtsp://10.1.1.9/live/")
    assert (audio.kind, audio.codec, audio.clock_hertz) == ("audio", "PCMA", 8_000)
    assert (video.payload, video.codec, video.control) == (96, "H264", "rtsp://10.1.1.9/live/trackID=1")
    assert read_sdp(SDP, "rtsp://10.1.1.9/x?channel=1")[1].control == "rtsp://10.1.1.9/x?channel=1/trackID=1"
    absolute = SDP.replace("a=control:trackID=1", "a=control:rtsp://other/1")
    assert read_sdp(absolute, "rtsp://x/")[1].control == "rtsp://other/1"
    assert read_sdp("\x00garbage", "rtsp://x/") == ()


def test_answers_and_packets_come_apart_at_any_cut() -> None:
    wire = (
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 3\r\n\r\nabc$\x00\x00\x02hi$\x01\x00\x00RTSP/1.0 401 No\r\n\r\n"
    )
    for cut in range(1, len(wire)):
        incoming, found = Incoming(), []
        for piece in (wire[:cut], wire[cut:]):
            incoming.feed(piece)
            while (message := incoming.next()) is not None:
                found.append(message)
        assert found == [
            Response(200, {"cseq": ("1",), "content-length": ("3",)}, b"abc"), Packet(0, b"hi"), Packet(1, b""),
            Response(401, {}),
        ]  # fmt: skip


@pytest.mark.parametrize(
    "wire",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"RTSP/1.0 abc\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n",
        b"RTSP/1.0 200 OK\r\n" + b"x" * 70_000,
    ],
)
def test_what_is_no_rtsp_is_refused(wire: bytes) -> None:
    incoming = Incoming()
    incoming.feed(wire)
    with pytest.raises(GarbledRtspError):
        incoming.next()


def test_no_value_breaks_a_request() -> None:
    assert request("PLAY", "rtsp://x/", 3, {"Session": "7"}).startswith(b"PLAY rtsp://x/ RTSP/1.0\r\nCSeq: 3\r\n")
    with pytest.raises(ValueError, match="line break"):
        request("PLAY", "rtsp://x/", 3, {"Session": "7\r\nX: y"})


def packet(stamp: int, payload: bytes = b"x", kind: int = 96) -> bytes:
    return bytes((0x80, kind)) + b"\x00\x01" + (stamp % (1 << 32)).to_bytes(4, "big") + b"\x00" * 4 + payload


def watched(*stamps: int) -> StreamWatch:
    watch = StreamWatch(96)
    for at, stamp in enumerate(stamps):
        watch.take(packet(stamp), at / 10)
    return watch


def test_time_that_goes_on_and_time_that_stands() -> None:
    assert watched(0, 3_000, 6_000).advances
    assert watched((1 << 32) - 3_000, 0, 3_000).advances  # over the edge of 32 bits
    assert not watched(*[5_000] * 100).advances
    assert not watched(9_000, 6_000, 3_000).advances
    assert not watched().advances


def test_other_streams_and_nonsense_do_not_count() -> None:
    watch = StreamWatch(96)
    assert not watch.take(packet(1, kind=8), 0)
    assert not watch.take(b"\x80\x60", 0)
    assert not watch.take(b"\x00" * 20, 0)
    assert watch.take(packet(1, kind=96 | 0x80), 0)  # with the marker of a picture's end
    assert watch.packets == 1


def test_units_are_put_together() -> None:
    media = Media("video", 96, "H264", 90_000, "", ("m=", "a=fmtp:96 sprop-parameter-sets=Z0I=,aM4="))
    single, start, middle, end = b"\x41abc", b"\x7c\x85AA", b"\x7c\x05BB", b"\x7c\x45CC"
    pair = b"\x18\x00\x02\x67a\x00\x01\x68"
    stream = byte_stream(media, [packet(0, each) for each in (single, start, middle, end, pair)])
    begin = b"\x00\x00\x00\x01"
    units = [b"\x67\x42", b"\x68\xce", single, b"\x65AABBCC", b"\x67a", b"\x68"]
    assert stream == b"".join(begin + unit for unit in units)
    newer = Media("video", 96, "H265", 90_000, "", ())
    stream = byte_stream(newer, [packet(0, each) for each in (b"\x62\x01\x93AA", b"\x62\x01\x53BB")])
    assert stream == begin + b"\x26\x01AABB"
    assert byte_stream(Media("video", 26, "JPEG", 90_000, "", ()), [packet(0)]) == b""


def test_black_still_and_living_pictures() -> None:
    size = WIDTH * HEIGHT
    assert judge_frames([]) == ""
    assert judge_frames([bytes([16]) * size]) == "black"
    assert judge_frames([bytes([16]) * (size - 1) + b"\xff"]) == ""
    grey = bytes([90]) * size
    assert judge_frames([grey] * 4) == "still"
    assert judge_frames([grey] * 3) == ""
    assert judge_frames([grey, grey, grey, b"\x5b" + grey[1:]]) == ""
