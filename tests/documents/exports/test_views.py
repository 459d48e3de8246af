"""The page of large exports: ask, wait, fetch."""

import pytest

from documents.exports.models import ExportFile
from registry.accounts.models import Approval
from registry.jobs.models import Job
from registry.jobs.worker import Worker
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/documents/exports/"


def test_export_is_asked_for_made_and_fetched(estate: Estate, settings, tmp_path) -> None:
    settings.FILES_DIR = tmp_path
    client = sign_in(estate.cast.district)

    asked = client.post(URL, {"use": "dwelling"}, follow=True).content.decode()
    assert "后台任务进程未运行" in asked
    assert "房屋用途：住宅" in asked
    Worker("w").run(once=True)

    export = ExportFile.objects.get()
    assert f"/documents/exports/files/{export.pk}/" in client.get(URL).content.decode()
    assert f"/documents/exports/files/{export.pk}/" in client.get("/jobs/").content.decode()
    fetched = client.get(f"/documents/exports/files/{export.pk}/")
    content = b"".join(fetched.streaming_content)
    assert content.startswith(b"PK")
    assert int(fetched["Content-Length"]) == len(content)
    assert "attachment" in fetched["Content-Disposition"]


def test_stranger_finds_no_export(estate: Estate, settings, tmp_path) -> None:
    settings.FILES_DIR = tmp_path
    sign_in(estate.cast.district).post(URL, {"use": ""})
    Worker("w").run(once=True)
    pk = ExportFile.objects.get().pk

    assert sign_in(estate.cast.district_second).get(f"/documents/exports/files/{pk}/").status_code == 404


def test_people_in_clear_without_a_reason_are_refused_beside_the_field(estate: Estate) -> None:
    page = sign_in(estate.cast.district).post(URL, {"with_people": "on", "reason": ""}).content.decode()

    assert "未填写用途" in page
    assert not Approval.objects.exists()


def test_people_in_clear_go_to_a_second_person(estate: Estate) -> None:
    sign_in(estate.cast.district).post(URL, {"with_people": "on", "reason": "核对身份"})

    approval = Approval.objects.get()
    assert (ExportFile.objects.count(), Job.objects.count()) == (0, 0)
    page = sign_in(estate.cast.district_second).get(f"/approvals/{approval.pk}/").content.decode()
    assert "核对身份" in page
    assert "7日后销毁" in page
    assert "待复核" in sign_in(estate.cast.district).get(URL).content.decode()


def test_export_of_nothing_is_refused_in_words(estate: Estate) -> None:
    client, words = sign_in(estate.cast.district), {"project": "CY-9001", "certificate": "issued"}
    assert "没有符合条件的户" in client.post(URL, words).content.decode()
    assert "未找到项目“CY-9999”" in client.post(URL, {"project": "CY-9999"}).content.decode()
    assert not ExportFile.objects.exists()


def test_auditor_is_offered_no_people_in_clear(estate: Estate) -> None:
    assert "with_people" not in sign_in(estate.cast.auditor).get(URL).content.decode()
