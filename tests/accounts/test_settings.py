"""Dated settings: read as of a day, decided by two persons, on their page."""

from datetime import date
from typing import Any

import pytest

from registry.accounts.models import Approval, Area, Setting
from registry.accounts.selectors.settings import (
    folded,
    place_name,
    setting_lines,
    setting_named,
    setting_on,
    setting_spans,
)
from registry.accounts.services import approve
from registry.accounts.services.settings import decide_setting
from registry.audit.models import Act
from registry.kernel.errors import NotFound
from registry.kernel.settings import Reach
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import Cast, lay_setting, sign_in
from tests.factories.projects import TODAY, moment, on_day
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db
TAX, DISTRICT = "sight.tax", "110105"


def decide(cast: Cast, **words: Any) -> Setting:
    given = {
        "name": TAX, "area_code": DISTRICT, "value": "no", "effective_on": TODAY, "reason": "会议纪要",
        "first": FirstPerson.of(cast.system_admin.person),
    } | words  # fmt: skip
    with on_day(TODAY):
        decided: Setting = decide_setting(actor=cast.city.actor, **given)
    return decided


def test_a_setting_is_its_default_before_and_its_value_from_its_day(cast: Cast) -> None:
    lay_setting(TAX, False, area_code=DISTRICT, since=date(2022, 3, 1))
    decide(cast, value="yes", effective_on=date(2022, 4, 1))

    def read(day: date, **more: Any) -> object:
        return setting_on(TAX, DISTRICT, on=day, **more)

    assert [read(date(2022, 2, 28)), read(date(2022, 3, 1)), read(date(2022, 4, 1))] == [True, False, True]
    assert read(date(2022, 4, 1), known_at=moment(date(2022, 3, 7))) is False, "as known before the second was decided"
    assert setting_on(TAX, "110108", on=TODAY) is True, "another district's is its own"


def test_each_setting_has_a_value_where_it_reaches_and_nowhere_else() -> None:
    assert setting_named("fund.retail", DISTRICT).reach is Reach.DISTRICTS
    assert setting_named("scope.cut_off", "").reach is Reach.CITY
    assert setting_named(TAX, "") is setting_named(TAX, DISTRICT)
    for name, place in (("fund.retail", ""), ("scope.cut_off", DISTRICT), ("no.such", "")):
        with pytest.raises(NotFound, match="没有这项设置"):
            setting_named(name, place)


def test_settings_through_time_begin_with_the_default_and_merge_what_says_the_same() -> None:
    for value, since in ((False, date(2022, 3, 1)), (False, date(2022, 3, 5)), (True, date(2022, 4, 1))):
        lay_setting(TAX, value, area_code=DISTRICT, since=since)
    lay_setting(TAX, False, area_code=DISTRICT, since=date(2022, 4, 1))

    spans = setting_spans([TAX], [DISTRICT, "110108"])
    assert spans[TAX, DISTRICT] == [(None, True), (date(2022, 3, 1), False)]
    assert spans[TAX, "110108"] == [(None, True)]
    known = setting_spans([TAX], [DISTRICT], known_at=moment(date(2022, 2, 1)))
    assert known[TAX, DISTRICT] == [(None, True)]


@pytest.mark.parametrize(
    ("words", "message", "field", "code"),
    [
        ({"first": None}, "须由两人办理", None, "second_person"),
        ({"reason": " "}, "未填写原因", "reason", "refused"),
        ({"effective_on": date(2022, 3, 7)}, "早于今日", "effective_on", "refused"),
        ({"value": "也许"}, "不是这项设置的值", "value", "refused"),
    ],
)
def test_what_a_setting_refuses(cast: Cast, words: dict[str, Any], message: str, field: str | None, code: str) -> None:
    with refused(message, field=field, code=code):
        decide(cast, **words)


def test_who_proposed_does_not_agree(cast: Cast) -> None:
    with refused("不能是同一人", code="second_person"):
        decide(cast, first=FirstPerson.of(cast.city.person))


@pytest.mark.parametrize("name", ["sight.nobody", "x"])
def test_a_setting_that_nobody_declares_is_not_there(cast: Cast, name: str) -> None:
    with pytest.raises(NotFound, match="没有这项设置"):
        decide(cast, name=name)


def test_a_setting_is_proposed_on_its_page_and_agreed_to_by_the_city(cast: Cast) -> None:
    admin = sign_in(cast.system_admin)
    words = {"value": "no", "effective_on": "2030-01-01", "reason": "市专班会议"}

    page = admin.get("/settings/").content.decode()
    assert page.count("税务机关默认参与本辖区全部项目") == 3, "of the city's organs, of each district's"
    assert admin.post(f"/settings/{TAX}/{DISTRICT}/", words).status_code == 302
    approval = Approval.objects.get(kind="setting")
    assert approval.title == "朝阳区：税务机关默认参与本辖区全部项目，自2030-01-01起"
    approve(actor=cast.city.actor, approval=approval)

    assert setting_on(TAX, DISTRICT, on=date(2030, 1, 1)) is False
    assert (
        Act.objects.filter(event="approval.approved").exists() or Act.objects.filter(event="setting.decided").exists()
    )
    assert "2030" in admin.get("/settings/").content.decode()
    assert sign_in(cast.tax).get("/settings/").status_code == 403
    assert sign_in(cast.district).post(f"/settings/{TAX}/", words).status_code == 403


def test_the_page_asks_two_queries_however_many_settings(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        lines = dict(setting_lines(TODAY))
    assert [line.place for line in lines["默认参与单位"]] == ["市级单位", "朝阳区", "海淀区"] * 5
    assert (place_name(""), place_name("110109")) == ("全市", "110109")


def test_districts_that_have_set_nothing_stand_in_one_line(cast: Cast) -> None:
    with fixture_writes():
        Area.objects.bulk_create(
            Area(code=f"11011{n}", name=f"示例{n}区", source="表", as_of=date(2022, 1, 1)) for n in range(3)
        )
    lay_setting(TAX, False, area_code="110110", since=date(2022, 3, 1))
    lines = [line for _, lines in setting_lines(TODAY) for line in lines if line.spec.name == TAX]

    shown = [(line.place, [same.place for same in alike]) for line, alike in folded(lines)]

    rest = [line.place for line in lines if line.area_code not in ("", "110110")]
    assert len(rest) >= 3
    assert shown == [("市级单位", []), ("示例0区", []), (rest[0], rest)]
    page = sign_in(cast.system_admin).get("/settings/").content.decode()
    assert all(f'href="{line.url}"' in page for line in lines), "each can still be set"
