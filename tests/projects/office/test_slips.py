"""A slip at the counter: one's own visit of today is taken back, another's or an older one by two persons."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from projects.ledger.models import Move
from projects.office.models import Visit
from projects.office.selectors.board import trips_of
from projects.office.selectors.families import family_card
from projects.office.selectors.visits import visits_of
from projects.office.services.custody import fill_bags
from projects.office.services.slips import withdraw_visit
from projects.progress.services.submissions import hand_in
from registry.audit.invariants import INVARIANTS
from registry.store.guard import fixture_writes
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, on_day
from tests.factories.tampering import undone_unchecked
from tests.factories.trials import refused
from tests.projects.office.families import all_papers, come, lay_family, unit_of

WHY = "点错一户，材料是隔壁的"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def came(story: Estate) -> tuple[Estate, Visit]:
    """The family handed in everything for two of its homes today."""
    first, agreed, *_ = lay_family(story)
    return story, come(story, {key: all_papers(key) for key in (first, agreed)})


def take_back(estate: Estate, visit: Visit, by: str = "township", reason: str = WHY, day: Any = TODAY) -> Visit:
    with on_day(day, 11):
        gone: Visit = withdraw_visit(actor=getattr(estate.cast, by).actor, visit=visit, reason=reason)
    return gone


def test_what_was_taken_in_by_mistake_is_not_there_any_more(came: tuple[Estate, Visit]) -> None:
    estate, visit = came
    unit = unit_of(visit.unit_id)
    assert unit.certificate == "collected"

    take_back(estate, visit)

    unit = unit_of(visit.unit_id)
    assert (unit.certificate, unit.certificate_on) == ("waiting", None)
    assert len(family_card(unit, on=TODAY)[0].lacks) == 4, "what was ticked by mistake is asked for again"
    assert [line.stands for line in visits_of([unit.pk])] == [False]
    assert Move.objects.filter(unit=unit, reverses__isnull=False).count() == 1
    again = come(estate, {unit.pk: all_papers(unit.pk)})
    assert (again.ordinal, again.again) == (1, ""), "a visit taken back makes the next one no second trip"
    assert trips_of(estate.project, since=TODAY, until=TODAY).extra == 0
    assert list(INVARIANTS["I70"].violations(None)) == list(INVARIANTS["I51"].violations(estate.project.pk)) == []


@pytest.mark.parametrize(
    ("words", "code", "field", "said"),
    [
        ({"reason": "错"}, "refused", "reason", "请写明撤销来访登记的原因"),
        ({"by": "developer"}, "not_own", None, "只能撤销本人当日登记的来访。请在户页面申请更正，由第二人复核"),
        ({"day": TODAY + timedelta(1)}, "not_own", None, "只能撤销本人当日登记的来访"),
    ],
)
def test_only_ones_own_slip_of_the_day_is_taken_back(
    came: tuple[Estate, Visit], words: Any, code: str, field: str | None, said: str
) -> None:
    with refused(said, code=code, field=field):
        take_back(*came, **words)


def test_it_is_taken_back_once_and_the_later_first(came: tuple[Estate, Visit]) -> None:
    estate, visit = came
    later = come(estate, {visit.unit_id: []}, again="other")
    with refused("请先撤销后一次", code="overtaken"):
        take_back(estate, visit)
    take_back(estate, later)
    take_back(estate, visit)
    with refused("已经撤销", code="withdrawn"):
        take_back(estate, visit)


def test_a_home_that_went_on_is_corrected_by_two(came: tuple[Estate, Visit]) -> None:
    estate, visit = came
    with on_day(TODAY, 10):
        fill_bags(actor=estate.cast.township.actor, project=estate.project, unit_ids=[visit.unit_id], on=TODAY)
    with refused("已装袋，不能撤销来访登记", code="gone_on"):
        take_back(estate, visit)
    with on_day(TODAY, 10):
        hand_in(
            actor=estate.cast.township.actor, project=estate.project, unit_ids=[visit.unit_id], on=TODAY, list_no="1号"
        )
    with refused("已送件，不能撤销来访登记", code="gone_on"):
        take_back(estate, visit)
    bring_to(estate, [visit.unit_id], "accepted", TODAY)
    with refused("现在是“已受理”，不能撤销来访登记", code="gone_on"):
        take_back(estate, visit)


def test_tampering_with_a_visit_that_was_taken_back_is_named(came: tuple[Estate, Visit]) -> None:
    estate, visit = came
    with undone_unchecked(Visit):
        with fixture_writes():
            Visit.objects.filter(pk=visit.pk).update(withdrawn_act_id=1)
        faults = list(INVARIANTS["I70"].violations(estate.project.pk))
    assert [fault.found for fault in faults] == ["已收材料没有退回"] * 2


def test_the_card_offers_it_to_its_clerk_alone(came: tuple[Estate, Visit]) -> None:
    estate, visit = came
    client, code = sign_in(estate.cast.township), estate.project.code
    address = reverse("office:withdraw_visit", args=[code, visit.pk])
    card = reverse("office:family", args=[code, visit.unit_id])
    assert address not in client.get(card).content.decode(), "it is not of the present day"
    assert "只能撤销本人当日" in client.post(address, {"reason": WHY}).content.decode()
    fresh = unit_of(lay_another(estate))
    assert (
        client.post(
            reverse("office:family", args=[code, fresh.pk]), {"home": fresh.pk, "came_on": f"{TODAY}", "paper": []}
        ).status_code
        == 302
    )
    own = Visit.objects.latest("id")
    address = reverse("office:withdraw_visit", args=[code, own.pk])
    card = reverse("office:family", args=[code, fresh.pk])
    assert address in client.get(card).content.decode()
    assert address not in sign_in(estate.cast.developer).get(card).content.decode()
    assert client.post(address, {"reason": WHY}).status_code == 302
    assert "（已撤销）" in client.get(card).content.decode()


def lay_another(estate: Estate) -> int:
    """A home of other people."""
    return estate.homes[5]
