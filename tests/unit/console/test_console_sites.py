"""Changes of sites in the console: who sees and orders what, one thing at a time, nothing that was not seen."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from console.ports.sites import OrderKind, RefusedError, Task
from console.views.changes import Standing, stood
from console.web.sites import sites_part
from domain.changes import JobState, StepKind
from domain.network import PersonRole, Stage
from tests.unit.console.changes_office import (
    CONFIGURED,
    MARK,
    Changes,
    changes,
    done_job,
    enter,
    waiting_job,
    waiting_wave,
    wave,
)
from tests.unit.console.console_office import EVIL, NOW, Office, office

SITE, OTHER = "/sites/desa-citeko", "/sites/desa-cadassari"
ENGINEERS = {PersonRole.ENGINEER, PersonRole.ADMIN}
APPROVERS = {PersonRole.APPROVER, PersonRole.ADMIN}
PLANNERS = ENGINEERS | {PersonRole.PLANNER}
APPROVE_BUTTON = 'action="/sites/desa-citeko/agree"'


@pytest.fixture(scope="module")
def open_office() -> Iterator[tuple[Office, Changes]]:
    made = changes()
    with office(parts=[sites_part(made.sites())]) as here:
        yield here, made


@pytest.fixture
def both(open_office: tuple[Office, Changes]) -> tuple[Office, Changes]:
    """Everything as it was."""
    here, made = open_office
    fresh = changes()
    for part in ("book", "plans", "orders"):
        vars(getattr(made, part)).update(vars(getattr(fresh, part)))
    made.orders.book = made.book
    return here, made


def post(here: Office, path: str, **form: str) -> int:
    return int(here.client.post(path, data={"form_key": here.form_key(), **form}).status_code)


def test_what_waits_for_somebody_comes_first(both: tuple[Office, Changes]) -> None:
    here, _made = both
    enter(here, "engineer")
    text = here.client.get("/sites").text
    assert "1 site waits for somebody" in text
    assert text.index("desa-citeko") < text.index("desa-cadassari")
    assert "Waits for a yes" in text
    assert here.client.get("/sites?standing=agreeing").text.count('<th scope="row">') == 1
    assert here.client.get("/sites?q=CADASSARI").text.count('<th scope="row">') == 1
    assert here.client.get("/sites?q=%25").text.count('<th scope="row">') == 0
    assert here.client.get("/sites?q=" + "x" * 10_000).status_code == 422
    csv = here.client.get("/sites.csv").text
    assert len(csv.splitlines()) == 4


@pytest.mark.parametrize("role", list(PersonRole))
def test_who_may_order_what(both: tuple[Office, Changes], role: PersonRole) -> None:
    here, made = both
    enter(here, role.value)
    for path in ("/sites", "/sites.csv", SITE, f"{SITE}/standing"):
        assert here.client.get(path).status_code == 200, path
    see = {
        f"{SITE}/plan": PLANNERS | APPROVERS,
        "/sites/new": PLANNERS,
        f"{SITE}/rollback": ENGINEERS,
        f"{SITE}/suspend": ENGINEERS,
        f"{SITE}/replace": ENGINEERS,
        f"{SITE}/transcript?job=a1b2c3": ENGINEERS,
        "/waves": ENGINEERS | APPROVERS,
        f"{SITE}/sheet.pdf": set(PersonRole) - {PersonRole.VIEWER},
    }
    for path, who in see.items():
        assert here.client.get(path).status_code == (200 if role in who else 403), path
    acts = {
        (f"{SITE}/apply", (("job", "a1b2c3"),)): ENGINEERS,
        (f"{SITE}/rollback", (("mark", MARK),)): ENGINEERS,
        ("/waves", (("sites", "desa-citeko"), ("canary", "1"), ("batch", "8"), ("stop_at", "10"))): ENGINEERS,
        (f"{SITE}/agree", (("job", "a1b2c3"), ("mark", MARK))): APPROVERS,
    }
    for (path, form), who in acts.items():
        made.book.ordered.clear()
        before = (len(made.orders.given), list(made.book.held))
        status = post(here, path, **dict(form))
        assert status == (303 if role in who else 403), path
        assert (before != (len(made.orders.given), made.book.held)) is (role in who), path


def test_a_configuration_is_read_by_engineers_alone(both: tuple[Office, Changes]) -> None:
    here, _made = both
    for role in PersonRole:
        enter(here, role.value)
        text = here.client.get(f"{SITE}/plan").text
        assert (CONFIGURED in text) is (role in ENGINEERS)
        assert ("no shutdown" in text) is (role in ENGINEERS)
        assert "pwk-admin/password" not in text
        assert "⟦" not in text


def test_whoever_may_only_look_reads_no_evidence(both: tuple[Office, Changes]) -> None:
    here, _made = both
    for role, reads in ((PersonRole.VIEWER, False), (PersonRole.NOC, True)):
        enter(here, role.value)
        whole = here.client.get(SITE).text + here.client.get("/sites").text + here.client.get("/sites.csv").text
        assert ("found " in whole) is reads
        assert ("2 more have to agree" in whole) is reads


def test_nobody_agrees_to_an_own_change(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.held[0] = waiting_job("admin")
    enter(here, "admin")
    assert APPROVE_BUTTON not in here.client.get(SITE).text
    assert post(here, f"{SITE}/agree", job="a1b2c3", mark=MARK) == 403
    enter(here, "approver")
    assert APPROVE_BUTTON in here.client.get(SITE).text
    assert post(here, f"{SITE}/agree", job="a1b2c3", mark=MARK) == 303
    assert made.book.held[0].approvers == ("approver",)
    assert "1 more has to agree" in here.client.get(SITE).text
    assert post(here, f"{SITE}/agree", job="a1b2c3", mark=MARK, revoke="yes") == 303
    assert not made.book.held[0].approvers


def test_what_was_changed_since_it_was_seen_is_not_agreed_to(both: tuple[Office, Changes]) -> None:
    here, made = both
    enter(here, "approver")
    made.book.held[0] = replace(made.book.held[0], fingerprint="another")
    answer = here.client.post(f"{SITE}/agree", data={"form_key": here.form_key(), "job": "a1b2c3", "mark": MARK})
    assert answer.status_code == 409
    assert "The plan was changed" in answer.text
    assert made.book.held[0].approvers == ()


def test_of_two_who_apply_at_once_the_second_is_told_who_was_first(both: tuple[Office, Changes]) -> None:
    here, made = both
    enter(here, "engineer")
    assert post(here, f"{SITE}/apply", job="a1b2c3") == 303
    answer = here.client.post(f"{SITE}/apply", data={"form_key": here.form_key(), "job": "a1b2c3"})
    assert answer.status_code == 409
    assert "engineer has been working on this" in answer.text
    assert len(made.orders.given) == 1


def test_nothing_is_built_that_nobody_has_looked_at(both: tuple[Office, Changes]) -> None:
    here, made = both
    enter(here, "engineer")
    assert post(here, f"{SITE}/apply") == 422
    assert not made.orders.given
    made.book.held.clear()
    mark = re.search(r'name="mark" value="(\w+)"', here.client.get(f"{SITE}/plan?profile=desa-fibre").text)
    assert mark is not None
    assert post(here, f"{SITE}/apply", mark=mark[1], profile="desa-fibre") == 303
    (order,) = made.orders.given
    assert (order.kind, order.who, order.mark, order.words["profile"]) == (
        OrderKind.BUILD, "engineer", MARK, "desa-fibre",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["rollback", "suspend", "resume", "decommission", "replace"])
def test_what_would_happen_is_shown_before_it_is_confirmed(both: tuple[Office, Changes], kind: str) -> None:
    here, made = both
    enter(here, "engineer")
    words = {"reason": "kontrak habis", "device": "rtr-citeko", "serial": "HE1"}
    if kind in ("suspend", "decommission", "replace"):
        assert "This would happen" not in here.client.get(f"{SITE}/{kind}").text
    text = here.client.get(f"{SITE}/{kind}", params=words).text
    assert "This would happen" in text
    assert not made.orders.given
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    assert post(here, f"{SITE}/{kind}", **{**form, "form_key": here.form_key()}) == 303
    assert [(each.kind.value, each.mark) for each in made.orders.given] == [(kind, MARK)]
    made.book.ordered.clear()
    made.plans.mark = "another"
    answer = here.client.post(f"{SITE}/{kind}", data=form)
    assert (answer.status_code, len(made.orders.given)) == (409, 1)
    assert "something else by now" in answer.text


def test_a_device_of_another_site_is_not_replaced_here(both: tuple[Office, Changes]) -> None:
    here, made = both
    enter(here, "engineer")
    assert here.client.get(f"{SITE}/replace?device=rtr-cadassari&serial=1").status_code == 404
    assert post(here, f"{SITE}/replace", device="rtr-cadassari", serial="1", mark=MARK) == 404
    assert here.client.get(f"{SITE}/replace?device=rtr-citeko&serial=1&fate=eaten").status_code == 422
    assert not made.orders.given


def test_what_cannot_be_planned_says_why_and_asks(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.plans.refused = f"onu_serial is missing {EVIL}"
    enter(here, "planner")
    answer = here.client.get(f"{SITE}/plan")
    assert answer.status_code == 409
    assert "onu_serial is missing" in answer.text
    assert "/sites/new?site=desa-citeko" in answer.text


def test_more_than_twenty_answers_are_kept_and_a_wrong_one_keeps_none(both: tuple[Office, Changes]) -> None:
    here, made = both
    enter(here, "planner")
    text = here.client.get("/sites/new?site=desa-citeko&profile=desa-fibre").text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    answers = {f"v-q{n}": "x" for n in range(30)} | {"v-onu_serial": "ZTEG2"}
    wrong = here.client.post("/sites/new", data={**form, **answers, "v-q3": "wrong"})
    assert wrong.status_code == 422
    assert 'value="ZTEG2"' in wrong.text
    assert made.plans.values["onu_serial"] == "ZTEG1"
    good = here.client.post("/sites/new", data={**form, **answers})
    assert (good.status_code, good.headers["location"]) == (303, f"{SITE}/plan?profile=desa-fibre")
    assert made.plans.values["onu_serial"] == "ZTEG2"
    late = here.client.post("/sites/new", data={**form, "v-onu_serial": "ZTEG3"})
    assert (late.status_code, made.plans.values["onu_serial"]) == (409, "ZTEG2")


def test_one_kecamatans_engineer_sees_and_orders_at_home_alone(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.begun_waves = [wave("desa-cadassari"), replace(wave("desa-citeko", "desa-cadassari"), id="w2w2w2")]
    account = here.accounts.kept["of-plered"]
    here.accounts.put(replace(account, name="engineer-plered", role=PersonRole.ENGINEER))
    enter(here, "engineer-plered")
    assert "cadassari" not in here.client.get("/sites").text + here.client.get("/sites.csv").text
    for path in (OTHER, f"{OTHER}/plan", f"{OTHER}/rollback", f"{OTHER}/sheet.pdf", f"{OTHER}/transcript?job=d0d0d0"):
        assert here.client.get(path).status_code == 404, path
    assert here.client.get(f"{SITE}/plan?like=desa-cadassari").status_code == 404
    for path in (f"{OTHER}/apply", f"{OTHER}/rollback"):
        assert post(here, path, mark=MARK) == 404
    assert "w1w1w1" not in here.client.get("/waves").text
    assert here.client.get("/waves/w1w1w1").status_code == 404
    assert "cadassari" not in here.client.get("/waves/w2w2w2").text
    assert post(here, "/waves/w2w2w2/resume") == 403
    assert post(here, "/waves", sites="desa-cadassari", canary="1", batch="1", stop_at="1") == 422
    assert not made.orders.given
    assert post(here, "/waves", sites="desa-citeko", canary="1", batch="1", stop_at="1") == 303
    here.accounts.remove("engineer-plered")


def test_a_whole_wave_is_agreed_to_by_others_and_as_it_was_seen(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.held = [waiting_job(), waiting_job("engineer", "b2c3d4", "desa-cadassari")]
    made.book.begun_waves = [waiting_wave("desa-citeko", "desa-cadassari")]
    enter(here, "approver")
    text = here.client.get("/waves/w3w3w3").text
    assert "Agree to all 2 plans" in text
    assert "Go on" not in text, "that is for engineers"
    assert "2 plans wait for others to agree." in text
    seen = text.split('name="plans" value="')[1].split('"')[0]
    made.book.held[1] = replace(made.book.held[1], fingerprint="other")
    assert post(here, "/waves/w3w3w3/agree", plans=seen) == 409
    assert all(not job.approvers for job in made.book.held)
    made.book.held[1] = replace(made.book.held[1], fingerprint=MARK)
    assert post(here, "/waves/w3w3w3/agree", plans=seen) == 303
    assert [job.approvers for job in made.book.held] == [("approver",), ("approver",)]
    assert "Take my yes back" in here.client.get("/waves/w3w3w3").text
    assert post(here, "/waves/w3w3w3/agree", plans=seen, revoke="yes") == 303
    assert [job.approvers for job in made.book.held] == [(), ()]
    enter(here, "admin")
    made.book.begun_waves = [replace(made.book.begun_waves[0], actor="admin")]
    assert "Somebody else has to agree" in here.client.get("/waves/w3w3w3").text
    assert post(here, "/waves/w3w3w3/agree", plans=seen) == 403
    for name in ("engineer", "planner", "noc", "viewer"):
        enter(here, name)
        assert post(here, "/waves/w3w3w3/agree", plans=seen) == 403
    enter(here, "approver")
    made.book.begun_waves = [waiting_wave("desa-citeko", "desa-cadassari")]
    assert here.client.post("/waves/w3w3w3/agree", data={"plans": seen}).status_code == 403, "no form of ours"


def test_waves_are_looked_for_and_given_to_a_spreadsheet(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.begun_waves = [wave("desa-citeko"), replace(waiting_wave("desa-cadassari"), actor="=siti")]
    enter(here, "engineer")

    def found(query: str) -> list[str]:
        return re.findall(r'<a href="/waves/(w\w+)">', here.client.get(f"/waves?{query}").text)

    assert found("") == ["w1w1w1", "w3w3w3"]
    assert found("q=CITEKO") == found("q=w1w1w1") == ["w1w1w1"]
    assert found("q=%25") == []
    assert here.client.get("/waves?q=" + "x" * 10_000).status_code == 422
    sheet = here.client.get("/waves.csv").text.splitlines()
    assert len(sheet) == 3
    assert ",'=siti,desa-cadassari," in sheet[2]
    assert "cadassari" not in here.client.get("/waves.csv?q=citeko").text
    enter(here, "viewer")
    assert here.client.get("/waves.csv").status_code == 403


def test_a_wave_is_begun_stopped_and_gone_on_with(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.begun_waves = [wave("desa-citeko")]
    enter(here, "engineer")
    assert "0 of 1 sites done" in here.client.get("/waves/w1w1w1").text
    assert "Go on" in here.client.get("/waves/w1w1w1").text
    for form in (
        {"sites": "", "batch": "1"},
        {"sites": "nowhere", "batch": "1"},
        {"sites": "desa-citeko", "batch": "x"},
    ):
        assert post(here, "/waves", canary="1", stop_at="10", **form) == 422
    assert post(here, "/waves/w1w1w1/resume") == 303
    assert "Stop after those that were begun" in here.client.get("/waves/w1w1w1/rows").text
    assert post(here, "/waves", sites="desa-citeko", canary="1", batch="1", stop_at="1") == 409
    assert post(here, "/waves/w1w1w1/stop") == 303
    assert made.orders.stopped == ["w1w1w1"]


def test_a_form_of_somebody_else_orders_nothing(both: tuple[Office, Changes]) -> None:
    here, made = both
    enter(here, "admin")
    for path in (f"{SITE}/apply", f"{SITE}/agree", f"{SITE}/rollback", "/sites/new", "/waves", "/waves/w/stop"):
        form = {"job": "a1b2c3", "mark": MARK, "site": "desa-citeko"}
        assert here.client.post(path, data=form).status_code == 403, path
        form["form_key"] = here.form_key()
        assert here.client.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403, path
    assert not made.orders.given


def test_names_and_lines_are_text_and_nothing_else(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.begun_waves = [wave("desa-citeko", "desa-cadassari")]
    made.book.ordered["desa-cadassari"] = Task("desa-cadassari", "build", EVIL, NOW, NOW, f"no {EVIL}")
    enter(here, "admin")
    for path in (
        "/sites", "/sites/new", "/sites/new?site=desa-citeko", SITE, OTHER, f"{SITE}/plan", f"{SITE}/rollback",
        f"{SITE}/suspend?reason={EVIL}", f"{SITE}/transcript?job=a1b2c3", "/waves", "/waves/w1w1w1",
    ):  # fmt: skip
        answer = here.client.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text, path


def test_a_refusal_stays_where_it_happened(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.orders.refused = RefusedError("Nobody can carry it out.")
    enter(here, "engineer")
    answer = here.client.post(f"{SITE}/apply", data={"form_key": here.form_key(), "job": "a1b2c3"})
    assert answer.status_code == 409
    assert "Nobody can carry it out." in answer.text


def test_when_all_have_agreed_somebody_has_to_go_on(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.held[0] = replace(made.book.held[0], approvers=("wati", "tono"))
    enter(here, "engineer")
    text = here.client.get(SITE).text
    assert "Everybody who was needed has agreed" in text
    assert "must agree" not in text


def test_a_page_looks_again_only_while_something_is_under_way(both: tuple[Office, Changes]) -> None:
    here, made = both
    enter(here, "engineer")
    assert "hx-trigger" not in here.client.get(f"{SITE}/standing").text
    made.book.ordered["desa-citeko"] = Task("desa-citeko", "build", "engineer", NOW)
    text = here.client.get(f"{SITE}/standing").text
    assert 'hx-trigger="every 2s"' in text
    assert "Under way, 4/" in text
    assert "What you can do" not in text


def test_where_a_site_stands() -> None:
    moving = Task("s", "build", "x", NOW)
    job = waiting_job()
    failed = replace(
        job, steps=tuple(replace(each, tries=0) if each.kind is StepKind.APPROVE else each for each in job.steps)
    )
    assert [
        stood(stage, held, task).standing
        for stage, held, task in (
            (Stage.PLANNED, None, None),
            (Stage.PLANNED, None, moving),
            (Stage.PLANNED, job, None),
            (Stage.PLANNED, replace(job, approvers=("a", "b")), None),
            (Stage.PLANNED, failed, None),
            (Stage.PLANNED, replace(job, state=JobState.UNDOING), moving),
            (Stage.PLANNED, replace(job, state=JobState.UNDOING), None),
            (Stage.PLANNED, replace(job, state=JobState.UNDONE), None),
            (Stage.BUILT, done_job("s"), None),
            (Stage.SUSPENDED, None, None),
            (Stage.RETIRED, None, None),
        )
    ] == [
        Standing.PLANNED,
        Standing.WORKING,
        Standing.AGREEING,
        Standing.AGREED,
        Standing.STOPPED,
        Standing.UNDOING,
        Standing.STOPPED,
        Standing.UNDONE,
        Standing.STANDS,
        Standing.SUSPENDED,
        Standing.RETIRED,
    ]
