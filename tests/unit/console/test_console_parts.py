"""Areas of pages that are plugged in: found on one page, by whoever may use them."""

from fastapi import APIRouter

from console.web.part import Entry, Part
from domain.accounts import Right
from tests.unit.console.console_office import office


def test_the_page_of_everything_names_what_one_may_use() -> None:
    open_to_all = Entry("/services", lambda: "Applications", lambda: "Whether they answer.")
    for_some = Entry("/people", lambda: "People", lambda: "Who may log in.", Right.ADMINISTER)
    with office(parts=[Part(APIRouter(), (open_to_all, for_some))]) as here:
        assert here.client.get("/more").status_code == 303, "nobody is logged in"
        here.enter("viewer")
        assert "/services" in here.client.get("/more").text
        assert "/people" not in here.client.get("/more").text
        here.enter("admin")
        assert "/people" in here.client.get("/more").text
