"""A paper is proven by its code: number, day, kind, hash, valid or void; no name, and not for who asks too often."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from documents.papers.models import Paper
from documents.papers.selectors import verification
from documents.papers.selectors.verification import ADDRESSES, LIMIT, WINDOW, Questions, proof_of
from documents.papers.services import read_pdf, void_paper
from tests.documents.papers.trials import issue
from tests.documents.render import measure
from tests.factories.projects import TODAY, Estate, on_day


@pytest.fixture
def paper(estate: Estate, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paper:
    settings.FILES_DIR, settings.PUBLIC_ADDRESS = tmp_path, "https://registry.example"
    monkeypatch.setattr("documents.papers.views.verification.QUESTIONS", Questions())
    with on_day(TODAY):
        made: Paper = issue(estate)(estate.cast.township.actor)
    return made


def asked(code: str) -> tuple[int, str]:
    response = Client().get(reverse("papers_public:proof", args=[code]))
    return response.status_code, response.content.decode()


def test_code_on_the_paper_proves_it_to_anybody_without_a_name(estate: Estate, paper: Paper) -> None:
    said = measure.text(read_pdf(paper)).replace("\n", "")
    assert f"校验码 {paper.code}" in said or f"校验码{paper.code}" in said

    status, page = asked(str(paper.code))

    assert status == 200
    for words in (paper.number, "办证通知书", "2022-03-08", paper.pdf_hash, "有效"):
        assert words in page
    names = said.split("编号")[1].split("：")[1]
    assert len(names) > 1
    assert names not in page
    assert estate.unit().holders_masked not in page
    assert estate.unit().room not in page.replace(paper.number, "").replace(paper.pdf_hash, "")


def test_void_paper_says_so(estate: Estate, paper: Paper) -> None:
    with on_day(TODAY):
        void_paper(actor=estate.cast.city.actor, paper=paper, reason="地址写错", on=TODAY)

    assert "已于2022-03-08作废，不再有效" in asked(str(paper.code))[1]


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC", "%", "' OR 1=1", "<script>", "1" * 300])
def test_code_of_no_paper_is_told_as_text(paper: Paper, code: str) -> None:
    status, page = asked(code)

    assert status == 404
    assert "没有校验码为" in page
    assert "<script>x" not in page
    assert paper.number not in page


def test_small_letters_and_blanks_are_forgiven(paper: Paper) -> None:
    written = proof_of(f" {str(paper.code).lower().replace('-', ' ')} ")

    assert written is not None
    assert written.number == paper.number
    assert Client().get(reverse("papers_public:ask_proof"), {"code": paper.code})["Location"].endswith(f"{paper.code}/")


def test_who_asks_too_often_waits_and_others_do_not(paper: Paper) -> None:
    assert [asked("AAAA-BBBB-CCCC")[0] for _ in range(LIMIT)] == [404] * LIMIT
    status, page = asked(str(paper.code))
    assert status == 429
    assert "查询过于频繁" in page
    assert paper.number not in page

    questions = Questions()
    assert [questions.may_ask("a", now=1.0) for _ in range(LIMIT + 1)] == [True] * LIMIT + [False]
    assert questions.may_ask("b", now=1.0)
    assert questions.may_ask("a", now=1.0 + WINDOW)


def test_only_so_many_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "ADDRESSES", 3)
    questions = Questions()
    for number in range(9):
        questions.may_ask(str(number), now=1.0)

    assert len(questions._asked) == 3 < ADDRESSES


def test_paper_bears_no_code_where_no_address_is_set(estate: Estate, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR, settings.PUBLIC_ADDRESS = tmp_path, ""
    with on_day(TODAY):
        paper: Paper = issue(estate)(estate.cast.township.actor)

    assert "校验码" not in measure.text(read_pdf(paper))
    assert asked(str(paper.code))[0] in (200, 429)
