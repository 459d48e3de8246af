"""Tokens of other platforms, and the actor that each stands for."""

from datetime import date
from typing import Final

from django.db.models import QuerySet

from registry.accounts.choices import OrganisationKind, reach_of
from registry.accounts.models import ApiToken, Organisation
from registry.accounts.querysets import organisations_within
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound, Refused
from registry.store.clock import true_now
from registry.store.crypto import keyed_digest
from registry.store.pace import seconds_to_wait

ROLES: Final = {
    OrganisationKind.CITY_TASK_FORCE.value: Role.CITY,
    OrganisationKind.DISTRICT_TASK_FORCE.value: Role.DISTRICT,
    OrganisationKind.TOWNSHIP.value: Role.TOWNSHIP,
}


MOST: Final = 300  # requests of one token in a minute: a hotline of a city dispatches some thousands a day


class TokenTooOften(Refused):
    """A token asked more often in this minute than it may; `wait` is the seconds until it may again."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"该令牌每分钟最多请求{MOST}次，已超过。请在{wait}秒后再发。", code="too_often")
        self.wait = wait


class TokenUnknown(NotFound):
    """No such token, or one that is over: said in words that tell a stranger nothing of others."""


def tokens_for(actor: Actor) -> "QuerySet[ApiToken]":
    """Return the tokens of organisations in the actor's reach, the newest first. No query yet."""
    tokens: QuerySet[ApiToken] = ApiToken.objects.filter(organisations_within(actor, "organisation__"))
    return tokens.select_related("organisation", "issued_by").order_by("-id")


def token_by_key(actor: Actor, pk: int) -> ApiToken:
    """Find a token in reach. One query."""
    token = tokens_for(actor).filter(pk=pk).first()
    if token is None:
        raise NotFound("未找到这个令牌。请在列表中核对。")
    return token


def token_holders(actor: Actor) -> "QuerySet[Organisation]":
    """Return the organisations in reach that may be given a token. No query yet."""
    reach: QuerySet[Organisation] = Organisation.objects.filter(organisations_within(actor), is_active=True)
    return reach.filter(kind__in=ROLES).order_by("area_code", "code")


def actor_of_token(secret: str, *, on: date) -> Actor:
    """Return who a platform acts as: the organisation of its token, in the token's name. One query.

    Raises TokenUnknown for none, and for one that is revoked or over, which its owner is told; TokenTooOften past the
    pace that a token may keep.
    """
    token: ApiToken | None = (
        ApiToken.objects.select_related("organisation").filter(digest=keyed_digest("api.token", secret)).first()
    )
    if token is None or not token.organisation.is_active:
        raise TokenUnknown("令牌无效。请核对令牌，或联系发放单位重新发放。", code="token")
    if token.revoked_at is not None:
        raise TokenUnknown("令牌已停用。请联系发放单位重新发放。", code="token_revoked")
    if not token.starts <= on <= token.ends:
        raise TokenUnknown(f"令牌已于{token.ends}到期。请联系发放单位重新发放。", code="token_over")
    organisation, role = token.organisation, ROLES.get(token.organisation.kind)
    if role is None:  # its kind was changed since
        raise TokenUnknown(f"{organisation}不再是可以登记工单的单位，令牌无效。请联系发放单位。", code="token")
    if wait := seconds_to_wait(f"token-{token.pk}", most=MOST, now=true_now().timestamp()):
        raise TokenTooOften(wait)
    return Actor(
        person_id=None,
        name=f"接口（{token.name}）",
        role=role,
        organisation_id=organisation.pk,
        organisation_name=str(organisation),
        area_code=reach_of(role, organisation.area_code),
    )
