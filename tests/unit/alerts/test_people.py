"""Who is who: by the link that was sent to them, by the number that they write from."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.dispatch.links import Grant, LinkSigner
from alerts.dispatch.people import People
from domain.network import Person, PersonRole
from domain.secrets import Secret

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SIGNER = LinkSigner(Secret("key"), timedelta(hours=1))
HOOK = "webhook:https://user:rahasia@bot.example/hooks/T0KEN"
PEOPLE = People(
    (
        Person("Asep", PersonRole.ENGINEER, channel="wa:0811-11", phone="+6281199"),
        Person("Budi", PersonRole.ENGINEER, channel="telegram:-100"),
        Person("Cici", PersonRole.NOC, channel="telegram:-100", phone="081222"),
        Person("Dedi", PersonRole.NOC, channel="telegram:77"),
        Person("Euis", PersonRole.NOC, channel="wa:62855", valid_to=date(2026, 11, 21)),
        Person("Fajar", PersonRole.NOC, channel="wa:120363@g.us"),
        Person("Gani", PersonRole.NOC, channel="webhook:http://127.0.0.1:1/x"),
    ),
    machines=(HOOK,),
)


def grant(who: str) -> Grant:
    return SIGNER.read(SIGNER.sign("abcd-efgh", who, NOW), NOW)


@pytest.mark.parametrize(
    ("sent_to", "name"),
    [
        ("Asep", "Asep"),
        ("Budi", "Budi / Cici"),  # they share a group: either of them may have pressed
        ("telegram:-100", "Budi / Cici"),
        ("Euis", ""),
        ("nobody", ""),
        ("webhook:http://127.0.0.1:1/x", "Gani"),
        (HOOK, "webhook bot.example"),
    ],
)
def test_a_link_is_of_whom_it_was_sent_to(sent_to: str, name: str) -> None:
    assert PEOPLE.of_grant(grant(sent_to), TODAY) == name


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("+6281111", "Asep"),
        ("+6281199", "Asep"),
        ("+6281222", "Cici"),
        ("telegram:77", "Dedi"),
        ("telegram:-100", None),  # a group writes nothing
        ("+120363", None),
        ("+62855", None),  # not valid any more
        ("", None),
    ],
)
def test_a_number_is_of_a_person_who_is_known(number: str, name: str | None) -> None:
    assert PEOPLE.of_number(number, TODAY) == name
