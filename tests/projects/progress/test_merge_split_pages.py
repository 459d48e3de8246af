"""Merging and parting by pages, with sums to type; every old address finds what moved."""

import pytest
from django.urls import reverse

from projects.ledger.models import Building, Project, Unit
from projects.ledger.services.projects import take_in_project
from projects.progress.services import place_units
from registry.kernel.scope import scope_of
from registry.web.attachments.services import Upload, attach
from registry.web.models import Attachment
from tests.factories.accounts import sign_in
from tests.factories.books import faults_in_the_books
from tests.factories.projects import PLACED, TODAY, Estate, home, lay_blocker, on_day, project_words
from tests.projects.progress.test_merge_split import sums


@pytest.fixture
def twin(estate: Estate) -> Project:
    """The same estate taken in again under another name: one building that clashes, one that does not."""
    with on_day(PLACED):
        words = project_words(estate.cast, code="CY-9002", name="演示花园")
        project: Project = take_in_project(actor=estate.cast.district.actor, **words)
        rows = [home("1", "9", 2, 50), home("1", "9", 3, 51), home("8", "1", 2, 52)]
        place_units(actor=estate.cast.district.actor, project=project, rows=rows, placed_on=PLACED, source="补录")
    return project


def test_a_merge_is_chosen_shown_with_its_sums_and_confirmed_by_the_number(estate: Estate, twin: Project) -> None:
    client = sign_in(estate.cast.district)
    address = reverse("progress:merge", args=[estate.project.code])
    whole = sums()
    clash = Building.objects.get(project=twin, number="1")
    moved = Unit.objects.filter(building=clash).first()
    assert moved is not None

    assert "不能把项目并入它自己" in client.get(address, {"absorbed": estate.project.code}).content.decode()
    assert "未找到项目“XX-1”" in client.get(address, {"absorbed": "XX-1"}).content.decode()
    shown = client.get(address, {"absorbed": "CY-9002"}).content.decode()
    assert "户数15＋3＝18，已发证0＋0＝0" in shown
    words = {"on": str(TODAY), "reason": "登记名和推广名各建了一次", f"number_{clash.pk}": "21", "count": "3"}
    asked = f"{address}?absorbed=CY-9002"
    assert "应为3" in client.post(asked, {**words, "count": "4"}).content.decode()
    assert sums() == whole
    assert client.post(asked, words).status_code == 302

    assert sums() == whole
    assert Building.objects.get(pk=clash.pk).project_id == estate.project.pk
    old = client.get(reverse("progress:building", args=["CY-9002", "1"]))
    assert old.url == reverse("progress:building", args=[estate.project.code, "21"])
    assert client.get(reverse("progress:building", args=["CY-9002", "8"])).url.endswith("/CY-9001/buildings/8/")
    assert client.get(reverse("progress:building", args=["CY-9001", "1"])).status_code == 200
    assert client.get(reverse("progress:unit", args=["CY-9002", moved.pk])).status_code == 200
    assert faults_in_the_books() == []


def test_a_split_is_chosen_by_buildings_and_old_addresses_find_them(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    address = reverse("progress:split", args=[estate.project.code])
    whole = sums()
    second = Building.objects.get(project=estate.project, number="2")
    unit = Unit.objects.filter(building=second).first()
    assert unit is not None
    blocker = lay_blocker(estate, scope=scope_of(buildings={second.pk}))
    with on_day(TODAY):
        attach(actor=estate.cast.district.actor, subject=blocker, uploads=[Upload("协议.pdf", b"%PDF-1.4 x")])

    first = Building.objects.get(project=estate.project, number="1")
    everything = client.get(address, {"buildings_from": first.pk, "buildings_to": second.pk}).content.decode()
    assert "至少保留一栋。" in everything
    assert "拆分的楼栋" in client.get(address, {"buildings": "999999"}).content.decode(), "none of this project's"
    shown = client.get(address, {"buildings": second.pk}).content.decode()
    assert 'name="code" value="XM-0001"' in shown, "a number that is free"
    assert "户数15＝留下8＋拆出7" in shown
    words = {"code": "CY-9003", "name": "演示小区二期", "on": str(TODAY), "reason": "分期办理", "count": "7"}
    assert client.post(f"{address}?buildings={second.pk}", words).status_code == 302

    made = Project.objects.get(code="CY-9003")
    assert sums() == whole
    assert client.get(reverse("progress:building", args=["CY-9001", "2"])).url == reverse(
        "progress:building", args=["CY-9003", "2"]
    )
    assert client.get(reverse("progress:unit", args=["CY-9001", unit.pk])).url == reverse(
        "progress:unit", args=["CY-9003", unit.pk]
    )
    assert client.get(reverse("progress:building", args=["CY-9001", "77"])).status_code == 404
    strange = sign_in(estate.cast.strange_district)
    assert strange.get(reverse("progress:unit", args=["CY-9001", unit.pk])).status_code == 404
    assert Attachment.objects.get().project_key == made.pk
    assert faults_in_the_books() == []


def test_parting_and_merging_are_for_those_who_take_projects_in(estate: Estate) -> None:
    for name in ("merge", "split"):
        address = reverse(f"progress:{name}", args=[estate.project.code])
        assert sign_in(estate.cast.township).get(address).status_code == 403
