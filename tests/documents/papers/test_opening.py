"""A stored paper with clear names is opened by who may see them or whose organisation issued it, on record."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from documents.papers.kinds import BY_CODE
from documents.papers.models import Paper
from documents.papers.powers import POWERS
from documents.papers.selectors import papers as selectors
from documents.papers.selectors.papers import papers_visible_to
from documents.papers.services import read_pdf
from registry.audit.models import Act
from registry.store.guard import fixture_writes
from tests.documents.papers.test_powers import brief, letter, notice
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def test_a_paper_with_clear_names_opens_to_who_may_see_them_each_time_on_record(estate: Estate) -> None:
    paper = notice(estate)
    url = reverse("papers:paper", args=[paper.pk])
    for by in ("city", "district", "township", "developer", "centre", "tax"):
        assert sign_in(getattr(estate.cast, by)).get(url).content == read_pdf(paper), by

    opened = Act.objects.filter(event="paper.opened", subject_key=paper.pk).order_by("id")
    assert [act.actor_name for act in opened] == ["甲市", "乙区", "丙乡", "庚开", "戊登", "己税"]
    assert opened[0].facts == {"kind": "办证通知书", "number": paper.number}


@pytest.mark.parametrize("by", ["auditor", "department"])
def test_a_paper_with_clear_names_does_not_open_to_who_may_not_see_them(estate: Estate, by: str) -> None:
    paper = notice(estate)
    page = sign_in(getattr(estate.cast, by)).get(reverse("papers:paper", args=[paper.pk]))

    assert "仅限有查看个人信息权限的人员或出具单位打开" in page.content.decode()
    assert (page["Content-Type"].split(";")[0], Act.objects.filter(event="paper.opened").count()) == ("text/html", 0)


def test_its_own_paper_opens_to_the_organisation_that_issued_it(estate: Estate) -> None:
    paper = notice(estate)
    with fixture_writes():
        Paper.objects.filter(pk=paper.pk).update(issuer=estate.cast.department.organisation)

    assert sign_in(estate.cast.department).get(reverse("papers:paper", args=[paper.pk])).status_code == 200


def test_a_paper_that_names_nobody_opens_to_every_reader(story: Estate) -> None:
    paper = letter(story)

    assert sign_in(story.cast.auditor).get(reverse("papers:paper", args=[paper.pk])).content == read_pdf(paper)
    assert not Act.objects.filter(event="paper.opened").exists()


def test_exactly_the_kinds_that_name_people_say_so() -> None:
    assert {kind.code for kind in BY_CODE.values() if kind.names_people} == {
        "cert_notice", "claim_notice", "collection_receipt", "supplement_notice", "power_of_attorney", "booking_slip",
    }  # fmt: skip


def test_papers_among_organs_are_not_the_developers_to_read(story: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its notices and the letter of its project are; a brief of the task force is not, unless it is addressed to it."""
    own, among = [notice(story), letter(story)], brief(story, "district")
    developer, client = story.cast.developer, sign_in(story.cast.developer)

    def opened(paper: Paper) -> int:
        return client.get(reverse("papers:paper", args=[paper.pk])).status_code

    assert [opened(paper) for paper in own] == [200, 200]
    assert opened(among) == 404
    assert among not in papers_visible_to(developer.actor)
    assert [paper in papers_visible_to(story.cast.township.actor) for paper in (*own, among)] == [True] * 3
    with fixture_writes():
        Paper.objects.filter(pk=among.pk).update(addressee_masked=developer.organisation.name)
    assert among in papers_visible_to(developer.actor)

    with fixture_writes():
        Paper.objects.filter(pk=among.pk).update(addressee_masked="")
    monkeypatch.setattr(selectors, "OPEN_TO_DEVELOPERS", frozenset(POWERS))
    assert among in papers_visible_to(developer.actor), "the control: without the table it is read"
