"""Where the links of a message lead: to the console for an incident, to the door for what one tap does."""

from datetime import UTC, datetime

from alerts.dispatch.writing import Addresses

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_an_incident_has_an_address_where_there_is_a_console() -> None:
    there = Addresses("https://pintu.example", console_url="https://konsol.example/")
    assert there.incident("k7f3-2qxm") == "https://konsol.example/incidents/k7f3-2qxm"
    assert there.incidents() == "https://konsol.example/incidents"
    assert Addresses("https://pintu.example").incident("k7f3-2qxm") == ""


def test_a_tap_goes_to_the_door() -> None:
    there = Addresses("https://pintu.example/", sign=lambda incident, person, _now: f"{incident}.{person}")
    assert there.acknowledge("k7f3-2qxm", "asep", NOW) == "https://pintu.example/t/k7f3-2qxm.asep"
    assert Addresses(console_url="https://konsol.example").acknowledge("k7f3-2qxm", "asep", NOW) == ""
