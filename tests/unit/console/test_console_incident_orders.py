"""Merging and splitting, in the console and by REST: shown first, confirmed once, refused where it must be."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.incidents import ActKind, Cause, CauseKind, Condition, Member
from domain.network import PersonRole
from kentongan.incidents import journalled
from tests.unit.console.console_office import EVIL, IN_PLERED, IN_TEGALWARU, NOW, Office, office

MERGE = "/incidents/plrd-0001/merge"
SPLIT = "/incidents/both-0001/split"
BOTH = replace(
    IN_PLERED,
    id="both-0001",
    cause=Cause(CauseKind.LINK, "fo-1"),
    members=(Member("rtr-citeko", NOW), Member("rtr-cadassari", NOW)),
)
ASKED = {"into": "tgwr-0001", "why": "kabel yang sama"}
MAY = (PersonRole.NOC, PersonRole.ENGINEER, PersonRole.ADMIN)


@pytest.fixture(scope="module")
def shared() -> Iterator[Office]:
    with office() as made:
        yield made


@pytest.fixture
def here(shared: Office) -> Iterator[Office]:
    shared.sources.incidents = [IN_PLERED, IN_TEGALWARU, BOTH]
    shared.look_again()
    yield shared
    shared.orders.given.clear()
    shared.orders.fails = ""


@pytest.fixture(scope="module")
def keys(shared: Office) -> dict[str, dict[str, str]]:
    """The door lets nobody knock more than twenty times a minute."""
    found = {}
    for name in (*(role.value for role in PersonRole), "of-plered"):
        assert shared.enter(name) == 303
        found[name] = dict(shared.client.cookies)
    return found


def as_(here: Office, keys: dict[str, dict[str, str]], name: str) -> str:
    """Goes in; the key of this session's forms."""
    here.client.cookies.clear()
    here.client.cookies.update(keys[name])
    return next(each.form_key for each in here.sessions.kept.values() if each.account == name)


def mark_of(text: str) -> str:
    return text.split('name="mark" value="')[1].split('"')[0]


def test_what_merging_would_do_is_shown_and_done_once_it_is_confirmed(
    here: Office, keys: dict[str, dict[str, str]]
) -> None:
    form_key = as_(here, keys, "noc")
    text = here.client.get(MERGE, params=ASKED).text
    assert "tgwr-0001 goes on with 2 devices; before that it held 1." in text
    assert "Nobody is told" in text
    assert here.orders.given == []
    given = {**ASKED, "mark": mark_of(text), "form_key": form_key}
    answer = here.client.post(MERGE, data=given)
    assert (answer.status_code, answer.headers["location"]) == (303, "/incidents/tgwr-0001")
    [act] = here.orders.given
    assert (act.incident, act.kind, act.actor, act.text) == ("plrd-0001", ActKind.MERGED, "noc", "kabel yang sama")
    assert act.values["into"] == "tgwr-0001"
    assert journalled(act) == {"text": "kabel yang sama", "into": "tgwr-0001"}


def test_what_was_not_seen_is_not_confirmed(here: Office, keys: dict[str, dict[str, str]]) -> None:
    form_key = as_(here, keys, "noc")
    mark = mark_of(here.client.get(MERGE, params=ASKED).text)
    grown = replace(IN_TEGALWARU, members=(*IN_TEGALWARU.members, Member("srv-1", NOW)))
    here.sources.incidents = [IN_PLERED, grown]
    here.look_again()
    for marks, why in ((mark, "kabel"), ("", "kabel"), (mark, "")):
        answer = here.client.post(MERGE, data={**ASKED, "why": why, "mark": marks, "form_key": form_key})
        assert answer.status_code == 409
    assert "Something has changed since" in here.client.post(MERGE, data={**ASKED, "form_key": form_key}).text
    assert here.orders.given == []


@pytest.mark.parametrize("role", list(PersonRole))
@pytest.mark.parametrize("path", [MERGE, SPLIT])
def test_only_who_may_act_may_merge_and_split(
    here: Office, keys: dict[str, dict[str, str]], role: PersonRole, path: str
) -> None:
    form_key = as_(here, keys, role.value)
    status = 200 if role in MAY else 403
    assert here.client.get(path).status_code == status
    assert here.client.post(path, data={**ASKED, "form_key": form_key}).status_code == (409 if role in MAY else 403)
    assert here.client.post(path, data={**ASKED, "form_key": "x"}).status_code == 403
    assert here.orders.given == []


