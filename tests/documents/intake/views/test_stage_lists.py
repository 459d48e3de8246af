"""The pages of a list: reconciled, then carried out as it was shown."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.intake.models import ImportSession
from projects.ledger.models import Unit
from tests.documents.intake.services.test_stage_lists import listing, place
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, on_day


@pytest.fixture
def collected(story: Estate) -> Estate:
    bring_to(story, story.homes[:3], "collected", date(2022, 2, 10))
    return story


def test_list_is_shown_beside_the_ledger_then_carried_out(collected: Estate) -> None:
    client = sign_in(collected.cast.centre)
    url = f"/documents/imports/{collected.project.code}/stages/"
    content = listing(collected, place(0), place(1), {"building": "77", "entrance": "1", "room": "999"})
    file = SimpleUploadedFile("受理清单.xlsx", content)

    with on_day(TODAY):
        assert "按清单办理" in client.get(url).content.decode()
        said = {"target": "certificate:accepted", "occurred_on": "2022-02-20", "file": file}
        shown = client.post(url, said, follow=True)
        assert Unit.objects.filter(certificate="accepted").count() == 0
        accept = reverse("intake:accept", args=[ImportSession.objects.get().id])
        done = client.post(accept, {"choice": "rows"}, follow=True)
        again = client.post(accept, {"choice": "rows"}, follow=True)

    text = shown.content.decode()
    assert "办证办理至“已受理”" in text
    assert "写入台账：2行" in text
    assert "先导入清册" in text
    assert "已写入台账：新增0行，变更2行，退回1行" in done.content.decode()
    assert again.status_code == 422
    assert Unit.objects.filter(certificate="accepted", certificate_on=date(2022, 2, 20)).count() == 2
