"""A notice is looked at before it is issued: what it would say, no number, nothing kept."""

from pathlib import Path
from typing import Any

from django.urls import reverse

from documents.papers.models import NumberSeries, Paper
from documents.papers.services import read_pdf
from tests.documents.render import measure
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate


def test_preview_says_what_the_paper_will_and_takes_no_number(estate: Estate, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    client = sign_in(estate.cast.township)
    url = reverse("papers:notice", args=[estate.project.code, estate.unit().pk])
    told = {"place": "一层大厅", "phone": "19900000000"}

    looked = client.post(url, {**told, "preview": "1"})

    assert looked["Content-Type"] == "application/pdf"
    assert not Paper.objects.exists()
    assert not NumberSeries.objects.exists()
    assert client.post(url, told).status_code == 302
    paper = Paper.objects.get()
    said, printed = (measure.text(content).replace("\n", "") for content in (looked.content, read_pdf(paper)))
    assert "未编号" in said
    assert said.replace("（预览，未编号）", paper.number) == printed
