"""A unit list that calls homes by another scheme's names is laid beside the ledger's own places."""

from documents.intake.services.sessions import commit_session
from projects.ledger.choices import NameScheme
from projects.ledger.models import Unit
from projects.ledger.services.names import accept_names
from tests.documents.intake.services.lists import DAY, listed, staged, written
from tests.factories.projects import Estate, on_day


def called(estate: Estate, names: dict[int, str], scheme: NameScheme = NameScheme.SALES) -> None:
    building = Unit.objects.get(pk=next(iter(names))).building
    with on_day(DAY):
        accept_names(actor=estate.cast.district.actor, building=building, scheme=scheme, starts=DAY, names=names)


def test_a_row_that_names_a_home_by_another_scheme_changes_that_home_and_adds_none(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    first = Unit.objects.filter(building__number="9").order_by("id")[0]
    called(estate, {first.pk: "甲-801"})
    before = Unit.objects.count()
    rows = listed(estate, 1, r2={"room": "甲-801", "entrance": "", "remark": "按销售户名报"})

    session = staged(estate, rows)

    assert (session.added, session.changed, session.refused) == (0, 1, 0)
    assert "BY_NAME" in session.warnings
    with on_day(DAY):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
    after = Unit.objects.get(pk=first.pk)
    assert (Unit.objects.count(), after.room, after.remark) == (before, first.room, "按销售户名报")


def test_a_name_that_two_homes_have_is_refused_with_both(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    first, second = Unit.objects.filter(building__number="9").order_by("id")[:2]
    called(estate, {first.pk: "甲-801"})
    called(estate, {second.pk: "甲-801"}, NameScheme.POLICE)

    session = staged(estate, listed(estate, 1, r2={"room": "甲-801", "unit_code": ""}))
    settled = staged(estate, listed(estate, 1, r2={"room": "甲-801"}))

    assert (settled.added, settled.refused) == (0, 0), "the unit code says which"
    assert (session.added, session.changed, session.refused) == (0, 0, 1)
    [row] = session.staged_rows.all()
    [error] = row.errors
    assert error["code"] == "NAME_AMBIGUOUS"
    assert all(str(one) in error["message"] for one in (first, second))


def test_without_names_a_strange_room_is_a_new_home(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    session = staged(estate, listed(estate, 1, r2={"room": "甲-801", "unit_code": ""}))

    assert (session.added, session.warnings.count("BY_NAME")) == (1, 0)
