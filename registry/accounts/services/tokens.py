"""Tokens of other platforms: issued once in clear, kept as a digest, dated, ended on a page."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from registry.accounts.choices import OrganisationKind
from registry.accounts.models import ApiToken, Organisation
from registry.accounts.querysets import organisations_within
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import DueDay
from registry.kernel.errors import NotFound, Refused
from registry.store.acts import Row, current_act, values_of, write
from registry.store.crypto import keyed_digest
from registry.store.locks import lock

MARK: Final = "ldj_"  # by which a token is known in a log that it should not stand in
LONGEST: Final = timedelta(days=366)
KINDS: Final = (OrganisationKind.CITY_TASK_FORCE, OrganisationKind.DISTRICT_TASK_FORCE, OrganisationKind.TOWNSHIP)


@dataclass(frozen=True)
class IssuedToken:
    """A token just issued; the secret is shown once and kept nowhere."""

    token: ApiToken
    secret: str


@write(Permission.ACCOUNT_MANAGE)
def issue_token(*, actor: Actor, organisation: Organisation, name: str, ends: DueDay) -> IssuedToken:
    """Issue a token to an organisation for another platform, until a day within a year.

    Refused: no name; a day past or more than a year ahead; an organisation out of reach, or of a kind that takes in
    nothing.
    """
    if not Organisation.objects.filter(organisations_within(actor), pk=organisation.pk).exists():
        raise NotFound("没有这个单位，或不在您的范围内。请重新选择。")
    if organisation.kind not in KINDS or not organisation.is_active:
        raise Refused("接口令牌只发给工作专班和乡镇、街道。请重新选择单位。", field="organisation")
    if not name.strip():
        raise Refused("未填写对接系统名称。请写明使用令牌的系统。", field="name")
    lock(organisation)  # of two issued at once under one name, one is refused
    today = current_act().today
    if not today < ends <= today + LONGEST:
        raise Refused("有效期须在明日至一年以内。到期前请重新发放。", field="ends")
    running = ApiToken.objects.filter(
        organisation=organisation, name=name.strip(), revoked_at__isnull=True, ends__gte=today
    )
    if running.exists():
        raise Refused(f"{organisation}已有名为“{name.strip()}”的有效令牌。请先停用，或另写名称。", field="name")
    secret = MARK + secrets.token_urlsafe(32)
    token: ApiToken = ApiToken.objects.create(
        organisation=organisation, name=name.strip(), shown=secret[: len(MARK) + 4], digest=digest_of(secret),
        starts=today, ends=ends, issued_by_id=actor.person_id, act_id=current_act().id,
    )  # fmt: skip
    record(
        event="token.issued",
        subject=token,
        facts={"organisation": str(organisation), "name": token.name, "ends": ends},
        rows=[Row.added(token, "organisation_id", "name", "starts", "ends")],
    )
    return IssuedToken(token, secret)


@write(Permission.ACCOUNT_MANAGE, once=True)
def revoke_token(*, actor: Actor, token: ApiToken, reason: str) -> ApiToken:
    """End a token from this moment on. Refused: no reason; ended already; out of reach."""
    current = lock(token, "organisation")
    if not Organisation.objects.filter(organisations_within(actor), pk=current.organisation_id).exists():
        raise NotFound("未找到这个令牌。请在列表中核对。")
    if not reason.strip():
        raise Refused("未填写停用原因。", field="reason")
    if current.revoked_at is not None:
        raise Refused("该令牌已停用。", code="revoked")
    before = values_of(current, ("revoked_at",))
    current.revoked_at = current_act().recorded_at
    current.save(update_fields=["revoked_at"])
    record(
        event="token.revoked",
        subject=current,
        facts={"organisation": str(current.organisation), "name": current.name},
        reason=reason,
        rows=Row.if_changed(current, before),
    )
    return current


def digest_of(secret: str) -> str:
    """Return what is kept of a token: nobody makes it of a guess without the key file."""
    return keyed_digest("api.token", secret)


def last_day(today: date) -> date:
    """Return the latest day to which a token may run."""
    return today + LONGEST
