"""Two people decide on one list at the same moment: the second waits for the first, and then finds it decided."""

import threading
import time

import pytest
from django.db import close_old_connections, connection, transaction

from documents.intake.services.sessions import accept_session, return_session, submit_session
from registry.kernel.errors import DomainError
from tests.documents.intake.services.lists import DAY, listed, staged
from tests.factories.projects import Estate, on_day

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20.0


def anybody_waits() -> bool:
    """Whether somebody waits for what this connection holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.postgres
def test_a_list_accepted_this_moment_is_not_returned_too(estate: Estate) -> None:
    session, cast, said = staged(estate, listed(estate)), estate.cast, []
    with on_day(DAY):
        submit_session(actor=cast.district.actor, session=session)
    second, third = cast.district_second.actor, cast.district_second.actor

    def send_back() -> None:
        try:
            with on_day(DAY):
                return_session(actor=third, session=session, reason="户号不全")
            said.append("returned")
        except DomainError as refusal:
            said.append(refusal.message)
        finally:
            close_old_connections()
            connection.close()

    thread = threading.Thread(target=send_back)
    with transaction.atomic():
        with on_day(DAY):
            accept_session(actor=second, session=session, placed_on=DAY)
        thread.start()
        until = time.monotonic() + PATIENCE
        while not anybody_waits() and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.05)
        assert anybody_waits(), "the second decider waits while the first is at it"
    thread.join(PATIENCE)

    session.refresh_from_db()
    assert ["已写入" in text for text in said] == [True], said
    assert session.state == "committed"
