"""The pages of a file of several projects: from the desk to its sum, each part's preview, and all that is clean."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents.intake.models import ImportSession
from projects.ledger.models import Move, Unit
from tests.documents.intake.reading.files import home, workbook
from tests.documents.intake.services.test_across import SECOND, place, tax_list, two
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, on_day

__all__ = ["two"]


def send(client: Client, url: str, content: bytes, **words: Any) -> str:
    file = SimpleUploadedFile("清" * 300 + ".xlsx", content)
    with on_day(TODAY):
        return str(client.post(url, {"file": file, **words}, follow=True).content.decode())


@pytest.mark.parametrize(("who", "address"), [
    ("tax", "/documents/across/stages/"), ("centre", "/documents/across/stages/"),
    ("district", "/documents/across/"),
])  # fmt: skip
def test_the_desk_leads_to_it(two: Estate, who: str, address: str) -> None:
    client = sign_in(getattr(two.cast, who))
    assert "/documents/across/" in client.get("/").content.decode()
    page = client.get("/documents/across/", follow=True)
    assert page.request["PATH_INFO"] == address
    assert "每个项目一份预览" in page.content.decode()


def test_one_result_page_adds_up_and_writes_what_is_clean(two: Estate) -> None:
    client = sign_in(two.cast.tax)
    content = tax_list(place(two.project.code), place(SECOND), place(SECOND, room="999"), place("HD-9001"))

    shown = send(client, "/documents/across/stages/", content, target="tax:assessed", occurred_on="2022-03-08")

    assert "没有项目“HD-9001”，或不在您的范围内" in shown
    assert "演示外区" not in shown
    assert "写入台账：1个项目" in shown
    whole = ImportSession.objects.get(part_of=None)
    assert len(whole.file_name) == 200, "of any length"
    with on_day(TODAY):
        done = client.post(f"/documents/imports/{whole.pk}/across/", follow=True).content.decode()
    assert "已办1个项目" in done
    assert list(Unit.objects.filter(tax="assessed").values_list("building__project__code", flat=True)) == ["CY-9001"]
    part = whole.parts.get(project__code=SECOND)
    assert "同一份文件的其他项目" in client.get(f"/documents/imports/{part.pk}/").content.decode()
    colleague = sign_in(two.cast.district)
    assert colleague.get(f"/documents/imports/{whole.pk}/").status_code == 404, "the file is its sender's"
    assert "同一份文件" not in colleague.get(f"/documents/imports/{part.pk}/").content.decode()


def test_owners_are_placed_on_the_day_that_is_given(two: Estate) -> None:
    client = sign_in(two.cast.district)
    rows = [
        home(5, project=two.project.code, building="1号楼"),
        home(5, project=SECOND, building="2号楼", unit_code="", identity="", phone="", agreement=""),
    ]
    shown = send(client, "/documents/across/units/", workbook(rows))
    assert "写入台账：2个项目" in shown
    whole = ImportSession.objects.get(part_of=None)
    with on_day(TODAY):
        ahead = client.post(f"/documents/imports/{whole.pk}/across/", {"placed_on": "2030-01-01"}, follow=True)
        assert "尚未到来" in ahead.content.decode()
        client.post(f"/documents/imports/{whole.pk}/across/", {"placed_on": "2022-03-01"}, follow=True)
    moves = Move.objects.filter(unit__room="501", track="certificate")
    placed = moves.values_list("unit__building__project__code", "occurred_on")
    assert sorted(placed) == [("CY-9001", date(2022, 3, 1)), (SECOND, date(2022, 3, 1))]


def test_a_firm_is_not_offered_it_on_its_desk_and_a_file_refused_whole_says_why(two: Estate) -> None:
    assert "/documents/across/" not in sign_in(two.cast.developer).get("/").content.decode()
    client = sign_in(two.cast.district)
    text = send(client, "/documents/across/units/", b"%PDF-1.4")
    assert "整份文件未导入" in text
    assert "/documents/across/units/template/" in text
    assert client.get("/documents/across/units/template/").status_code == 200
    assert client.get("/documents/across/blockers/").status_code == 404
