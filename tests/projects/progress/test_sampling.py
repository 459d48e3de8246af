"""Samples of homes claimed issued: drawn again by their seed, checked once, errors by organisation."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from projects.progress.models import Sample, SampledHome
from projects.progress.selectors.sampling import ErrorRate, claims, error_rates, homes_of
from projects.progress.services import correct_unit
from projects.progress.services.sampling import SampleRefused, draw_sample, record_results
from registry.kernel.periods import Month
from registry.kernel.stages import Track
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.books import faults_in_the_books
from tests.factories.projects import TODAY, Estate, bring_to, lay_strange_estate, moment, on_day

FEBRUARY = Month(2022, 2)


@pytest.fixture
def issued(story: Estate) -> Estate:
    bring_to(story, story.homes[:5], "issued", date(2022, 2, 20))
    bring_to(story, story.homes[5:6], "issued", date(2022, 1, 20))
    return story


def drawn(estate: Estate, size: int = 3, seed: int = 7, month: Month = FEBRUARY) -> Sample:
    with on_day(TODAY):
        sample: Sample = draw_sample(actor=estate.cast.city.actor, month=month, size=size, seed=seed)
    return sample


def found(
    estate: Estate, sample: Sample, ordinals: list[int], result: str, finding: str = "", on: date = TODAY
) -> None:
    with on_day(TODAY):
        record_results(
            actor=estate.cast.city.actor, sample=sample, ordinals=ordinals, result=result, finding=finding, on=on
        )


def test_the_same_seed_draws_the_same_homes_of_the_month(issued: Estate) -> None:
    sample = drawn(issued)
    keys = list(sample.homes.order_by("ordinal").values_list("unit_id", flat=True))

    assert (sample.code, sample.size, sample.population) == ("CC202202-01", 3, 5)
    assert set(keys) <= set(issued.homes[:5])
    assert drawn(issued, size=5, seed=8).code == "CC202202-02"
    assert [text for text in faults_in_the_books() if text.startswith("I63")] == []


def test_what_is_corrected_later_is_no_claim_any_more_but_the_sample_stays(issued: Estate) -> None:
    sample = drawn(issued, size=5)
    with on_day(TODAY + timedelta(days=1)):
        correct_unit(
            actor=issued.cast.district.actor, unit=issued.unit(0), track=Track.CERTIFICATE, reason="登记错误", on=TODAY,
            first=FirstPerson.of(issued.cast.city.person),
        )  # fmt: skip
    assert len(claims(FEBRUARY, known_at=moment(TODAY + timedelta(days=2)))) == 4
    assert sample.homes.count() == 5
    assert [text for text in faults_in_the_books() if text.startswith("I63")] == []


@pytest.mark.parametrize(
    ("month", "size", "seed", "said"),
    [
        (Month(2022, 3), 3, 1, "尚未终了"), (Month(2021, 5), 3, 1, "没有登记发证的住宅"), (FEBRUARY, 0, 1, "须在1至2000之间"),
        (FEBRUARY, 3, 7, "已用种子7抽过"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_words(
    issued: Estate, month: Month, size: int, seed: int, said: str
) -> None:
    drawn(issued)
    with pytest.raises(SampleRefused, match=said):
        drawn(issued, size, seed, month)
    assert Sample.objects.count() == 1


def test_what_was_found_is_recorded_once_with_its_words(issued: Estate) -> None:
    sample = drawn(issued)
    for ordinals, result, finding, on, said in (
        ([], "right", "", TODAY, "未选择户"), ([1], "wrong", " ", TODAY, "要写明核查情况"),
        ([1], "right", "", TODAY - timedelta(days=1), "核查日期须在"),
    ):  # fmt: skip
        with pytest.raises(SampleRefused, match=said):
            found(issued, sample, ordinals, result, finding, on)
    found(issued, sample, [1, 2], "right")
    found(issued, sample, [3], "no_evidence", "签收表上没有签名")
    with pytest.raises(SampleRefused, match="序号1已登记过结果"):
        found(issued, sample, [1], "wrong", "发错")

    rates = error_rates(issued.cast.city.actor, sample)
    assert (rates[-1].organisation, rates[-1].drawn, rates[-1].checked, rates[-1].errors) == ("合计", 3, 3, 1)
    assert sum(rate.errors for rate in rates[:-1]) == 1


def test_three_of_a_hundred() -> None:
    rate = ErrorRate("甲", 100, 100, 3)
    assert rate.interval is not None
    assert (rate.share, rate.interval.text) == ("3.00%", "1.0%—8.5%")
    assert ErrorRate("乙", 5, 0, 0).interval is None


def test_a_reader_sees_the_homes_of_their_projects(issued: Estate) -> None:
    lay_strange_estate(issued.cast)
    sample = drawn(issued)
    for by, count in (("city", 3), ("district", 3), ("strange_township", 0)):
        assert homes_of(getattr(issued.cast, by).actor, sample).count() == count
    page = sign_in(issued.cast.strange_township).get(reverse("progress:sample", args=[sample.code])).content.decode()
    assert "抽到的户都不在可见范围内" in page


def test_the_pages_draw_check_and_print(issued: Estate) -> None:
    client = sign_in(issued.cast.city)
    assert "暂无抽查" in client.get(reverse("progress:samples")).content.decode()
    answer = client.post(reverse("progress:draw_sample"), {"month": "2022-02", "size": 4, "seed": 11})
    sample = Sample.objects.get()
    assert answer.headers["Location"] == reverse("progress:sample", args=[sample.code])
    client.post(
        reverse("progress:sample_results", args=[sample.code]),
        {"ordinals": ["1", "3"], "result": "wrong", "finding": "证在开发公司", "on": sample.drawn_on.isoformat()},
    )
    assert sorted(SampledHome.objects.filter(result="wrong").values_list("ordinal", flat=True)) == [1, 3]
    page = client.get(reverse("progress:sample", args=[sample.code])).content.decode()
    assert ("100.00%" in page, "证在开发公司" in page, "核查表" in page) == (True, True, True)
    assert sign_in(issued.cast.district).get(reverse("progress:draw_sample")).status_code == 403
    assert (
        "2022-13"
        in client.post(reverse("progress:draw_sample"), {"month": "2022-13", "size": 4, "seed": 1}).content.decode()
    )


def test_a_home_changed_past_the_door_is_found(issued: Estate) -> None:
    sample = drawn(issued)
    other = next(key for key in issued.homes if key not in set(sample.homes.values_list("unit_id", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE progress_sampledhome SET unit_id = %s WHERE ordinal = 1", [other])
    assert any(text.startswith("I63") for text in faults_in_the_books())
