"""An invariant yields, never raises; files are opened by rotation."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from documents.papers.models import Paper
from registry.accounts.models import Organisation
from registry.audit.invariants import INVARIANTS, ROUND, Invariant, Violation, in_rotation
from registry.store.crypto import encrypt
from registry.store.guard import fixture_writes
from tests.factories.accounts import lay_organisation
from tests.factories.projects import Estate
from tests.factories.tampering import filler, undone

pytestmark = pytest.mark.django_db


def broken(_: int | None) -> Iterator[Violation]:
    yield Violation("甲", "一", "二")
    raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "damaged")


def refused_by_the_database(_: int | None) -> Iterator[Violation]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    yield from ()


def test_what_stops_an_invariant_is_a_violation_beside_those_found_before() -> None:
    violations = list(Invariant("I0", "坏", broken).violations(None))

    assert violations[0] == Violation("甲", "一", "二")
    assert (violations[1].subject, violations[1].found[:19]) == ("核对未能做完", "UnicodeDecodeError：")


def test_the_next_invariant_is_tried_after_an_error_of_the_database() -> None:
    assert [violation.subject for violation in Invariant("I0", "坏", refused_by_the_database).violations(None)] == [
        "核对未能做完"
    ]
    assert Organisation.objects.count() == 0


def test_a_few_files_are_opened_each_time_and_many_within_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {lay_organisation(code=f"R{at}", name=f"轮{at}", area_code="110105").pk for at in range(40)}
    everything: Any = Organisation.objects.all()
    assert {row.pk for row in in_rotation(everything)} == made

    monkeypatch.setattr("registry.audit.invariants.WHOLE", 39)
    turns = []
    for day in range(1, ROUND + 1):
        monkeypatch.setattr("registry.audit.invariants.ledger_today", lambda day=day: date(2026, 4, day))
        turns.append({row.pk for row in in_rotation(everything)})

    assert set().union(*turns) == made
    assert max(len(turn) for turn in turns) == 2


def test_a_damaged_paper_is_named_and_the_next_is_opened(story: Estate, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    whole = encrypt(b"%PDF".hex(), "file")
    contents = {"a": b"%PDF damaged", "b": encrypt("no hex", "file"), "c": whole, "d": whole[:-1] + b"\0", "e": None}
    with undone():
        with fixture_writes():
            for name, content in contents.items():
                if content is not None:
                    (tmp_path / name).write_bytes(content)
                Paper.objects.create(**paper(story, name))
        named = [(violation.subject, violation.found) for violation in INVARIANTS["I8"].check(None)]

    assert [subject for subject, _ in named] == ["a", "b", "d", "e"]
    assert named[1:] == [
        ("b", "读不出来（ValueError）"),
        ("d", "个人信息无法解密：数据被改动，或密钥不对。"),
        ("e", "不在"),
    ]


def paper(story: Estate, name: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        field.attname: filler(field) for field in Paper._meta.concrete_fields if not field.primary_key
    }
    return made | {
        "number": name,
        "pdf_path": name,
        "pdf_hash": hashlib.sha256(b"%PDF").hexdigest(),
        "project_id": story.project.pk,
    }
