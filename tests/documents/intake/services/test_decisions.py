"""Who decides on a list: never its sender, never without a reason, and only with the right to take it back."""

import pytest

from documents.intake.models import ImportSession
from documents.intake.services.list_sessions import carry_out_session
from documents.intake.services.sessions import accept_session, return_session, submit_session
from documents.intake.services.take_back_list import undo_list
from projects.ledger.models import Building
from registry.kernel.authority import Permission
from registry.kernel.errors import PermissionRefused
from registry.lists.kinds import LISTS
from registry.store.guard import fixture_writes
from tests.documents.intake.services.lists import DAY, listed, staged
from tests.documents.intake.services.sessions import sent
from tests.documents.intake.services.test_work_lists import laid
from tests.factories.accounts import PARTS, Player
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import digest, refused


def submitted_units(estate: Estate) -> ImportSession:
    """A unit list that the district itself sent and handed to a second person."""
    session = staged(estate, listed(estate))
    with on_day(DAY):
        submit_session(actor=estate.cast.district.actor, session=session)
    return session


def submitted_buildings(estate: Estate) -> ImportSession:
    """Another kind of list in the same state."""
    session = sent(estate, "buildings", laid("buildings", {"number": "7"}))
    with on_day(TODAY):
        submit_session(actor=estate.cast.district.actor, session=session)
    return session


def test_a_unit_list_is_accepted_by_another_and_never_by_its_sender(estate: Estate) -> None:
    session = submitted_units(estate)

    with on_day(DAY):
        with refused(".", code="second_person"):
            accept_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
        done = accept_session(actor=estate.cast.district_second.actor, session=session, placed_on=DAY)

    assert (done.state, done.decided_by) == ("committed", estate.cast.district_second.person)


def test_a_list_of_another_kind_is_accepted_by_another_and_never_by_its_sender(estate: Estate) -> None:
    session = submitted_buildings(estate)

    with on_day(TODAY):
        with refused(".", code="second_person"):
            carry_out_session(actor=estate.cast.district.actor, session=session)
        done = carry_out_session(actor=estate.cast.district_second.actor, session=session)

    assert (done.state, done.decided_by) == ("committed", estate.cast.district_second.person)
    assert Building.objects.filter(project=estate.project, number="7").exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_list_is_not_returned_without_a_reason(estate: Estate, reason: str) -> None:
    session = submitted_units(estate)

    with on_day(DAY):
        with refused("未填写退回原因", field="reason"):
            return_session(actor=estate.cast.district_second.actor, session=session, reason=reason)
        back = return_session(actor=estate.cast.district_second.actor, session=session, reason=" 户号不全 ")

    assert (back.state, back.message) == ("returned", "户号不全")


def lacking(estate: Estate, right: Permission) -> Player:
    """Somebody of the cast who may send lists and lacks the right to take this kind back."""
    players: list[Player] = [getattr(estate.cast, name) for name in PARTS]
    return next(player for player in players if player.actor.can(Permission.LIST_STAGE) and not player.actor.can(right))


@pytest.mark.parametrize(
    "name", [name for name, kind in LISTS.items() if kind.undone_by not in (None, Permission.LIST_STAGE)]
)
def test_a_list_is_taken_back_only_with_the_right_of_its_kind(estate: Estate, name: str) -> None:
    """The right is asked for before anything else: a list in no state to be taken back is refused for the right."""
    session = sent(estate, "buildings", laid("buildings", {"number": "7"}))
    with fixture_writes():
        ImportSession.objects.filter(pk=session.pk).update(kind=name)
    session.refresh_from_db()
    before = digest()

    right = LISTS[name].undone_by
    assert right is not None
    with on_day(TODAY), pytest.raises(PermissionRefused):
        undo_list(actor=lacking(estate, right).actor, session=session, reason="传错了")

    assert digest() == before
