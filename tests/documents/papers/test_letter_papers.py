"""The paper of a commitment letter is the signed letter: by whom, on what, under which number, once."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from documents.papers.models import NumberSeries, Paper
from documents.papers.selectors.snapshots import snapshot_of
from documents.papers.services import read_pdf, void_paper
from registry.kernel.authority import Role
from registry.store.guard import fixture_writes
from tests.documents.papers.test_powers import ISSUERS, letter, notice, text_of
from tests.factories.accounts import TOWNSHIP, Player, lay_assignment, lay_organisation, lay_person, sign_in
from tests.factories.projects import SIGNED, TODAY, Estate, draft_letter, lay_blocker, on_day
from tests.factories.trials import refused


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


@pytest.mark.parametrize("by", sorted(set(ISSUERS) - {"township"}))
def test_a_developer_or_staff_of_the_district_issues_no_letter_under_the_townships_head(story: Estate, by: str) -> None:
    with refused("不能出具政府承诺函。政府承诺函由签署该函的乡镇人民政府、街道办事处出具", code="no_power"):
        letter(story, by)
    page = sign_in(getattr(story.cast, by)).get(reverse("papers:letter", args=[story.letter.code]))  # type: ignore[union-attr]
    assert "不能出具政府承诺函" in page.content.decode()
    assert not Paper.objects.exists()


def test_another_township_issues_no_letter_of_this_one(story: Estate) -> None:
    organ = lay_organisation(code="T-2", name="小红门乡人民政府", kind="township", area_code=TOWNSHIP)
    person = lay_person(username="t2", name="午乡", organisation=organ)
    other = Player(person, organ, lay_assignment(person, organ, Role.TOWNSHIP))

    with refused("政府承诺函由签署该函的十八里店乡出具，小红门乡人民政府不能代为出具", code="no_power"):
        letter(story, other)


def test_an_unsigned_draft_is_no_letter(estate: Estate) -> None:
    with on_day(SIGNED):
        draft = draft_letter(estate, lay_blocker(estate))
    client = sign_in(estate.cast.township)

    page = client.post(reverse("papers:letter", args=[draft.code]))

    assert "承诺函尚未签署" in page.content.decode()
    assert not Paper.objects.exists()


def test_a_letter_is_the_signed_letter_with_its_number_and_its_day_once(story: Estate) -> None:
    client, url = sign_in(story.cast.township), reverse("papers:letter", args=[story.letter.code])  # type: ignore[union-attr]
    typed = {
        "series": "京政办发",
        "number": "京政办发〔1999〕1号",
        "issued_on": "1999-01-01",
        "issuer": "朝阳区人民政府",
    }
    assert client.post(url, typed).status_code == 302

    paper = Paper.objects.get()
    assert (paper.number, paper.issued_on, paper.series, paper.serial) == ("×政函〔2021〕18号", SIGNED, None, None)
    assert (paper.issuer, paper.addressee_masked) == (story.cast.township.organisation, "朝阳区专班")
    assert (snapshot_of(paper)["organ"], snapshot_of(paper)["issued_on"]) == ("十八里店乡", "2021-06-17")
    assert "×政函〔2021〕18号" in text_of(paper)
    for _ in range(8):
        client.post(url, typed)
    assert Paper.objects.count() == 1
    with refused("政府承诺函×政函〔2021〕18号已于2021-06-17出具", code="in_force"):
        letter(story)
    with refused("是已签署的函本身，不能单独作废"), on_day(TODAY):
        void_paper(actor=story.cast.city.actor, paper=paper, reason="重出", on=TODAY)


def test_a_letter_printed_again_is_the_archived_file(story: Estate) -> None:
    paper = letter(story)
    client = sign_in(story.cast.township)

    again = client.get(reverse("papers:letter", args=[story.letter.code]), follow=True)  # type: ignore[union-attr]

    assert again.content == read_pdf(paper)
    assert Paper.objects.count() == 1


def test_a_letter_bears_no_other_day_and_no_number_that_is_taken(story: Estate) -> None:
    with refused("承诺函的日期是签署日期2021-06-17，不能另填2022-03-08", field="issued_on"):
        letter(story, issued_on=TODAY)
    taken = notice(story)
    with fixture_writes():
        Paper.objects.filter(pk=taken.pk).update(number="×政函〔2021〕18号")
    with refused("已有文书使用文号×政函〔2021〕18号", code="number_taken"):
        letter(story)


def test_a_letter_of_the_wrong_kind_of_before_is_voided_and_the_signed_one_issued(story: Estate) -> None:
    """Stored papers stay as they are: one issued under a typed number stands in the way until it is void."""
    with fixture_writes():
        series = NumberSeries.objects.create(prefix="京政办发", year=1999, last=1)
        old = Paper.objects.create(
            project=story.project, kind="commitment", series=series, serial=1, number="京政办发〔1999〕1号", title="承诺函",
            subject_key=story.letter.pk, template_version="1", snapshot_sealed=b"", snapshot_hash="", pdf_path="x",  # type: ignore[union-attr]
            pdf_hash="", issued_on=TODAY, issued_at="2022-03-08T10:00+08:00", act_id=1,
            issued_by=story.cast.developer.person,
        )  # fmt: skip
    with refused("政府承诺函京政办发〔1999〕1号已于2022-03-08出具", code="in_force"):
        letter(story)
    with on_day(TODAY):
        void_paper(actor=story.cast.city.actor, paper=old, reason="文号不符", on=TODAY)

    assert letter(story).number == "×政函〔2021〕18号"
