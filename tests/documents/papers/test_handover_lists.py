"""Papers of custody: the list that goes with the bags, the sheet on which certificates are signed for."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from documents.papers.models import Paper
from documents.papers.services import read_pdf
from projects.office.models import ManifestPurpose
from tests.factories.accounts import Player, sign_in
from tests.factories.projects import Estate, bring_to
from tests.projects.office.custody import lay_bags, send, take
from tests.projects.office.test_certificates import hand, make, number, paper


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def text_of(made: Paper) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(read_pdf(made))).pages).replace("\n", "")


def issue(player: Player, address: str) -> Any:
    return sign_in(player).post(address, {"save": "1"})


def test_the_list_of_a_manifest_says_what_went_and_who_signed(story: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 3)
    manifest = send(story, cast.township, cast.tax, bags)
    address, page = reverse("papers:handover_list", args=[manifest.pk]), reverse("office:manifest", args=[manifest.pk])
    assert "出具移交清单" in sign_in(cast.township).get(page).content.decode()
    assert "出具移交清单" not in sign_in(cast.district).get(page).content.decode()
    take(cast.tax, manifest, bags)

    assert issue(cast.township, address).status_code == 302
    said = text_of(Paper.objects.latest("id"))

    for words in (
        manifest.number,
        "十八里店乡",
        "区税务局",
        "丙乡",
        "己税",
        "材料18份",
        "其中原件6份",
        "1号楼1单元201",
        "2022年3月31日",
    ):
        assert words in said, words
    assert "演示丙" not in said, "holders are masked"
    assert "不能代为出具" in issue(cast.district, address).content.decode()


def test_a_sheet_lists_the_certificates_that_wait_and_no_others(story: Estate) -> None:
    cast = story.cast
    bring_to(story, story.homes[:2], "recorded", date(2022, 2, 1))
    made = [row for at in range(2) for row in make(story, at, paper(at + 1))]
    items = [row.item for row in made if row.item]
    manifest = send(story, cast.centre, cast.township, items, ManifestPurpose.CERTIFICATES, date(2022, 2, 14))
    address = reverse("papers:signature_sheet", args=[manifest.pk])
    assert "不是已签收的证书移交清单" in sign_in(cast.township).get(address).content.decode()
    take(cast.township, manifest, items, date(2022, 2, 14))
    hand(story, made[:1])

    assert issue(cast.township, address).status_code == 302
    said = text_of(Paper.objects.latest("id"))

    assert number(2) in said
    assert "D00000000002" in said
    assert number(1) not in said
    assert "签收表由保管证书的十八里店乡出具" in issue(cast.centre, address).content.decode()
