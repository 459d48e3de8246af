"""Many papers at once: each home gets one or a reason, numbers have no gap, what is printed again is the same."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from documents.papers.models import BatchLine, NumberSeries, Outcome, Paper, PaperBatch
from documents.papers.selectors.batches import listed_units, preview_batch, tally_of
from documents.papers.selectors.printing import print_file, separate_files
from documents.papers.services import read_pdf, void_paper
from documents.papers.services.batches import (
    archive_portion,
    finish_batch,
    lay_batch,
    left_numbered,
    number_portion,
    request_batch,
)
from documents.render.batch import render_batch
from documents.render.pdf import page_digest
from projects.ledger.models import Unit, UnitHolder
from registry.jobs.models import Job, JobState
from registry.jobs.services import cancel
from registry.jobs.worker import Worker
from registry.store.guard import fixture_writes
from tests.documents.render import measure
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import refused

TOLD = {"use": "dwelling", "place": "一层大厅", "phone": "19900000000"}
TEMPLATE = "papers/kinds/cert_notice.html"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.FILES_DIR = tmp_path
    return tmp_path


def asked(estate: Estate, by: str = "township", **words: Any) -> PaperBatch:
    with on_day(TODAY):
        batch: PaperBatch = request_batch(
            actor=getattr(estate.cast, by).actor,
            project=estate.project,
            kind="cert_notice",
            words={**TOLD, **words},
            filters="住宅",
        )
    return batch


def done(estate: Estate, **words: Any) -> PaperBatch:
    batch = asked(estate, **words)
    with on_day(TODAY):
        Worker("w").run(once=True)
    batch.refresh_from_db()
    return batch


def portion(estate: Estate, batch: PaperBatch, size: int) -> Any:
    with on_day(TODAY):
        return number_portion(actor=estate.cast.township.actor, batch=batch, size=size)


def archived(estate: Estate, batch: PaperBatch, numbered: Any) -> None:
    with on_day(TODAY):
        drawn = render_batch(TEMPLATE, numbered.contexts)
        archive_portion(actor=estate.cast.township.actor, batch=batch, numbered=numbered, drawn=drawn)


def laid(estate: Estate, **words: Any) -> PaperBatch:
    batch = asked(estate, **words)
    with on_day(TODAY):
        return lay_batch(actor=estate.cast.township.actor, batch=batch)  # type: ignore[no-any-return]


def test_each_home_of_a_batch_gets_a_number_in_building_order_and_its_own_file(estate: Estate) -> None:
    batch = done(estate)

    lines = list(batch.lines.order_by("position").select_related("paper", "unit__building"))
    places = [(line.unit.building.number_order, line.unit.entrance, line.unit.floor_order) for line in lines]
    assert places == sorted(places)
    assert [line.paper.serial for line in lines] == list(range(1, 13))
    assert NumberSeries.objects.get().last == 12
    for line in lines:
        said = measure.text(read_pdf(line.paper)).replace("\n", "")
        assert line.paper.number in said
        assert line.unit.room in said
    assert Paper.objects.get(serial=3).retention == "10年"
    assert Job.objects.get().result == {"issued": 12, "refused": 0, "skipped": 0}


def test_the_sum_is_the_same_before_and_after_on_the_page_in_the_workbook_and_in_print(estate: Estate) -> None:
    first, second, third = estate.homes[:3]
    with fixture_writes():
        Unit.objects.filter(pk=first).update(standing="held")
        UnitHolder.objects.filter(unit=second).update(ended_act_id=1)
        estate_unit = Unit.objects.get(pk=third)
    done(estate, units=[estate_unit.pk])
    before = preview_batch(estate.cast.township.actor, estate.project, "cert_notice", TOLD, on=TODAY)
    batch = done(estate)

    words = "应出12份＝已出具9份＋不能出具2份＋已有有效文书1份"
    assert (before.tally.words, tally_of(batch).words) == (words, words)
    assert sorted(count for _, count in before.reasons) == [1, 1]
    reasons = dict(batch.lines.exclude(reason="").values_list("unit_id", "reason"))
    assert "本户状态为“暂缓”" in reasons[first]
    assert "没有登记权利人" in reasons[second]
    assert reasons[third] == "已有有效的CY9001-2022-00001，2022-03-08出具"
    page = sign_in(estate.cast.township).get(reverse("papers:batch", args=[batch.number])).content.decode()
    assert words in page
    cover = measure.text(print_file(batch)).replace("\n", "")
    assert words in cover
    assert "编号CY9001-2022-00002至CY9001-2022-00010" in cover.replace(" ", "")
    with pikepdf.open(io.BytesIO(print_file(batch))) as document:
        assert len(document.pages) == 1 + 9
    sheet = sign_in(estate.cast.township).get(
        reverse("exports:export_list", args=["batch_lines"]), {"batch": batch.number}
    )
    assert sheet.status_code == 200


def test_people_who_came_after_a_notice_get_one_of_their_own(estate: Estate) -> None:
    """One in force a kind, a home and its people together: who buys the home is not kept from a notice by theirs."""
    home = estate.homes[0]
    done(estate, units=[home])
    with fixture_writes():
        other = UnitHolder.objects.exclude(unit=home).first()
        UnitHolder.objects.filter(unit=home).update(holder=other.holder)

    batch = done(estate, units=[home])

    assert tally_of(batch).issued == 1
    assert len(set(Paper.objects.filter(unit=home).values_list("live_key", flat=True))) == 2


def test_worker_that_died_between_number_and_archive_leaves_no_double_and_no_gap(estate: Estate) -> None:
    batch = laid(estate)
    numbered = portion(estate, batch, 5)
    assert {paper.pdf_hash for paper in numbered.papers} == {""}
    with refused("正在排版存档", code="not_archived"):
        read_pdf(Paper.objects.get(serial=1))

    with on_day(TODAY):
        Worker("next").run(once=True)

    batch.refresh_from_db()
    assert list(Paper.objects.order_by("serial").values_list("serial", flat=True)) == list(range(1, 13))
    assert len(set(Paper.objects.values_list("unit_id", flat=True))) == 12
    assert [part[:2] for part in batch.parts] == [[1, 5], [6, 12]]
    assert left_numbered(batch) is None


def test_batch_called_off_archives_what_has_a_number_and_numbers_no_more(estate: Estate) -> None:
    batch = laid(estate)
    portion(estate, batch, 5)
    cancel(actor=estate.cast.township.actor, job=Job.objects.get())
    with on_day(TODAY):
        Worker("w").run(once=True)

    assert Job.objects.get().state == JobState.CANCELLED
    assert tally_of(batch).words.endswith("、待出具7份")


def test_numbers_printed_again_are_the_same_pages_byte_for_byte(estate: Estate) -> None:
    batch = laid(estate)
    for size in (5, 7):
        archived(estate, batch, portion(estate, batch, size))
    batch.refresh_from_db()
    whole = print_file(batch)

    some = print_file(batch, 4, 7)

    assert some == print_file(batch, 4, 7)
    with pikepdf.open(io.BytesIO(whole)) as every, pikepdf.open(io.BytesIO(some)) as again:
        assert len(again.pages) == 4
        assert page_digest(again.pages) == page_digest(every.pages[4:8])
    with refused("没有13到14号的文书", field="first"):
        print_file(batch, 13, 14)


def test_separate_files_are_those_of_the_archive(estate: Estate) -> None:
    batch = done(estate)

    with zipfile.ZipFile(io.BytesIO(b"".join(separate_files(batch)))) as archive:
        assert [name.removesuffix(".pdf") for name in archive.namelist()] == [
            line.paper.number for line in batch.lines.order_by("position")
        ]
        assert archive.read(archive.namelist()[3]) == read_pdf(Paper.objects.get(serial=4))


def test_posted_notices_hide_names_in_the_file_and_personal_ones_do_not(estate: Estate) -> None:
    home = estate.unit()
    posted = done(estate, units=[home.pk], is_masked=True)
    paper = Paper.objects.get()
    said = measure.text(read_pdf(paper)).replace("\n", "")
    assert paper.is_masked
    assert f"{home.holders_masked}：" in said
    with on_day(TODAY):
        void_paper(actor=estate.cast.city.actor, paper=paper, reason="改为送达本人", on=TODAY)

    done(estate, units=[home.pk])

    own = measure.text(read_pdf(Paper.objects.get(serial=2))).replace("\n", "")
    assert home.holders_masked not in own
    assert sign_in(estate.cast.auditor).post(reverse("papers:print", args=[posted.number])).status_code == 200


def test_a_home_whose_name_no_font_prints_is_refused_with_the_character(estate: Estate) -> None:
    with fixture_writes():
        Unit.objects.filter(pk=estate.homes[0]).update(room="10\ue123")

    batch = done(estate)

    assert tally_of(batch).refused == 1
    assert "U+E123" in batch.lines.get(outcome=Outcome.REFUSED).reason


def test_services_of_a_batch_are_refused_out_of_order(estate: Estate) -> None:
    batch = laid(estate, units=list(estate.homes[:2]))
    by = {"actor": estate.cast.township.actor, "batch": batch}
    with refused("名单已经排定"):
        lay_batch(**by)
    with refused("还有未出具或未存档的"):
        finish_batch(**by)
    numbered = portion(estate, batch, 5)
    with refused("没有待出具的户", code="nothing_waits"):
        portion(estate, batch, 5)
    archived(estate, batch, numbered)
    with refused("已经存档", code="archived"):
        archived(estate, batch, numbered)
    with on_day(TODAY):
        finish_batch(**by)
    with refused("已经办结"):
        finish_batch(**by)
    with refused("没有符合条件的户"):
        asked(estate, building="99")
    again = laid(estate)
    with refused("单位已变更", code="no_power"), on_day(TODAY):
        number_portion(actor=estate.cast.developer.actor, batch=again)


def test_homes_of_a_list_are_found_by_building_entrance_and_room(estate: Estate) -> None:
    unit = estate.unit()
    actor = estate.cast.township.actor
    place = f"{unit.building.name} {unit.entrance}单元 {unit.room}"
    text = f"{place}\n{unit.building.number}-{unit.entrance}-{unit.room}\n\n99号楼 101\n101"

    keys, wrong = listed_units(actor, estate.project, text, on=TODAY)

    assert set(keys) == {unit.pk}
    assert wrong == ["99号楼 101", "101"]


def test_page_previews_hands_over_shows_prints_and_prints_again(estate: Estate) -> None:
    client = sign_in(estate.cast.township)
    url = reverse("papers:notices", args=[estate.project.code])
    told = {"kind": "cert_notice", "use": "dwelling", "way": "personal", "place": "大厅", "phone": "19900000000"}

    preview = client.post(url, {**told, "preview": "1"}).content.decode()
    assert "应出<b>12</b>份＝可出具<b>12</b>份" in preview
    assert not PaperBatch.objects.exists()
    wrong = client.post(url, {**told, "listed": "9号楼 1"}).content.decode()
    assert "清单里的“9号楼 1”不是本项目的一户" in wrong
    to = client.post(url, told)["Location"]
    Worker("w").run(once=True)

    batch = PaperBatch.objects.get()
    assert to == reverse("papers:batch", args=[batch.number])
    assert batch.number in client.get(reverse("papers:batches")).content.decode()
    assert "办结" not in client.get(to).content.decode()
    printed = client.post(reverse("papers:print", args=[batch.number]))
    assert printed.content.startswith(b"%PDF")
    some = client.post(reverse("papers:print", args=[batch.number]), {"first": 2, "last": 3})
    with pikepdf.open(io.BytesIO(some.content)) as document:
        assert len(document.pages) == 2
    files = client.post(reverse("papers:files", args=[batch.number]))
    assert zipfile.ZipFile(io.BytesIO(b"".join(files.streaming_content))).testzip() is None
    other = sign_in(estate.cast.auditor).post(reverse("papers:print", args=[batch.number]))
    assert "仅限有查看个人信息权限的人员或出具单位打印" in other.content.decode()
    assert BatchLine.objects.filter(outcome="issued").count() == 12


def test_machine_without_the_library_that_cuts_fonts_takes_no_number(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty times as slow, and silently: the job says so before anything is numbered."""
    from weasyprint.text import ffi

    monkeypatch.setattr(ffi, "harfbuzz_subset", None)
    done(estate)

    assert "缺少 libharfbuzz-subset0" in Job.objects.get().error
    assert not Paper.objects.exists()


def test_machine_without_a_font_of_a_role_takes_no_number(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.render.font_roles.faces", lambda role: ())
    done(estate)

    assert "没有可用于仿宋的字体" in Job.objects.get().error
    assert not Paper.objects.exists()
