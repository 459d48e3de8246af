"""Refusals of documents that no other test meets: their words, code and field."""

from pathlib import Path
from typing import Any

import pytest

from commitments.models import Instrument
from documents.intake.services.new_buildings import agree_buildings
from documents.intake.services.take_back_list import undo_list
from documents.papers.services import issue_paper
from projects.ledger.services.projects import take_in_project
from registry.kernel.errors import DomainError
from tests.documents.intake.services.lists import listed, written
from tests.documents.test_trials import submitted
from tests.factories.projects import TODAY, Estate, lay_strange_estate, on_day, project_words
from tests.factories.trials import refused
from tests.projects.casework.trials import lay_whistle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def test_buildings_of_a_list_that_was_handed_in_are_not_agreed_to(estate: Estate) -> None:
    session = submitted(estate)

    with on_day(TODAY), pytest.raises(DomainError, match="这次导入现在是“待复核”"):
        agree_buildings(actor=estate.cast.developer.actor, session=session, numbers=["9"])


def test_a_list_of_homes_is_not_taken_back_row_by_row(estate: Estate) -> None:
    session = written(estate, listed(estate))

    with on_day(TODAY), pytest.raises(DomainError, match="这种清单不能逐行撤销"):
        undo_list(actor=estate.cast.district.actor, session=session, reason="传错了文件")


def test_a_letter_of_another_project_is_not_printed_here(promised: Estate) -> None:
    letter = Instrument.objects.get()
    other = lay_strange_estate(promised.cast).project

    with on_day(TODAY), pytest.raises(DomainError, match="这份承诺函不在本项目内"):
        issue_paper(
            actor=promised.cast.strange_township.actor, project=other, kind="commitment", snapshot={},
            issued_on=TODAY, instrument=letter,
        )  # fmt: skip


def test_a_record_of_another_project_is_not_what_a_paper_rests_on(estate: Estate) -> None:
    whistle = lay_whistle(estate)
    with on_day(TODAY):
        words = project_words(estate.cast, code="CY-9002", name="演示二区")
        other = take_in_project(actor=estate.cast.district.actor, **words)

    with on_day(TODAY), refused("所依的记录不在本项目内"):
        issue_paper(
            actor=estate.cast.township.actor, project=other, kind="whistle_sheet", snapshot={}, issued_on=TODAY,
            about=whistle,
        )  # fmt: skip
