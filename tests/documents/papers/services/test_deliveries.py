"""Deliveries: recorded by who issued the paper, with the evidence that each way needs."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from documents.papers.models import Delivery, Paper
from documents.papers.services import void_paper
from documents.papers.services.deliveries import record_delivery
from registry.store.guard import fixture_writes
from tests.documents.papers.trials import issue
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import refused


@pytest.fixture
def paper(estate: Estate, settings: Any, tmp_path: Path) -> Paper:
    settings.FILES_DIR = tmp_path
    with on_day(TODAY):
        made: Paper = issue(estate)(estate.cast.township.actor)
    return made


def delivered(estate: Estate, paper: Paper, by: str = "township", **words: Any) -> Delivery:
    given = {"way": "handed", "outcome": "done", "delivered_on": TODAY, "evidence": "签收表第1号", **words}
    with on_day(TODAY):
        return record_delivery(actor=getattr(estate.cast, by).actor, paper=paper, **given)


def test_deliveries_refusals_and_returns_stand_one_after_another(estate: Estate, paper: Paper) -> None:
    delivered(estate, paper, way="printed", evidence="")
    delivered(estate, paper, way="sent", outcome="returned", evidence="EMS123，查无此人")
    delivered(estate, paper)

    assert list(Delivery.objects.order_by("id").values_list("way", "outcome")) == [
        ("printed", "done"), ("sent", "returned"), ("handed", "done"),
    ]  # fmt: skip


def test_delivery_without_what_proves_it_is_refused(estate: Estate, paper: Paper) -> None:
    for words in ({"evidence": " "}, {"way": "sent", "outcome": "refused", "evidence": ""}):
        with refused("未填写凭证", field="evidence"):
            delivered(estate, paper, **words)
    with refused("打印没有拒收、退回", field="outcome"):
        delivered(estate, paper, way="printed", outcome="refused")
    with refused("不能早于出具日期2022-03-08", field="delivered_on"):
        delivered(estate, paper, delivered_on=TODAY - timedelta(days=1))
    with refused("载有权利人完整姓名，不能张贴", field="way"):
        delivered(estate, paper, way="posted")
    with refused("送达由出具单位登记", code="not_own"):
        delivered(estate, paper, by="developer")
    with fixture_writes():
        Paper.objects.update(is_masked=True)
    paper.refresh_from_db()
    assert delivered(estate, paper, way="posted").way == "posted"
    with on_day(TODAY):
        void_paper(actor=estate.cast.city.actor, paper=paper, reason="地址写错", on=TODAY)
    with refused("已作废，不能登记送达", code="void"):
        delivered(estate, paper)


def test_page_records_a_delivery_and_shows_those_before(estate: Estate, paper: Paper) -> None:
    client, url = sign_in(estate.cast.township), reverse("papers:deliveries", args=[paper.pk])
    told = {"way": "handed", "outcome": "done", "delivered_on": "2022-03-08", "evidence": "签收表第7号"}

    assert client.post(url, told).status_code == 302
    page = client.get(url).content.decode()
    assert "2022-03-08 当面送达，已送达" in page
    assert "签收表第7号" in page
    assert url in client.get(reverse("papers:documents")).content.decode()
