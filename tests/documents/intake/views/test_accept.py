"""The button that writes a list into the ledger, pressed as a browser presses it: with the token of its form."""

import re

from django.test import Client

from documents.intake.services.sessions import submit_session
from tests.documents.intake.services.lists import listed, staged
from tests.documents.intake.services.sessions import sent
from tests.documents.intake.services.test_work_lists import laid
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, on_day

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def form_of(text: str, action: str) -> str:
    """The form of a page that posts to an address."""
    [found] = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>.*?</form>', text, re.DOTALL)
    return str(found)


def test_a_unit_list_is_written_by_the_form_that_the_page_shows(estate: Estate) -> None:
    session, client = staged(estate, listed(estate)), Client(enforce_csrf_checks=True)
    page, action = f"/documents/imports/{session.pk}/", f"/documents/imports/{session.pk}/accept/"
    said = {"placed_on": "2022-02-01", "choice": "rows"}
    with on_day(TODAY):
        text = sign_in(estate.cast.district, client).get(page).content.decode()
        assert client.post(action, said).status_code == 403, "the control: without its token it is refused"
        [token] = TOKEN.findall(form_of(text, action))
        client.post(action, {**said, "csrfmiddlewaretoken": token})

    session.refresh_from_db()
    assert session.state == "committed"


def test_another_list_is_carried_out_by_the_form_that_the_page_shows(estate: Estate) -> None:
    session, client = sent(estate, "buildings", laid("buildings", {"number": "7"})), Client(enforce_csrf_checks=True)
    page, action = f"/documents/imports/{session.pk}/", f"/documents/imports/{session.pk}/accept/"
    with on_day(TODAY):
        text = sign_in(estate.cast.district, client).get(page).content.decode()
        [token] = TOKEN.findall(form_of(text, action))
        client.post(action, {"choice": "rows", "csrfmiddlewaretoken": token})

    session.refresh_from_db()
    assert session.state == "committed"


def test_the_button_is_not_shown_to_who_may_not_press_it(estate: Estate) -> None:
    """Neither to the firm that sent the list, nor to its reader; the district that accepts it has it."""
    session = staged(estate, listed(estate), by="developer")
    with on_day(TODAY):
        submit_session(actor=estate.cast.developer.actor, session=session)
        texts = {
            name: sign_in(getattr(estate.cast, name)).get(f"/documents/imports/{session.pk}/").content.decode()
            for name in ("developer", "city", "district")
        }

    shown = {name for name, text in texts.items() if f'action="/documents/imports/{session.pk}/accept/"' in text}
    assert shown == {"district"}
