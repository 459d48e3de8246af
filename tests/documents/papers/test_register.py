"""The register of papers: what is asked for by kind, state, days and words is what is listed and exported."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from documents.papers.models import Paper
from documents.papers.selectors.papers import papers_chosen
from documents.papers.services import void_paper
from tests.documents.papers.test_powers import brief, letter, notice
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, on_day

PAGE = reverse("papers:documents")


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def register(story: Estate) -> dict[str, Paper]:
    """A letter, a notice, and a brief that is void."""
    papers = {"letter": letter(story), "notice": notice(story), "brief": brief(story, "district")}
    with on_day(TODAY):
        papers["brief"] = void_paper(actor=story.cast.city.actor, paper=papers["brief"], reason="口径有误", on=TODAY)
    return papers


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ({}, {"letter", "notice", "brief"}),
        ({"kind": "cert_notice"}, {"notice"}),
        ({"state": "live"}, {"letter", "notice"}),
        ({"state": "void"}, {"brief"}),
        ({"since": TODAY}, {"notice", "brief"}),
        ({"until": date(2021, 12, 31)}, {"letter"}),
        ({"q": "简报"}, {"brief"}),
        ({"kind": "commitment", "state": "void"}, set()),
    ],
)
def test_the_register_is_narrowed(
    story: Estate, register: dict[str, Paper], words: dict[str, Any], wanted: set[str]
) -> None:
    listed = set(papers_chosen(story.cast.district.actor, words).values_list("pk", flat=True))

    assert {name for name, paper in register.items() if paper.pk in listed} == wanted


def test_the_page_and_its_workbook_hold_the_same_papers(story: Estate, register: dict[str, Paper]) -> None:
    client = sign_in(story.cast.district)
    page = client.get(PAGE, {"kind": "cert_notice", "since": str(TODAY)}).content.decode()

    assert register["notice"].number in page
    assert register["letter"].number not in page
    assert "共1份" in page
    assert "没有符合条件的文书" in client.get(PAGE, {"q": "不存在的标题"}).content.decode()
    assert client.get(PAGE, {"since": "昨天", "kind": "nothing"}).status_code == 200
