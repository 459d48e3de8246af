"""Attaching: sealed on the disk, proven when opened, struck out and never deleted."""

import pytest

from projects.gates.models import Blocker
from projects.ledger.models import Project
from registry.kernel.errors import DomainError, NotFound
from registry.web.attachments.invariants import attachments_prove_themselves
from registry.web.attachments.kinds import MOST
from registry.web.attachments.selectors import attachments_of, attachments_of_many, read_attachment
from registry.web.attachments.services import Upload, attach, void_attachment
from tests.factories.projects import TODAY, Estate, lay_blocker, lay_strange_estate, on_day
from tests.factories.trials import (
    Trial,
    digest,
    last_act,
    refused,
    try_as_a_stranger,
    try_unrecorded_then_recorded,
    try_without_the_right,
)

SCAN = Upload("复函.pdf", "%PDF-1.7 张三 110105".encode())
PHOTO = Upload("现场.jpg", b"\xff\xd8\xff\xe0photo")


def hang(estate: Estate, subject, *uploads: Upload, by: str = "district", **more):
    with on_day(TODAY):
        return attach(actor=getattr(estate.cast, by).actor, subject=subject, uploads=uploads or (SCAN,), **more)


def test_a_file_is_hung_sealed_and_opens_as_it_was(estate, files):
    (made,) = hang(estate, estate.project, SCAN, note=" 原件 ", taken_on=TODAY, place="三间房乡")

    stored = (files / made.path).read_bytes()
    assert SCAN.content not in stored
    assert "张三".encode() not in stored
    assert read_attachment(made) == SCAN.content
    assert (made.file_name, made.size, made.note, made.place) == ("复函.pdf", len(SCAN.content), "原件", "三间房乡")
    assert (made.project_key, made.subject_table, made.subject_key) == (
        estate.project.id, Project._meta.db_table, estate.project.id,
    )  # fmt: skip
    act = last_act()
    assert (act.event, act.chain, act.facts) == (
        "attachment.added", estate.project.id, {"label": "项目", "count": 1, "names": "复函.pdf"},
    )  # fmt: skip


def test_a_file_of_a_blocker_belongs_to_its_project(estate):
    blocker = lay_blocker(estate)

    made = hang(estate, blocker, SCAN, PHOTO)

    assert [one.project_key for one in made] == [estate.project.id] * 2
    assert attachments_of(blocker) == made
    assert attachments_of_many(list(Blocker.objects.all())) == {blocker.id: made}


def test_the_same_file_twice_is_refused_and_hangs_elsewhere(estate):
    hang(estate, estate.project)
    before = digest()

    with refused("“又一份.pdf”已在该项目的附件中，无需重复上传", field="uploads"):
        hang(estate, estate.project, PHOTO, Upload("又一份.pdf", SCAN.content))
    assert digest() == before
    assert len(hang(estate, lay_blocker(estate))) == 1


@pytest.mark.parametrize(
    ("uploads", "more", "words", "field"),
    [
        ((Upload("表.xlsx", b"PK\x03\x04"),), {}, "不是PDF、JPG、PNG或OFD", "uploads"),
        ((SCAN, Upload("空.pdf", b"")), {}, "是空文件", "uploads"),
        ((SCAN,) * (MOST + 1), {}, "一次最多传20个文件，选了21个", "uploads"),
        ((SCAN,), {"taken_on": TODAY.replace(day=9)}, "尚未到来。请填写实际发生的日期", "taken_on"),
    ],
)
def test_what_cannot_be_attached_is_refused_and_nothing_written(estate, uploads, more, words, field):
    before = digest()

    with refused(words, field=field):
        hang(estate, estate.project, *uploads, **more)

    assert digest() == before


def test_nothing_chosen_is_refused(estate):
    with on_day(TODAY), refused("未选择文件", field="uploads"):
        attach(actor=estate.cast.district.actor, subject=estate.project, uploads=())


def test_only_the_one_who_added_it_strikes_a_file_out(estate):
    (made,) = hang(estate, estate.project)
    words = {"subject": estate.project, "attachment": made}

    with on_day(TODAY), refused("只能由本人作废", code="not_own"):
        void_attachment(actor=estate.cast.township.actor, reason="传错", **words)
    with on_day(TODAY), refused("未填写作废原因", field="reason"):
        void_attachment(actor=estate.cast.district.actor, reason=" ", **words)
    with on_day(TODAY):
        void_attachment(actor=estate.cast.district.actor, reason="传错项目", **words)

    (kept,) = attachments_of(estate.project)
    assert (kept.void_reason, read_attachment(kept)) == ("传错项目", SCAN.content)
    assert last_act().event == "attachment.voided"
    with on_day(TODAY), refused("已经作废"):
        void_attachment(actor=estate.cast.district.actor, reason="再次", **words)
    assert len(hang(estate, estate.project)) == 1, "what is struck out may be sent again"


def test_a_file_is_struck_out_on_its_own_subject_only(estate):
    (made,) = hang(estate, lay_blocker(estate))

    with on_day(TODAY), refused("不属于这条记录"):
        void_attachment(actor=estate.cast.district.actor, subject=estate.project, attachment=made, reason="传错")


@pytest.mark.parametrize("damage", ["changed", "swapped", "gone"])
def test_a_file_that_is_not_what_it_was_does_not_open(estate, files, damage):
    first, second = hang(estate, estate.project, SCAN, PHOTO)
    assert list(attachments_prove_themselves(None)) == []
    path = files / first.path
    if damage == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    elif damage == "swapped":
        path.write_bytes((files / second.path).read_bytes())
    else:
        path.unlink()

    with pytest.raises(DomainError, match=r"备份|无法解密|校验值不符"):
        read_attachment(first)
    assert [fault.subject for fault in attachments_prove_themselves(estate.project.id)] == [f"附件{first.pk} 复函.pdf"]


def added(estate: Estate):
    return lambda actor: attach(actor=actor, subject=estate.project, uploads=(SCAN,))


def voided(estate: Estate):
    (made,) = hang(estate, estate.project)
    return lambda actor: void_attachment(actor=actor, subject=estate.project, attachment=made, reason="传错")


TRIALS = (
    Trial("attachment.added", "district", "strange_district", added),
    Trial("attachment.voided", "district", "strange_district", voided),
)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.event)
def test_service_is_denied_without_the_right(estate, trial):
    try_without_the_right(trial, estate)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.event)
def test_service_is_unknown_to_strangers(estate, trial):
    try_as_a_stranger(trial, estate)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.event)
def test_service_is_undone_if_its_record_fails(estate, trial, monkeypatch):
    try_unrecorded_then_recorded(trial, estate, monkeypatch)


def test_a_developer_adds_to_its_own_project_only(estate):
    assert len(hang(estate, estate.project, by="developer")) == 1

    other = lay_strange_estate(estate.cast)
    with pytest.raises(NotFound):
        hang(estate, other.project, by="developer")
