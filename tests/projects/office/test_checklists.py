"""Checklists: what is asked for on a day, kept line by line, shown to whoever reads the ledger."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from documents.setup.reference import load_reference
from projects.office.choices import CHECKLISTS, checklist_code
from projects.office.models import ChecklistItem
from projects.office.selectors.checklists import checklist_of
from projects.office.services.checklists import keep_checklist_item
from registry.kernel.authority import Permission
from registry.kernel.errors import Refused
from registry.kernel.stages import HousingType
from registry.store.acts import write
from registry.store.guard import fixture_writes
from tests.factories.accounts import Cast, assert_asks, sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import digest, last_act

START = date(2000, 1, 1)


@write(Permission.PARAMETER_APPROVE)
def keep(*, actor: Any, **words: Any) -> None:
    """The act that a second person's agreement is."""
    keep_checklist_item(words)


def words(**changes: Any) -> dict[str, Any]:
    return {
        "applies_to": "commercial", "ordinal": 2, "name": "购房发票", "form": "both", "copies": 1, "condition": "",
        "supplier": "owner", "note": "", "effective_on": TODAY, "is_active": True, **changes,
    }  # fmt: skip


def names(code: str, on: date) -> list[str]:
    return [one.name for one in checklist_of(code, on=on)]


@pytest.mark.parametrize("code", [code for code, _ in CHECKLISTS])
def test_every_kind_of_housing_has_its_list_from_the_start(db: None, code: str) -> None:
    load_reference()

    with assert_asks(1):
        items = checklist_of(code, on=START)

    assert items[0].name == "权利人身份证明"
    assert [one.ordinal for one in items] == list(range(1, len(items) + 1))
    assert sum(1 for one in items if not one.condition) >= 4
    assert checklist_of(code, on=date(1999, 12, 31)) == []


def test_every_housing_type_is_among_the_lists() -> None:
    assert {one.value for one in HousingType} <= {code for code, _ in CHECKLISTS}
    assert checklist_code("resettlement", "retail") == "retail"
    assert checklist_code("resettlement", "dwelling") == checklist_code("resettlement", "ancillary") == "resettlement"


def test_reference_loaded_again_leaves_what_staff_changed(cast: Cast) -> None:
    load_reference()
    count = ChecklistItem.objects.count()
    with on_day(TODAY):
        keep(actor=cast.city.actor, **words(effective_on=START, note="改过"))

    load_reference()

    assert ChecklistItem.objects.count() == count
    assert next(one.note for one in checklist_of("commercial", on=START) if one.name == "购房发票") == "改过"


def test_a_line_of_a_later_day_replaces_the_paper_from_that_day_on(cast: Cast) -> None:
    load_reference()
    with on_day(TODAY):
        keep(actor=cast.city.actor, **words(copies=3, ordinal=99))

    def said(on: date) -> str:
        return next(one.form_words for one in checklist_of("commercial", on=on) if one.name == "购房发票")

    assert (said(date(2022, 3, 7)), said(TODAY)) == ("原件1份", "原件核验，复印件3份")
    assert names("commercial", TODAY)[-1] == "购房发票"
    assert (last_act().event, last_act().facts["what"], last_act().facts["list"]) == ("checklist.kept", "要", "商品房")


def test_a_paper_no_longer_asked_for_is_gone_from_its_day_on_and_stands_before(cast: Cast) -> None:
    load_reference()
    with on_day(TODAY):
        keep(actor=cast.city.actor, **words(is_active=False))

    assert "购房发票" in names("commercial", date(2022, 3, 7))
    assert "购房发票" not in names("commercial", TODAY)
    assert "购房发票" in names("retail", TODAY), "other lists are not touched"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "  "}, "未填写材料名称"),
        ({"form": "seen"}, "只核验原件，不留份数"),
        ({"copies": 0}, "份数请填1—9"),
        ({"copies": 10}, "份数请填1—9"),
    ],
)
def test_a_line_that_contradicts_itself_is_refused(cast: Cast, changes: dict[str, Any], said: str) -> None:
    before = digest()

    with pytest.raises(Refused, match=said):
        keep(actor=cast.city.actor, **words(**changes))

    assert digest() == before


@pytest.mark.parametrize(
    "changes", [{"form": "seen"}, {"copies": 0}, {"ordinal": 0}], ids=["seen and kept", "kept none", "from zero"]
)
def test_the_database_keeps_no_such_line(db: None, changes: dict[str, Any]) -> None:
    with fixture_writes(), transaction.atomic(), pytest.raises(IntegrityError):
        ChecklistItem.objects.create(**words(**changes))


def test_the_database_keeps_a_paper_once_a_day(db: None) -> None:
    with fixture_writes(), transaction.atomic():
        ChecklistItem.objects.create(**words())
        with pytest.raises(IntegrityError):
            ChecklistItem.objects.create(**words(copies=2))


def test_the_page_shows_the_list_of_a_kind_on_a_day(estate: Estate) -> None:
    client = sign_in(estate.cast.developer)
    with on_day(TODAY):
        keep(actor=estate.cast.city.actor, **words(applies_to="resettlement", name="演示新增材料"))
    address = reverse("office:checklists")

    page = client.get(address, {"of": "resettlement", "on": "2022-03-08"}).content.decode()
    assert "演示新增材料" in page
    assert "安置补偿协议、选房确认单" in page
    assert "2022年3月8日" in page
    before = client.get(address, {"of": "resettlement", "on": "2022-03-07"}).content.decode()
    assert "演示新增材料" not in before
    shop = client.get(address, {"of": "resettlement", "use": "retail"}).content.decode()
    assert "商业用房买卖合同" in shop
    assert "还没有" not in client.get(address, {"of": "没有", "on": "x"}).content.decode()
    assert "没有材料清单" in client.get(address, {"on": "1990-01-01"}).content.decode()


def test_who_does_not_read_the_ledger_is_refused(cast: Cast) -> None:
    assert sign_in(cast.system_admin).get(reverse("office:checklists")).status_code == 403


def test_the_project_page_names_the_papers_of_its_homes(estate: Estate) -> None:
    page = sign_in(estate.cast.township).get(reverse("ledger:project", args=[estate.project.code])).content.decode()

    assert page.count("安置补偿协议、选房确认单") == 1
    assert f"{reverse('office:checklists')}?of=resettlement" in page
