"""Every timeline of this folder, played on a fake clock; and what is said of one that cannot be read."""

from pathlib import Path

import pytest

from alerts.dispatch.writing import Writer
from kentongan.__main__ import main
from kentongan.drill.stage import make_writer
from kentongan.drill.timeline import TimelineError, play, read_timeline

TIMELINES = sorted((Path(__file__).parent / "timelines").glob("*.txt"))


@pytest.fixture(scope="module")
def writer() -> Writer:
    return make_writer()


@pytest.mark.parametrize("path", TIMELINES, ids=lambda path: path.stem)
def test_a_timeline_comes_out_as_wanted(path: Path, writer: Writer) -> None:
    judgement = play(read_timeline(path.read_text(encoding="utf-8")), writer)
    assert not judgement.problems, "\n" + "\n".join(judgement.problems)


GROUND = """
site pusat datacenter power pln,ups
device rtr-inti router at pusat
village citeko in Plered behind rtr-inti
village gandasoli in Plered behind rtr-inti
at 60s cut fo-citeko
"""


def judged(text: str, writer: Writer) -> tuple[str, ...]:
    return play(read_timeline(GROUND + text), writer).problems


def test_what_is_told_otherwise_is_named_with_its_line(writer: Writer) -> None:
    assert judged("want opened link fo-citeko by 5m with villages 1 verdict not power members at least 1", writer) == ()
    [late] = judged("want opened link fo-citeko by 61s", writer)[:1]
    assert late.startswith(
        "line 7: opened link fo-citeko was not told by 61s (06:01:01). Told after that: opened (new)"
    )
    assert judged("want opened link fo-citeko by 5m with villages 8", writer) == (
        "line 7: opened was told with villages 1, wanted 8",
    )
    [loud] = judged("want nothing until 10m", writer)
    assert loud.startswith("line 7: opened (new) link fo-citeko, 1 villages, fibre at ")
    [unwanted] = judged("", writer)
    assert unwanted.startswith("nobody wanted: opened (new) link fo-citeko")
    [state, _unwanted] = judged("want state rtr-citeko up at 10m", writer)
    assert state == "line 7: rtr-citeko is down at 600s (06:10:00), not up"
    [nobody, _unwanted] = judged("at 61s acknowledge fo-citeko", writer)
    assert nobody == "line 7: no incident with the cause fo-citeko is open"


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("cut fo-citeko", "a line begins with one of: scenario, begins, network"),
        ("at ten cut fo-citeko", "ten is no time; write for example 90s, 5m, 1h30m · 10:00"),
        ("at 60s saw fo-citeko", "what is done is one of: cut · feeder-off"),
        ("at 60s cut fo-citek", "there is nothing of that name. Near it: fo-citeko"),
        ("at 60s restore fo-gandasoli", "there is nothing of that name"),
        ("want opened lnk fo-citeko by 5m", "what is wanted is: opened|updated"),
        ("want opened link fo-citeko", "say until when: by 150s"),
        ("want opened link fo-citeko by 30s", "by 30s is before the `at` above it"),
        ("want opened link fo-citeko by 5m with desa 8", "desa is not one of: villages, members, verdict"),
        ("want opened link fo-citeko by 5m with villages", "after villages a value is missing"),
        ("want state rtr-citek up at 5m", "there is no device rtr-citek"),
        ("village sempur in Plered", "say what sempur hangs on, for example: behind rtr-pop-plered"),
        ("village sempur in Plered behind rtr-inti by wire", "wire is no medium; write one of: fibre, radio"),
        ("site desa-x desa in", "after in a value is missing"),
        ("site desa-x desa near Plered", "near is not one of: in, named"),
        ("device rtr-x router at nowhere", "site nowhere is not known yet: put its line above this one"),
        ("heartbeat", "a line begins with one of"),
        ("at 60s heartbeat desa-citeko says wifi dead", "a heartbeat says for example: internet ok dns dead"),
        ("at 60s heartbeat citeko stops", "there is no site citeko"),
        ("begins yesterday noon", "write for example 2026-11-02 06:00"),
        ("at 60s cut 'fo-citeko", "No closing quotation"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_cure(line: str, cure: str) -> None:
    with pytest.raises(TimelineError) as refused:
        read_timeline(GROUND + line)
    [said] = str(refused.value).splitlines()
    assert said.startswith("line 7: ")
    assert cure in said


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(TimelineError) as refused:
        read_timeline("at ten cut x\nsite pusat\nwant nothing")
    assert [line[:6] for line in str(refused.value).splitlines()] == ["line 1", "line 2", "line 3"]
    with pytest.raises(TimelineError, match="there is no network: write `network random 7`"):
        read_timeline("scenario an empty one")


def test_the_page_shows_the_timeline_that_is_played_here() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
    shown = page.split("```")[3].strip().splitlines()
    played = (Path(__file__).parent / "timelines" / "kecamatan_cut_at_night.txt").read_text(encoding="utf-8")
    assert shown == [line for line in played.splitlines() if not line.startswith("#")]


def test_the_command_plays_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.txt"
    for wanted, status in (("2m", 1), ("5m", 0)):
        file.write_text(GROUND + f"want opened link fo-citeko by {wanted}\n", encoding="utf-8")
        with pytest.raises(SystemExit) as ended:
            main(["demo", "--drill", "--scenario", str(file)])
        assert ended.value.code == status
        said = capsys.readouterr()
        assert "opened\tfo-citeko" in said.out
        assert ("line 7: opened link fo-citeko was not told by 120s" in said.err) is bool(status)


def test_a_random_network_may_be_named_too(writer: Writer) -> None:
    timeline = read_timeline("network random 3\nat 60s unplug-poller\nwant opened poller by 2m\n")
    assert play(timeline, writer).problems == ()
