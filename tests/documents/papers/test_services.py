"""Papers: issued up to today for a home of the project, opened only as they were, voided by another person."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from documents.papers.models import Paper
from documents.papers.selectors.papers import notice_snapshot
from documents.papers.services import issue_paper, read_pdf, void_paper
from registry.kernel.errors import DomainError
from registry.store.guard import fixture_writes
from tests.factories.projects import TODAY, Estate, lay_strange_estate, on_day
from tests.factories.trials import last_act, refused

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def issued(estate: Estate, by: str = "township", **more: Any) -> Paper:
    """A notice to the first home, made out today."""
    unit = more.pop("unit", None) or estate.unit()
    snapshot, masked = notice_snapshot(
        project=estate.project, unit=unit, place="一层大厅", phone="19900000000", issued_on=TODAY
    )
    words = {"kind": "cert_notice", "issued_on": TODAY, "addressee_masked": masked, **more}
    with on_day(TODAY):
        paper: Paper = issue_paper(
            actor=getattr(estate.cast, by).actor, project=estate.project, snapshot=snapshot, unit=unit, **words
        )
    return paper


def voided(estate: Estate, paper: Paper, on: date = TODAY, by: str = "city", reason: str = "地址写错") -> Paper:
    with on_day(TODAY):
        done: Paper = void_paper(actor=getattr(estate.cast, by).actor, paper=paper, reason=reason, on=on)
    return done


def test_papers_are_numbered_without_a_gap_and_open_as_they_were(estate: Estate) -> None:
    first, second = issued(estate), issued(estate, unit=estate.unit(1))

    assert [one.number for one in (first, second)] == ["CY9001-2022-00001", "CY9001-2022-00002"]
    assert read_pdf(first).startswith(b"%PDF")
    assert last_act().facts["sha256"] == second.pdf_hash


def test_paper_that_cannot_be_issued_takes_no_number(estate: Estate) -> None:
    stranger = lay_strange_estate(estate.cast)
    with refused("日期2022-03-09尚未到来", field="issued_on"):
        issued(estate, issued_on=TODAY + DAY)
    with refused("这一户不在本项目内", field="unit"):
        issued(estate, unit=stranger.unit())

    assert issued(estate).number == "CY9001-2022-00001"


def test_paper_whose_file_was_changed_does_not_open(estate: Estate, files: Path) -> None:
    one, other = issued(estate), issued(estate, unit=estate.unit(1))
    (files / one.pdf_path).write_bytes((files / other.pdf_path).read_bytes())
    with pytest.raises(DomainError, match="校验值不符"):
        read_pdf(one)

    (files / one.pdf_path).unlink()
    with pytest.raises(DomainError, match="存档文件不在"):
        read_pdf(one)


def test_paper_is_voided_by_another_between_issue_and_today(estate: Estate) -> None:
    paper = issued(estate)
    with refused("作废日期要在出具日期2022-03-08和今日之间", field="on"):
        voided(estate, paper, TODAY - DAY)
    with refused("日期2022-03-09尚未到来", field="on"):
        voided(estate, paper, TODAY + DAY)
    with refused("未填写作废原因", field="reason"):
        voided(estate, paper, reason=" ")
    with fixture_writes():
        Paper.objects.update(issued_by=estate.cast.city.person)
    with refused(".", code="second_person"):
        voided(estate, paper)
    with fixture_writes():
        Paper.objects.update(issued_by=estate.cast.township.person)

    done = voided(estate, paper)

    assert (done.voided_on, done.void_reason, last_act().event) == (TODAY, "地址写错", "paper.voided")
    assert read_pdf(done).startswith(b"%PDF"), "it stays readable"
    with refused("已经作废"):
        voided(estate, done)
