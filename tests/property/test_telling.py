"""Whatever happens, with restarts anywhere: one message once, no end without a beginning, nothing open for ever."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.incidents import ActKind, Incident, Member, NoticeEvent, NoticeReason, Phase, Urgency
from tests.unit.alerts.telling_office import DAY, NIGHT, Office, fault, open_office

HOOK = "webhook:https://noc.example/hook"
FAULTS = 4
EVENTS = st.one_of(
    st.tuples(st.just("open"), st.integers(0, FAULTS - 1), st.sampled_from([Urgency.PAGE, Urgency.DAY])),
    st.tuples(st.just("grow"), st.integers(0, FAULTS - 1), st.just(None)),
    st.tuples(st.just("over"), st.integers(0, FAULTS - 1), st.just(None)),
    st.tuples(st.just("ack"), st.integers(0, FAULTS - 1), st.just(None)),
    st.tuples(st.just("merge"), st.integers(0, FAULTS - 1), st.integers(0, FAULTS - 1)),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 400, 1000, 20000]), st.just(None)),
    st.tuples(st.just("restart"), st.just(0), st.just(None)),
)


def play(office: Office, events: list[tuple[str, int, object]]) -> None:
    """Only what the desk would do: an incident opens once, changes while it is open, ends once."""
    open_: dict[int, Incident] = {}
    count = 0
    for kind, number, more in events:
        if kind == "wait":
            office.pass_(number)
        elif kind == "restart":
            office.restart()
        elif kind == "open" and number not in open_:
            count += 1
            made = fault(f"L{number}", office.now.utc, id_=f"{number}aaa-{count:04}", urgency=more)  # type: ignore[arg-type]
            open_[number] = made
            office.tell(made)
        elif number not in open_:
            continue
        elif kind == "grow":
            grown = replace(open_[number], members=(*open_[number].members, Member("rtr-cadassari", office.now.utc)))
            open_[number] = grown
            office.tell(grown, NoticeEvent.UPDATED, NoticeReason.GREW)
        elif kind == "ack":
            office.do(open_[number], ActKind.ACKNOWLEDGED)
        elif kind == "over":
            office.over(open_.pop(number))
        elif kind == "merge" and more in open_ and more != number:
            child = open_.pop(more)  # type: ignore[arg-type]
            office.incidents[child.id] = replace(child, phase=Phase.MERGED, merged_into=open_[number].id)
            parent = replace(open_[number], merged_from=(*open_[number].merged_from, child.id))
            open_[number] = parent
            office.tell(parent, NoticeEvent.UPDATED, NoticeReason.MERGED)
    for left in list(open_.values()):
        office.over(left)
    office.pass_(3 * 86_400)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=25), st.sampled_from([DAY, NIGHT]), st.sampled_from([1, 6]))
def test_no_end_without_a_beginning_and_nothing_for_ever(
    events: list[tuple[str, int, object]], at: object, burst: int
) -> None:
    office = open_office(at, machines=(HOOK,), burst=burst)  # type: ignore[arg-type]
    play(office, events)
    order = {message.id: place for place, message in enumerate(office.sent)}
    assert len(order) == len(office.sent), "one message leaves once"
    for place, message in enumerate(office.sent):
        if message.event == "resolved":
            assert message.after, "an end names its beginning"
        if message.after:
            assert order[message.after] < place
            assert office.sent[order[message.after]].channel == message.channel
    assert not [memory for (kind, _key), memory in office.memories.items() if kind == "incident" and memory], (
        "all ended"
    )
    ends = {(message.topic, message.channel) for message in office.sent if message.event == "resolved"}
    machine_topics = {message.topic for message in office.sent if message.channel == HOOK}
    merged = {child for incident in office.incidents.values() for child in incident.merged_from}
    for topic in machine_topics - merged:
        assert (topic, HOOK) in ends, "who heard of it hears of its end"


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=20))
def test_restarts_change_nothing(events: list[tuple[str, int, object]]) -> None:
    def told(with_restarts: bool) -> list[tuple[str, str, str]]:
        office = open_office(NIGHT, machines=(HOOK,))
        play(office, [event for event in events if with_restarts or event[0] != "restart"])
        return [(message.id, message.event, message.reason) for message in office.sent]

    assert told(True) == told(False)
