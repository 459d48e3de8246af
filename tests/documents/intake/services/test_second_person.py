"""One person with two roles is one person: lists are sent by one and accepted, or taken back, by another."""

from dataclasses import replace

import pytest

from documents.intake.models import ImportSession
from documents.intake.services.list_sessions import carry_out_session, close_list_session
from documents.intake.services.sessions import accept_session, commit_session, submit_session
from documents.intake.services.take_back_list import ListUndo, note_list_undone, undo_list
from documents.intake.services.take_back_units import propose_undo, undo_session
from projects.ledger.models import IN_THE_BOOKS, Building, Unit
from registry.accounts.services.approvals import approve
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.documents.intake.services.lists import DAY, LATER, listed, staged, written_by_two
from tests.documents.intake.services.sessions import sent
from tests.documents.intake.services.test_work_lists import laid
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import refused

TWO = "须由两人办理"


def in_the_district(estate: Estate, who: str = "developer") -> Actor:
    """The same person in another role: an official of the district."""
    return replace(estate.cast.district.actor, person_id=getattr(estate.cast, who).actor.person_id)


def test_who_sent_a_unit_list_as_a_firm_does_not_accept_it_as_the_district(estate: Estate) -> None:
    session, again = staged(estate, listed(estate), by="developer"), in_the_district(estate)
    with on_day(DAY):
        with refused("须经复核后写入", code="second_person"):
            commit_session(actor=again, session=session, placed_on=DAY)
        with refused("须经复核后写入", code="second_person"):
            commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
        submit_session(actor=estate.cast.developer.actor, session=session)
        with refused(TWO, code="second_person"):
            accept_session(actor=again, session=session, placed_on=DAY)
        accept_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)

    assert Unit.objects.filter(building__number="9").count() == 3


def test_a_district_does_not_accept_its_own_submitted_list(estate: Estate) -> None:
    session = staged(estate, listed(estate))
    with on_day(DAY):
        submit_session(actor=estate.cast.district.actor, session=session)
        with refused(TWO, code="second_person"):
            accept_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
        accept_session(actor=estate.cast.district_second.actor, session=session, placed_on=DAY)


def test_a_file_staged_before_the_rule_was_kept_takes_two(estate: Estate) -> None:
    assert ImportSession(params={}).takes_two
    assert not staged(estate, listed(estate)).takes_two
    assert staged(estate, listed(estate), by="developer").takes_two


@pytest.fixture
def firms_list(estate: Estate) -> ImportSession:
    """A list of buildings as a firm would send it."""
    session = sent(estate, "buildings", laid("buildings", {"number": "7"}))
    session.params = {**session.params, "takes_two": True}
    session.uploaded_by_id = estate.cast.developer.person.pk
    with fixture_writes():
        session.save()
    return session


def test_who_sent_another_list_as_a_firm_does_not_carry_it_out_as_the_district(
    estate: Estate, firms_list: ImportSession
) -> None:
    again = in_the_district(estate)
    with on_day(TODAY):
        with refused("须由区专班复核", code="second_person"):
            carry_out_session(actor=estate.cast.district.actor, session=firms_list)
        submit_session(actor=estate.cast.district.actor, session=firms_list)
        with refused(TWO, code="second_person"):
            carry_out_session(actor=again, session=firms_list)
        firms_list.refresh_from_db()
        with refused(TWO, code="second_person"):
            close_list_session(actor=again, session=firms_list, found=[], report={})
        carry_out_session(actor=estate.cast.district.actor, session=firms_list)

    assert Building.objects.filter(project=estate.project, number="7").exists()


def test_a_list_that_two_took_in_goes_back_by_two(estate: Estate, firms_list: ImportSession) -> None:
    district, second = estate.cast.district.actor, estate.cast.district_second.actor
    with on_day(TODAY):
        submit_session(actor=district, session=firms_list)
        carry_out_session(actor=district, session=firms_list)
        firms_list.refresh_from_db()
        for first in (None, FirstPerson.of(estate.cast.district.person)):
            with refused(TWO, code="second_person"):
                undo_list(actor=district, session=firms_list, reason="传错", first=first)
            with refused(TWO, code="second_person"):
                note_list_undone(actor=district, session=firms_list, plan=ListUndo(1), reason="传错", first=first)
        approval = propose_undo(actor=district, session=firms_list, reason="传错")
        with pytest.raises(DomainError, match=TWO):
            approve(actor=replace(second, person_id=district.person_id), approval=approval)
        approve(actor=second, approval=approval)

    firms_list.refresh_from_db()
    assert (firms_list.state, firms_list.undo_report["retired"]) == ("undone", 1)
    assert not Building.objects.filter(project=estate.project, number="7").exists()


def test_an_undo_that_needs_two_names_a_person_not_a_word(estate: Estate) -> None:
    session = written_by_two(estate, listed(estate))
    district = estate.cast.district.actor
    with on_day(LATER):
        for first in (None, FirstPerson(None, "某人"), FirstPerson.of(estate.cast.district.person)):
            with refused(TWO, code="second_person"):
                undo_session(actor=district, session=session, reason="报错", first=first)
        undo_session(actor=district, session=session, reason="报错", first=FirstPerson.of(estate.cast.city.person))

    assert not Unit.objects.filter(IN_THE_BOOKS, building__number="9").exists()
