"""Pages of blockers and documents: what they list, whom they refuse, and forms that carry out."""

from datetime import date

import pytest
from django.forms import ValidationError
from django.http import QueryDict
from django.urls import reverse

from projects.gates.forms import ScopeFields, StepForm, said_by
from projects.gates.models import BasisDocument, Blocker, ConditionCheck, GateStep
from projects.gates.panels import _needed
from projects.gates.selectors.dependents import dependents_of
from projects.gates.selectors.place_reasons import reasons_by_place
from projects.gates.selectors.scopes import scope_count
from projects.ledger.models import Unit
from registry.kernel.scope import NOTHING, scope_of
from registry.kernel.stages import Feature, Use
from tests.factories.accounts import sign_in
from tests.factories.projects import FAULT, TODAY, Estate, bring_to, lay_blocker, on_day


def page(estate: Estate, name: str, *args: object) -> str:
    return sign_in(estate.cast.district).get(reverse(name, args=args)).content.decode()


def test_revoking_lists_every_step_and_issued_home_first(story: Estate) -> None:
    bring_to(story, story.homes[:4], "issued", date(2021, 9, 1))
    bring_to(story, story.homes[6:7], "accepted", date(2021, 9, 1))
    document = BasisDocument.objects.get(number__contains="规划核验")

    found = dependents_of(document, on=TODAY)

    assert found.steps == ("规划核验：1号楼住宅", "规划核验：2号楼住宅")
    assert len(found.later) == 8, "four later gates in two buildings"
    assert (found.issued_count, found.accepted) == (4, 1)
    assert [(name, count) for name, count, _ in found.issued] == [("1号楼", 4)]
    assert found.issued[0][2].startswith("1单元201、")
    assert found.ready == (12, 12), "later steps hold it"
    last = BasisDocument.objects.get(number__contains="首次登记")
    assert dependents_of(last, on=TODAY).ready == (12, 0)


def test_the_revoke_page_names_the_issued_homes(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2021, 9, 1))
    document = BasisDocument.objects.get(number__contains="首次登记")
    response = sign_in(story.cast.department).get(reverse("gates:revoke", args=[document.pk]))

    assert "1单元201" in response.content.decode()
    assert GateStep.objects.filter(revoked_on__isnull=False).count() == 0


def test_a_range_ticks_the_buildings_between_its_ends(estate: Estate) -> None:
    first, last = (str(building.pk) for building in estate.buildings)
    name = "buildings"

    def chosen(**words: object) -> set[int]:
        data = QueryDict(mutable=True)
        for key, value in words.items():
            data.setlist(key, value if isinstance(value, list) else [value])
        form = StepForm(data, project=estate.project)
        form.is_valid()
        return {building.pk for building in form.cleaned_data.get(name, ())}

    both = {int(first), int(last)}
    assert chosen(buildings_from=first, buildings_to=last) == both
    assert chosen(buildings_from=last, buildings_to=first) == both, "from behind too"
    assert chosen(buildings_from=last) == {int(last)}, "one end alone is itself"
    assert chosen(buildings=[first], buildings_to=last) == both, "beside what was ticked"
    assert chosen() == set()
    assert chosen(buildings_from="999999") == set()
    shown = sign_in(estate.cast.department).get(reverse("gates:record_step", args=[estate.project.code]))
    assert '<select class="in" id="id_buildings_from" name="buildings_from">' in shown.content.decode()


def test_a_builder_begins_with_the_scope_as_it_is() -> None:
    scope = scope_of(buildings={7}, uses={Use.RETAIL}, features=Feature.MEZZANINE)

    assert said_by(scope, "s") == {
        "s_buildings": ["7"], "s_uses": ["retail"], "s_features": [str(Feature.MEZZANINE.value)],
        "s_entrances": "", "s_floors": "", "s_units": "",
    }  # fmt: skip
    assert said_by(scope - scope_of(buildings={8}), "s") in ({}, said_by(scope, "s"))


def test_why_of_places_counts_what_units_are_told(promised: Estate) -> None:
    whole, first, second = reasons_by_place(promised.project, on=TODAY)

    assert [(one.name, one.homes, one.cleared, one.ready) for one in (whole, first, second)] == [
        ("全项目", 12, 12, 0), ("1号楼", 6, 6, 0), ("2号楼", 6, 6, 0),
    ]  # fmt: skip
    texts = [line.text for line in whole.lines]
    assert any(text.startswith("规划核验被P03-0001") and "2户" in text for text in texts)
    assert any("1户在过错范围内" in text for text in texts)
    assert any("解除12户" in text for text in texts)
    assert any("最先的是规划核验，差12套" in text for text in texts)


def test_why_of_places_says_who_may_go_on(story: Estate) -> None:
    assert [line.text for line in reasons_by_place(story.project, on=TODAY)[1].lines][-1] == "住宅6套可以受理。"
    assert "住宅12套可以受理" in page(story, "gates:why", story.project.code)


