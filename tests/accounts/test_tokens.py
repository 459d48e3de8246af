"""Tokens of other platforms: shown once, kept as a digest, dated, ended on a page."""

from datetime import timedelta

import pytest
from django.db import connection

from registry.accounts.models import ApiToken
from registry.accounts.selectors.tokens import TokenUnknown, actor_of_token
from registry.accounts.services.tokens import issue_token, revoke_token
from registry.audit.models import Act
from registry.kernel.authority import Role
from registry.store.guard import fixture_writes
from tests.factories.accounts import Cast, sign_in
from tests.factories.projects import TODAY, on_day
from tests.factories.trials import refused

ENDS = TODAY + timedelta(days=90)


def issued(cast: Cast, name: str = "区热线系统") -> str:
    with on_day(TODAY):
        return issue_token(
            actor=cast.system_admin.actor, organisation=cast.district.organisation, name=name, ends=ENDS
        ).secret


def test_a_token_acts_as_its_organisation_from_its_day_through_its_last(cast: Cast) -> None:
    secret = issued(cast)

    actor = actor_of_token(secret, on=TODAY)
    assert (actor.role, actor.area_code, actor.name, actor.person_id) == (
        Role.DISTRICT,
        "110105",
        "接口（区热线系统）",
        None,
    )
    assert actor_of_token(secret, on=ENDS).organisation_id == cast.district.organisation.pk
    for on in (ENDS + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(TokenUnknown, match="到期"):
            actor_of_token(secret, on=on)
    with pytest.raises(TokenUnknown, match="令牌无效"):
        actor_of_token(secret + "x", on=TODAY)


def test_its_text_stands_nowhere(cast: Cast) -> None:
    secret = issued(cast)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_apitoken")
        stored = str(cursor.fetchall())
    assert secret not in stored
    assert secret[:8] in stored
    assert secret not in str(Act.objects.latest("id").facts)


def test_what_is_refused_says_what_and_how(cast: Cast) -> None:
    issued(cast)
    words = {"organisation": cast.district.organisation, "name": "甲", "ends": ENDS}
    for change, said, field in (
        ({"name": " "}, "未填写对接系统名称", "name"),
        ({"name": "区热线系统"}, "已有名为“区热线系统”的有效令牌", "name"),
        ({"ends": TODAY}, "有效期须在明日至一年以内", "ends"),
        ({"ends": TODAY + timedelta(days=400)}, "有效期须在明日至一年以内", "ends"),
        ({"organisation": cast.developer.organisation}, "只发给工作专班和乡镇、街道", "organisation"),
    ):
        with on_day(TODAY), refused(said, field=field):
            issue_token(actor=cast.system_admin.actor, **{**words, **change})  # type: ignore[arg-type]


def test_it_is_issued_and_ended_on_pages(cast: Cast) -> None:
    client = sign_in(cast.system_admin)
    with on_day(TODAY):
        assert "暂无接口令牌" in client.get("/tokens/").content.decode()
        words = {"organisation": cast.district.organisation.pk, "name": "区热线系统", "ends": ENDS.isoformat()}
        page = client.post("/tokens/new/", words)
        secret = page.content.decode().split("<code>")[1].split("</code>")[0]
        assert (actor_of_token(secret, on=TODAY).name, page.headers["Cache-Control"]) == (
            "接口（区热线系统）",
            "no-store",
        )
        assert secret not in client.get("/tokens/").content.decode()
        client.post(f"/tokens/{ApiToken.objects.get().pk}/revoke/", {"reason": "系统停用"})
    with pytest.raises(TokenUnknown, match="令牌已停用"):
        actor_of_token(secret, on=TODAY)


def test_a_token_of_an_organisation_that_is_gone_is_none(cast: Cast) -> None:
    secret = issued(cast)
    with fixture_writes():
        cast.district.organisation.is_active = False
        cast.district.organisation.save()
    with pytest.raises(TokenUnknown, match="令牌无效"):
        actor_of_token(secret, on=TODAY)


def test_a_token_is_ended_once_and_for_a_reason(cast: Cast) -> None:
    actor = cast.district.actor
    with on_day(TODAY):
        token = issue_token(
            actor=actor, organisation=cast.district.organisation, name="12345平台", ends=TODAY + timedelta(days=30)
        ).token
        with refused("未填写停用原因", field="reason"):
            revoke_token(actor=actor, token=token, reason=" ")
        revoke_token(actor=actor, token=token, reason="换平台")
        with refused("该令牌已停用", code="revoked"):
            revoke_token(actor=actor, token=token, reason="再停一次")
    assert ApiToken.objects.get().revoked_at is not None


def test_a_token_of_an_organisation_that_has_become_another_kind_is_none(cast: Cast) -> None:
    secret = issued(cast)
    with fixture_writes():
        cast.district.organisation.kind = "department"
        cast.district.organisation.save()
    with pytest.raises(TokenUnknown, match="不再是可以登记工单的单位"):
        actor_of_token(secret, on=TODAY)
