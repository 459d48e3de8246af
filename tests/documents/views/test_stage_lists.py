"""The pages of a list: reconciled, then carried out as it was shown."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.ledger.models import Unit
from tests.documents.services.test_stage_lists import listing, place
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
        assert "按清单记办" in client.get(url).content.decode()
        said = {"target": "certificate:accepted", "occurred_on": "2022-02-20", "file": file}
        shown = client.post(url, said)
        assert Unit.objects.filter(certificate="accepted").count() == 0
        done = client.post(f"{url}carry-out/", {"token": shown.context["token"]}, follow=True)
        again = client.post(f"{url}carry-out/", {"token": shown.context["token"]}, follow=True)

    text = shown.content.decode()
    assert "记办2户" in text
    assert "先导入清册" in text
    assert "已按清单办理2户" in done.content.decode()
    assert "没有可办的户" in again.content.decode()
    assert Unit.objects.filter(certificate="accepted", certificate_on=date(2022, 2, 20)).count() == 2


def test_result_that_was_meddled_with_is_refused(collected: Estate) -> None:
    with on_day(TODAY):
        url = f"/documents/imports/{collected.project.code}/stages/carry-out/"
        response = sign_in(collected.cast.centre).post(url, {"token": "x:y:z"})

    assert "请重新上传清单核对" in response.content.decode()
    assert not Unit.objects.filter(certificate="accepted").exists()