def test_the_watch_list_is_shown_and_linked(story: Estate) -> None:
    assert "暂无关注户" in page(story, "gates:watch", story.project.code)
    bring_to(story, story.homes[:2], "issued", date(2021, 9, 1))
    blocker = lay_blocker(story, "P05", on=TODAY)

    listed = page(story, "gates:watch", story.project.code)
    assert listed.count(">P05-0001</a>") == 2
    assert "关注名单 2户" in page(story, "ledger:project", story.project.code)
    assert "2户，继续办理" in page(story, "gates:blocker", blocker.number)


def test_strangers_find_no_watch_list_and_no_why(story: Estate) -> None:
    client = sign_in(story.cast.strange_district)

    for name in ("gates:watch", "gates:why"):
        assert client.get(reverse(name, args=[story.project.code])).status_code == 404


def test_forms_narrow_and_reopen_a_blocker_and_check_a_condition(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    blocker = lay_blocker(estate, "A03", at_fault=FAULT)
    address = reverse("gates:rescope", args=[blocker.number])
    assert "15户" in client.get(address).content.decode()
    words = {"scope_uses": ["retail"], "fault_features": [str(Feature.MEZZANINE.value)]}
    preview = client.post(address, {**words, "effective_on": "2022-03-01", "reason": "核实", "preview": "1"})
    assert "<b>3</b>户" in preview.content.decode()
    client.post(address, {**words, "effective_on": "2022-03-01", "reason": "核实", "save": "1"})
    assert Blocker.objects.get().units_caught == 3

    client.post(reverse("gates:check", args=[blocker.number]), {"checked_on": "2022-03-01", "document": "评估报告"})
    assert ConditionCheck.objects.get().document == "评估报告"
    client.post(reverse("gates:resolve", args=[blocker.number]), {"resolved_on": "2022-03-02", "resolution": "×1号"})
    client.post(reverse("gates:reopen", args=[blocker.number]), {"reopened_on": "2022-03-03", "reason": "又加建"})
    assert Blocker.objects.get().resolved_on is None
    shown = page(estate, "gates:blocker", blocker.number)
    assert all(word in shown for word in ("缩小", "重新打开", "评估报告"))


def test_one_document_for_a_range_of_buildings_in_one_form(estate: Estate) -> None:
    client = sign_in(estate.cast.department)
    first, last = (building.pk for building in estate.buildings)
    words = {
        "gate": "land_supply", "status": "passed", "buildings_from": first, "buildings_to": last, "part": "",
        "document_no": "×政地〔2011〕27号", "organ": "规自分局", "issued_on": "2011-05-16", "effective_on": "2011-05-16", "save": "1",
    }  # fmt: skip
    client.post(reverse("gates:record_step", args=[estate.project.code]), words)

    assert GateStep.objects.filter(building__in=estate.buildings).count() == 2
    with on_day(TODAY):
        assert (
            GateStep.objects.get(building__number="1").document == GateStep.objects.get(building__number="2").document
        )


def test_a_builder_takes_entrances_floors_and_single_units(estate: Estate) -> None:
    fields = ScopeFields("s", "范围", estate.project).fields()
    units = Unit.objects.filter(building__number="1", use="dwelling").order_by("pk")
    first = units[0]
    words = {
        "s_entrances": fields["s_entrances"].clean("1单元"),
        "s_floors": fields["s_floors"].clean(f"{first.floor}层"),
        "s_units": fields["s_units"].clean(f"1-{first.entrance}-{first.room}"),
    }
    scope = ScopeFields("s", "范围", estate.project).scope(words, empty=NOTHING)

    assert scope_count(project_id=estate.project.id, scope=scope).units == 1
    assert said_by(scope, "s") == {
        "s_buildings": [], "s_uses": [], "s_features": [], "s_entrances": "1", "s_floors": first.floor,
        "s_units": f"1-{first.entrance}-{first.room}",
    }  # fmt: skip
    for name, text, said in (
        ("s_entrances", "9", "本项目没有9单元"),
        ("s_floors", "1-2、88", "本项目没有88层"),
        ("s_units", "1-1-9999", "未找到该户"),
        ("s_units", "77-1", "未找到该户"),
    ):
        with pytest.raises(ValidationError, match=said):
            fields[name].clean(text)
    assert fields["s_floors"].clean("") == frozenset()


@pytest.mark.parametrize(
    ("target_on", "needed", "words"),
    [
        (date(2022, 12, 31), 10, "计划2022-12清零"), (date(2022, 3, 31), 100, "计划2022-03清零"),
        (date(2022, 2, 1), 100, "已过计划清零日期"), (date(2023, 3, 31), 8, "计划2023-03清零"),
    ],
)  # fmt: skip
def test_the_pace_that_clears_a_project_by_its_planned_day(target_on: date, needed: int, words: str) -> None:
    assert _needed(100, target_on, date(2022, 3, 8)) == ("清零须每月发", needed, words, "")
