"""A snapshot shows one state of the books and stops nobody."""

import threading

import pytest
from django.db import connection

from registry.accounts.models import Organisation
from registry.store.guard import fixture_writes
from registry.store.snapshot import read_only_snapshot


def lay(code: str) -> None:
    with fixture_writes():
        Organisation.objects.create(code=code, name=code, kind="department")


def elsewhere(act) -> list[BaseException]:
    """Do something on another connection, in another thread."""
    found: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return found


@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_written_and_not_seen():
    lay("YS-1")
    with read_only_snapshot():
        assert Organisation.objects.count() == 1
        assert elsewhere(lambda: lay("YS-2")) == []
        assert Organisation.objects.count() == 1

    assert Organisation.objects.count() == 2
    lay("YS-3")


@pytest.mark.django_db(transaction=True)
def test_the_connection_is_as_before_after_an_error():
    def broken() -> None:
        with read_only_snapshot():
            Organisation.objects.count()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    lay("YS-1")
    assert Organisation.objects.count() == 1
    assert not connection.in_atomic_block


@pytest.mark.django_db
def test_inside_a_transaction_it_is_that_ones():
    lay("YS-1")
    with read_only_snapshot():
        assert Organisation.objects.count() == 1
