"""What a person typed and has not sent: theirs alone, sealed for its place, not for long."""

from datetime import timedelta
from typing import Any

import pytest

from registry.store.drafts import (
    HEAVIEST,
    KEPT,
    LONGEST,
    MOST,
    Chosen,
    draft_of,
    drop_draft,
    held_files,
    hold_files,
    keep_draft,
    let_go,
    sweep_drafts,
)
from registry.store.guard import fixture_writes
from registry.store.models import FormDraft, HeldFile

pytestmark = pytest.mark.django_db
PLACE = "/projects/CY-9001/letters/new/"
FIELDS = {"title": ["关于甲的函"], "blockers": ["1", "2"]}
SCAN = Chosen("uploads", "复函 1.pdf", "application/pdf", b"%PDF-1.7 scan")


def kept(person_key: int = 1, place: str = PLACE) -> Any:
    typed = draft_of(person_key=person_key, place=place)
    return typed and typed.fields


def test_what_was_typed_comes_back_to_its_person_and_place_alone() -> None:
    keep_draft(person_key=1, place=PLACE, fields=FIELDS)

    assert kept() == FIELDS
    assert kept(person_key=2) is None
    assert kept(place=PLACE + "?x=1") is None
    assert "甲".encode() not in bytes(FormDraft.objects.get().sealed)


def test_a_row_moved_to_another_person_or_place_does_not_open() -> None:
    keep_draft(person_key=1, place=PLACE, fields=FIELDS)
    for moved in ({"person_key": 2}, {"place": "/elsewhere/"}):
        with fixture_writes():
            FormDraft.objects.update(person_key=1, place=PLACE)
            FormDraft.objects.update(**moved)
        assert kept(person_key=moved.get("person_key", 1), place=str(moved.get("place", PLACE))) is None


def test_the_last_stands_and_only_so_many() -> None:
    for number in range(MOST + 2):
        keep_draft(person_key=1, place=f"/{number}/", fields={"n": [str(number)]})
    keep_draft(person_key=1, place="/9/", fields={"n": ["later"]})

    assert FormDraft.objects.count() == MOST
    assert kept(place="/9/") == {"n": ["later"]}
    assert kept(place="/0/") is None
    assert keep_draft(person_key=1, place="/long/", fields={"n": ["字" * LONGEST]}) is None


def test_what_expired_is_not_shown_and_is_swept() -> None:
    keep_draft(person_key=1, place=PLACE, fields=FIELDS)
    keep_draft(person_key=1, place="/fresh/", fields=FIELDS)
    hold_files(person_key=1, place=PLACE, token="t" * 20, files=[SCAN])
    with fixture_writes():
        for row in (*FormDraft.objects.filter(place=PLACE), *HeldFile.objects.all()):
            row.expires_at -= KEPT + timedelta(seconds=1)
            row.save()

    assert kept() is None
    assert held_files(person_key=1, place=PLACE, token="t" * 20) == []
    assert sweep_drafts() == {"drafts": 1, "files": 1}
    assert sweep_drafts() == {"drafts": 0, "files": 0}
    assert kept(place="/fresh/") == FIELDS


def test_a_draft_is_dropped() -> None:
    keep_draft(person_key=1, place=PLACE, fields=FIELDS)
    drop_draft(person_key=1, place=PLACE)

    assert not FormDraft.objects.exists()


def test_files_are_held_under_a_token_for_one_person_and_form() -> None:
    token = "t" * 20
    hold_files(person_key=1, place=PLACE, token=token, files=[SCAN, SCAN])
    hold_files(person_key=1, place=PLACE, token=token, files=[SCAN])

    assert held_files(person_key=1, place=PLACE, token=token) == [SCAN]
    assert held_files(person_key=2, place=PLACE, token=token) == []
    assert held_files(person_key=1, place="/elsewhere/", token=token) == []
    assert SCAN.content not in bytes(HeldFile.objects.get().sealed)
    let_go(person_key=1, token=token)
    assert not HeldFile.objects.exists()


def test_files_past_the_limit_are_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.store.drafts.HEAVIEST", 20)
    hold_files(person_key=1, place=PLACE, token="a" * 20, files=[SCAN])
    hold_files(person_key=1, place=PLACE, token="b" * 20, files=[SCAN])

    assert [row.token for row in HeldFile.objects.all()] == ["a" * 20]
    assert HEAVIEST > 20