def test_both_must_lie_within_the_area_of_the_account(here: Office, keys: dict[str, dict[str, str]]) -> None:
    form_key = as_(here, keys, "of-plered")
    assert here.client.get(MERGE).status_code == 200
    assert "tgwr-0001" not in here.client.get(MERGE).text
    assert "both-0001" not in here.client.get(MERGE).text, "a part of it is outside"
    for into, status in (("tgwr-0001", 404), ("both-0001", 403), ("none", 404)):
        given = {**ASKED, "into": into}
        assert here.client.get(MERGE, params=given).status_code == status
        assert here.client.post(MERGE, data={**given, "form_key": form_key}).status_code == status
    assert here.client.get(SPLIT).status_code == 403
    assert here.client.get("/incidents/tgwr-0001/merge").status_code == 404
    assert here.orders.given == []


def test_what_the_machine_would_part_again_is_refused_before_it_is_asked(
    here: Office, keys: dict[str, dict[str, str]]
) -> None:
    here.sources.incidents = [IN_PLERED, replace(IN_TEGALWARU, condition=Condition.DEGRADED)]
    here.look_again()
    form_key = as_(here, keys, "noc")
    assert "No other open incident could hold this one" in here.client.get(MERGE).text
    answer = here.client.get(MERGE, params=ASKED)
    assert answer.status_code == 409
    assert "not of one kind" in answer.text
    assert here.client.post(MERGE, data={**ASKED, "form_key": form_key}).status_code == 409
    assert here.orders.given == []


def test_splitting_is_shown_and_done_with_what_is_nearest_to_the_core_first(
    here: Office, keys: dict[str, dict[str, str]]
) -> None:
    form_key = as_(here, keys, "engineer")
    text = here.client.get(SPLIT, params={"member": "rtr-cadassari", "why": EVIL}).text
    assert "A new incident begins with 1 device: rtr-cadassari." in text
    assert EVIL not in text
    given = {"members": "rtr-cadassari", "why": "token habis", "mark": mark_of(text), "form_key": form_key}
    assert here.client.post(SPLIT, data=given).status_code == 303
    [act] = here.orders.given
    assert (act.kind, act.values["members"]) == (ActKind.SPLIT, "rtr-cadassari")
    for members in (["rtr-citeko", "rtr-cadassari"], ["unknown"]):
        assert here.client.get(SPLIT, params={"member": members}).status_code == 409
    here.orders.fails = "Kentongan does not run."
    failed = here.client.post(SPLIT, data=given)
    assert failed.status_code == 409
    assert "Kentongan does not run." in failed.text


def test_a_program_merges_and_splits_by_the_same_rules(here: Office) -> None:
    client, key = here.client, here.token("engineer")
    path = "/api/v1/incidents/plrd-0001/acts"
    merged = client.post(path, json={"mergeInto": "tgwr-0001", "note": "kabel"}, headers=key)
    assert (merged.status_code, merged.json()["kind"]) == (201, "merged")
    parted = client.post(
        "/api/v1/incidents/both-0001/acts", headers=key, json={"splitOff": ["rtr-citeko"], "note": "x"}
    )
    assert (parted.status_code, parted.json()["values"]["members"]) == (201, "rtr-citeko")
    assert [act.kind for act in here.orders.given] == [ActKind.MERGED, ActKind.SPLIT]
    refused = (
        ({"mergeInto": "plrd-0001", "note": "x"}, 409),
        ({"mergeInto": "none", "note": "x"}, 404),
        ({"mergeInto": "tgwr-0001"}, 422),
        ({"splitOff": ["rtr-citeko"], "note": "x"}, 409),
        ({"splitOff": [], "note": "x"}, 422),
    )
    for order, status in refused:
        assert client.post(path, json=order, headers=key).status_code == status, order
    own = here.token("of-plered")
    assert client.post(path, json={"mergeInto": "both-0001", "note": "x"}, headers=own).status_code == 403
    assert client.post(path, json={"mergeInto": "tgwr-0001", "note": "x"}, headers=own).status_code == 404
    assert len(here.orders.given) == 2


def test_a_page_says_what_it_is_part_of_and_what_it_holds(here: Office, keys: dict[str, dict[str, str]]) -> None:
    as_(here, keys, "viewer")
    here.sources.incidents = [
        replace(IN_PLERED, merged_into="tgwr-0001"),
        replace(IN_TEGALWARU, merged_from=("plrd-0001",)),
    ]
    here.look_again()
    assert 'It is part of <a href="/incidents/tgwr-0001">' in here.client.get("/incidents/plrd-0001").text
    assert 'It holds what were <a href="/incidents/plrd-0001">' in here.client.get("/incidents/tgwr-0001").text
