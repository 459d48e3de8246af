"""People: accounts are opened by those who keep them; who grants rights, another person, hands out passwords."""

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from registry.accounts.models import Assignment, Organisation, Person
from registry.accounts.passwords import first_password
from registry.accounts.querysets import sees_whole_city
from registry.accounts.selectors.browsers import APART
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import NotFound, Refused
from registry.kernel.masking import mask_phone
from registry.kernel.names import clean_person_name
from registry.store.acts import Row, current_act, within_act, write
from registry.store.locks import lock_where
from registry.store.root import visible_projects

USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,39}")


@dataclass(frozen=True)
class IssuedPassword:
    """A password to be told to its person once, stored nowhere in clear; empty if there was nothing to hand out."""

    person: Person
    first_password: str


@write(Permission.ACCOUNT_MANAGE, on="organisation", once=True)
def create_person(*, actor: Actor, organisation: Organisation, username: str, name: str, phone: str = "") -> Person:
    """Open an account without rights and without a password: both come when a second person grants a role."""
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise Refused("登录名须以小写字母开头，3—40位小写字母、数字、点、横线。请重新填写。", field="username")
    if Person.objects.filter(username=username).exists():
        raise Refused(f"登录名{username}已被使用。一人一号，请核对是否已有账号，或换一个登录名。", field="username")
    if not organisation.is_active:
        raise Refused(f"{organisation}已停用，不能开设账号。请选择在用的单位。", field="organisation")

    person = Person(
        username=username, name=clean_person_name(name), phone_masked=mask_phone(phone), organisation=organisation
    )
    person.set_unusable_password()
    person.save(force_insert=True)

    record(
        event="person.created",
        subject=person,
        facts={"person": person.name, "username": username, "organisation": str(organisation)},
        rows=[Row.added(person, "username", "organisation_id", "is_active")],
    )
    return person


@write(Permission.ACCOUNT_MANAGE, on="person")
def disable_person(*, actor: Actor, person: Person, reason: str) -> Person:
    """Close an account and end its sessions at once. What it did stays under its name."""
    locked = lock_person(person.pk)
    if locked.pk == actor.person_id:
        raise Refused("不能停用自己的账号。请由另一位管理员办理。")
    if not locked.is_active:
        raise Refused(f"{locked.name}的账号已经停用。", code="unchanged")
    if not reason.strip():
        raise Refused("请写明停用的原因。", field="reason")
    require_within_reach(actor, locked, current_act().today)

    before = {"is_active": locked.is_active, "session_epoch": locked.session_epoch}
    locked.is_active = False
    locked.session_epoch += 1
    locked.save(update_fields=["is_active", "session_epoch"])

    record(
        event="person.disabled",
        subject=locked,
        facts={"person": locked.name},
        reason=reason.strip(),
        rows=[Row.changed(locked, before)],
    )
    return locked


@write(Permission.ACCOUNT_APPROVE, on="person")
def reset_password(*, actor: Actor, person: Person, reason: str = "") -> IssuedPassword:
    """Hand out a new first password, end the person's sessions and lift a lock-out.

    Who grants rights hands out passwords, not who opens accounts: an administrator alone could else sign in as anybody.
    """
    locked = lock_person(person.pk)
    if locked.pk == actor.person_id:
        raise Refused("不能重设自己的密码。请用“修改密码”。")
    if not locked.is_active:
        raise Refused(f"{locked.name}的账号已停用，不能重设密码。")
    if not locked.has_usable_password():
        raise Refused(f"{locked.name}尚无复核同意的职责，初始密码在同意授权时发放。")
    require_within_reach(actor, locked, current_act().today)

    secret = issue_password(locked)
    transaction.on_commit(partial(_lift_lock_out, locked.username))

    record(
        event="password.reset",
        subject=locked,
        facts={"person": locked.name},
        reason=reason.strip(),
        rows=[Row.changed(locked, {"session_epoch": locked.session_epoch - 1})],
    )
    return IssuedPassword(locked, secret)


@write(Permission.ACCOUNT_SELF)
def change_own_password(*, actor: Actor, old_password: str, new_password: str) -> Person:
    """Change the actor's own password and end its other sessions, provided the old one is right."""
    if actor.person_id is None:
        raise NotFound("没有可修改密码的账号。")
    person = lock_person(actor.person_id)
    if not person.check_password(old_password):
        raise Refused("当前密码错误。请重新输入；忘记密码的，请联系授权单位重设。", field="old_password")
    try:
        validate_password(new_password, person)
    except ValidationError as error:
        raise Refused("".join(error.messages), field="new_password") from error

    person.set_password(new_password)
    person.must_change_password = False
    person.password_changed_at = current_act().recorded_at
    person.session_epoch += 1
    person.save(update_fields=["password", "must_change_password", "password_changed_at", "session_epoch"])

    record(
        event="password.changed",
        subject=person,
        facts={"person": person.name},
        rows=[Row.changed(person, {"session_epoch": person.session_epoch - 1})],
    )
    return person


def lock_person(key: int) -> Person:
    """Lock a person for the open act."""
    locked: Person | None = lock_where(Person, pk=key)
    if locked is None:
        raise NotFound("未找到这个人员。请在人员列表中核对。")
    return locked


@within_act
def issue_password(person: Person) -> str:
    """Set a new first password, end the sessions, and return it to be told once."""
    secret = first_password()
    person.set_password(secret)
    person.must_change_password = True
    person.password_changed_at = current_act().recorded_at
    person.session_epoch += 1
    person.save(update_fields=["password", "must_change_password", "password_changed_at", "session_epoch"])
    return secret


def _lift_lock_out(username: str) -> None:
    """Forget the failures under a name, everywhere and in each browser that knows it."""
    AccessAttempt.objects.filter(Q(username=username) | Q(username__startswith=f"{username}{APART}")).delete()


@within_act
def end_sessions(person: Person) -> Row:
    """Make every session of the person end at its next request."""
    before = {"session_epoch": person.session_epoch}
    person.session_epoch += 1
    person.save(update_fields=["session_epoch"])
    return Row.changed(person, before)


def require_within_reach(actor: Actor, person: Person, today: date) -> None:
    """Refuse if the person also holds a role beyond the actor's reach: its account opens that one too."""
    held = person.assignments.not_over(today)
    foreign = held.exclude(pk__in=Assignment.objects.visible_to(actor).values("pk")).exists()
    if not foreign and not sees_whole_city(actor):
        projects = set(held.filter(project_key__isnull=False).values_list("project_key", flat=True))
        foreign = bool(projects - visible_projects(actor, projects))
    if foreign:
        raise Refused(f"{person.name}还在其他区或市级任职。请由安全管理员或系统管理员办理。", code="beyond_reach")
