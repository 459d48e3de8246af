"""A file without an important column asks before it is written: the tick is the answer."""

import pytest
from django.test import Client

from documents.intake.models import ImportSession
from documents.intake.services.sessions import commit_session, submit_session
from tests.documents.intake.reading.files import HEADERS, NAMES, workbook
from tests.documents.intake.services.lists import DAY, listed, staged
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import refused

ASKED = 'name="without"'
UNANSWERED = "尚未确认。确实没有的，请勾选后再写入"


def without_numbers(estate: Estate, by: str = "district") -> ImportSession:
    names = [name for name in NAMES if name not in ("identity", "phone")]
    headers = [header for header, name in zip(HEADERS, NAMES, strict=True) if name in names]
    return staged(estate, workbook(listed(estate), headers=headers, names=names), by=by)


@pytest.mark.parametrize(("by", "act", "state"), [
    ("district", "accept", "committed"), ("developer", "submit", "submitted"),
])  # fmt: skip
def test_a_file_without_numbers_is_written_once_its_sender_says_so(
    estate: Estate, by: str, act: str, state: str
) -> None:
    session = without_numbers(estate, by)
    client: Client = sign_in(getattr(estate.cast, by))
    address, said = f"/documents/imports/{session.pk}/", {"placed_on": "2022-02-01", "choice": "rows"}
    with on_day(TODAY):
        assert ASKED in client.get(address).content.decode()
        answer = client.post(f"{address}{act}/", said)
        assert (answer.status_code, UNANSWERED in answer.content.decode()) == (200, True)
        session.refresh_from_db()
        assert session.state == "staged"
        assert client.post(f"{address}{act}/", {**said, "without": "on"}).status_code == 302

    session.refresh_from_db()
    assert session.state == state


def test_a_file_with_every_column_asks_nothing(estate: Estate) -> None:
    session = staged(estate, listed(estate))
    text = sign_in(estate.cast.district).get(f"/documents/imports/{session.pk}/").content.decode()
    assert ASKED not in text


def test_the_service_refuses_what_nobody_answered(estate: Estate) -> None:
    session = without_numbers(estate)
    with on_day(DAY):
        with refused(UNANSWERED, field="without"):
            commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY, without=False)
        with refused(UNANSWERED, field="without"):
            submit_session(actor=estate.cast.district.actor, session=session, without=False)
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
