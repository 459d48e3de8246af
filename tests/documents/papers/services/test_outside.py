"""Papers of other systems: recorded by whose they are, by their own number, once, with their scan; never made here."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.papers.models import OutsidePaper
from documents.papers.selectors.outside import outside_chosen, outside_visible_to
from documents.papers.services.outside import RECORDED_BY, record_outside_paper, void_outside_paper
from registry.kernel.authority import Permission
from registry.web.models import Attachment
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, lay_strange_estate, on_day
from tests.factories.trials import refused

NUMBER = "京朝受2022-0001"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def kept(estate: Estate, by: str = "centre", **words: Any) -> OutsidePaper:
    given = {"unit": estate.unit(), "kind": "acceptance", "number": NUMBER, "issued_on": TODAY, **words}
    with on_day(TODAY):
        return record_outside_paper(actor=getattr(estate.cast, by).actor, project=estate.project, **given)


def test_who_records_a_kind_may_issue_papers() -> None:
    assert all(Permission.DOCUMENT_ISSUE in role.permissions for roles in RECORDED_BY.values() for role in roles)


def test_a_paper_is_recorded_by_whose_it_is(estate: Estate) -> None:
    paper = kept(estate)

    assert (paper.organ_id, paper.project_id) == (estate.cast.centre.organisation.pk, estate.project.pk)
    for by in ("district", "township", "developer", "department", "city"):
        with refused("受理凭证由出具机关登记", code="no_power", field="kind"):
            kept(estate, by, number="另号")
    order = kept(
        estate, "department", kind="order", unit=None, number="朝规罚2022-3", due_on=TODAY + timedelta(days=15)
    )
    assert order.unit is None
    seen = {name for name in ("city", "developer", "auditor", "strange_district", "strange_developer")
            if outside_visible_to(getattr(estate.cast, name).actor).filter(pk=paper.pk).exists()}  # fmt: skip
    assert seen == {"city", "developer", "auditor"}


def test_what_cannot_be_is_refused(estate: Estate) -> None:
    later = TODAY + timedelta(days=10)
    with refused("是一户的文书", field="kind"):
        kept(estate, unit=None)
    with refused("未填写编号", field="number"):
        kept(estate, number=" ")
    with refused("没有期限", field="due_on"):
        kept(estate, due_on=later)
    with refused("须填写补交、改正的期限", field="due_on"):
        kept(estate, kind="supplement")
    with refused("期限不能早于文书日期2022-03-08", field="due_on"):
        kept(estate, kind="supplement", due_on=TODAY - timedelta(days=1))
    with refused("尚未到来", field="issued_on"):
        kept(estate, issued_on=later)
    strange = lay_strange_estate(estate.cast).unit()
    with refused("不在本项目内", field="unit"):
        kept(estate, unit=strange)
    kept(estate)
    with refused(f"受理凭证 {NUMBER}已登记", code="number_taken", field="number"):
        kept(estate)
    assert kept(estate, kind="refusal").kind == "refusal"


def test_one_recorded_by_mistake_is_struck_out_by_its_organ_and_its_number_is_free(estate: Estate) -> None:
    paper = kept(estate)
    with on_day(TODAY):
        with refused("作废由登记单位办理", code="not_own"):
            void_outside_paper(actor=estate.cast.township.actor, paper=paper, reason="不是这一户")
        with refused("未填写作废原因", field="reason"):
            void_outside_paper(actor=estate.cast.centre.actor, paper=paper, reason=" ")
        void_outside_paper(actor=estate.cast.centre.actor, paper=paper, reason="不是这一户")
        with refused("已经作废", code="void"):
            void_outside_paper(actor=estate.cast.centre.actor, paper=paper, reason="再来一次")

    assert kept(estate).pk != paper.pk
    assert [row.voided_on for row in outside_chosen(estate.cast.city.actor, {"q": NUMBER}).order_by("id")] == [
        TODAY,
        None,
    ]


def test_pages_record_it_with_its_scan_and_show_it_on_the_home(estate: Estate) -> None:
    unit = estate.unit()
    client, home = sign_in(estate.cast.centre), reverse("progress:unit", args=[estate.project.code, unit.pk])
    form = reverse("papers:record_outside_of_unit", args=[estate.project.code, unit.pk])
    assert "登记外部文书" in client.get(home).content.decode()
    assert "登记外部文书" not in sign_in(estate.cast.developer).get(home).content.decode()
    scan = SimpleUploadedFile("受理凭证.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")

    answer = client.post(form, {"kind": "acceptance", "number": NUMBER, "issued_on": str(TODAY), "uploads": scan})

    assert answer.status_code == 302, answer.content.decode()
    paper = OutsidePaper.objects.get()
    assert Attachment.objects.get().subject_key == paper.pk
    assert NUMBER in client.get(home).content.decode()
    page = client.get(answer["Location"]).content.decode()
    assert "受理凭证.pdf" in page
    assert "作废登记" in page
    assert NUMBER in sign_in(estate.cast.developer).get(reverse("papers:outside")).content.decode()
    assert "不能登记" in sign_in(estate.cast.developer).get(form).content.decode()
