"""A notice is looked at before it is issued: what it would say, no number, nothing kept."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.urls import reverse

from documents.papers.kinds import BY_CODE
from documents.papers.models import NumberSeries, Paper
from documents.papers.selectors.drafts import Asked, draft_of
from documents.papers.selectors.records import OF_RECORDS
from documents.papers.selectors.windows import place_of
from documents.papers.services import read_pdf
from projects.office.selectors.families import clear_names
from tests.documents.render import measure
from tests.factories.accounts import lay_setting, sign_in
from tests.factories.projects import TODAY, Estate


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
    masked, [clear] = estate.unit().holders_masked, clear_names([estate.unit().pk])
    assert masked in said
    assert clear not in said, "whoever only looks has opened nobody's name: nothing was recorded of it"
    assert said.replace("（预览，未编号）", paper.number).replace(masked, clear) == printed


def test_no_paper_of_a_record_that_is_looked_at_names_people() -> None:
    """Their previews and drafts for Word are as the paper will be."""
    assert [kind for kind in OF_RECORDS if BY_CODE[kind].names_people] == []


def test_a_place_begins_with_the_city_if_its_name_is_set(estate: Estate, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    unit, project = estate.unit(), estate.project
    asked = Asked("一层大厅", "19900000000")

    def place(on: date) -> str:
        return str(draft_of("cert_notice", project=project, unit=unit, asked=asked, issued_on=on).snapshot["location"])

    lay_setting("city.name", "示例市", since=TODAY)
    assert place(TODAY).startswith(f"示例市{project.district_name}")
    assert place(TODAY - timedelta(days=1)).startswith(project.district_name), "not before its day"
    assert place_of(unit, project, city="示例市").count("示例市") == 1
    project.location = f"示例市{project.location}"
    assert place_of(unit, project, city="示例市").count("示例市") == 1, "never twice"
