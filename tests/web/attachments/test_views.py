"""Pages of attachments: who reads the row reads its files, and nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.web.attachments.services import Upload, attach
from registry.web.models import Attachment
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, lay_blocker, lay_strange_estate, on_day

SCAN = b"%PDF-1.7 scan"


@pytest.fixture
def hung(estate):
    with on_day(TODAY):
        return attach(
            actor=estate.cast.district.actor, subject=estate.project, uploads=[Upload("复函 1.pdf", SCAN)]
        )[0]  # fmt: skip


def add_url(row) -> str:
    return reverse("attachments:add", args=[row._meta.db_table, row.pk])


def test_a_scan_is_uploaded_on_the_page_and_shown_on_the_blocker(estate):
    client, blocker = sign_in(estate.cast.district), lay_blocker(estate)
    page = reverse("gates:blocker", args=[blocker.number])
    assert "暂无附件" in client.get(page).content.decode()

    answer = client.post(
        f"{add_url(blocker)}?next={page}",
        {"uploads": [SimpleUploadedFile("核验.pdf", SCAN), SimpleUploadedFile("图.png", b"\x89PNG\r\n\x1a\n1")]},
    )

    assert (answer.status_code, answer.url) == (302, page)
    shown = client.get(page).content.decode()
    assert "核验.pdf" in shown
    assert "图.png" in shown
    assert "已上传2个附件" in shown


def test_what_is_refused_is_said_on_the_form(estate):
    client = sign_in(estate.cast.district)

    empty = client.post(add_url(estate.project), {"save": "1"})
    wrong = client.post(add_url(estate.project), {"uploads": SimpleUploadedFile("表.xls", b"\xd0\xcf\x11\xe0")})

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "未选择文件" in empty.content.decode()
    assert "不是PDF、JPG、PNG或OFD" in wrong.content.decode()
    assert Attachment.objects.count() == 0


def test_a_file_opens_in_the_browser_never_sniffed_never_cached(estate, hung):
    answer = sign_in(estate.cast.developer).get(reverse("attachments:read", args=[hung.pk]))

    assert answer.content == SCAN
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    assert (answer["X-Content-Type-Options"], "no-store" in answer["Cache-Control"]) == ("nosniff", True)


@pytest.mark.parametrize("player", ["strange_district", "strange_township"])
def test_a_stranger_finds_neither_the_row_nor_its_file(estate, hung, player):
    client = sign_in(getattr(estate.cast, player))

    assert client.get(reverse("attachments:read", args=[hung.pk])).status_code == 404
    assert client.get(add_url(estate.project)).status_code == 404


def test_a_file_of_another_project_is_unknown_to_a_developer(estate):
    other = lay_strange_estate(estate.cast)
    with on_day(TODAY):
        (hung,) = attach(
            actor=estate.cast.strange_district.actor, subject=other.project, uploads=[Upload("a.pdf", SCAN)]
        )

    assert sign_in(estate.cast.developer).get(reverse("attachments:read", args=[hung.pk])).status_code == 404
    assert sign_in(estate.cast.auditor).get(reverse("attachments:read", args=[hung.pk])).status_code == 200


@pytest.mark.parametrize("table", ["accounts_person", "no_table"])
def test_files_hang_on_declared_tables_only(estate, table):
    assert sign_in(estate.cast.city).get(reverse("attachments:add", args=[table, 1])).status_code == 404


def test_a_file_is_struck_out_on_its_page(estate, hung):
    client = sign_in(estate.cast.district)
    address = reverse("attachments:void", args=[hung.pk])

    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(f"{address}?next=https://elsewhere.example/", {"reason": "传错"})

    assert (answer.status_code, answer.url) == (302, "/")
    hung.refresh_from_db()
    assert hung.void_reason == "传错"
