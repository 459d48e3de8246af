"""The list of accounts: who, where, as what. Opened and proposed as one, agreed to by another person."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import transaction

from registry.accounts.models import Organisation
from registry.accounts.services.account_lists import AccountDraft, AccountsRefused, open_accounts
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.lists.kinds import ListKind
from registry.lists.rows import ADDED, Fault, ListInput, ListRow, RowResult, refused
from registry.store.clock import database_now, shanghai_day
from registry.store.root import project_by_code_unscoped

FORMER: Final = {Role.DEVELOPER: ("开发商现场",)}  # what a role was called in older lists
ROLES: Final = tuple(Choice(role.value, role.label, FORMER.get(role, ())) for role in Role)
FIELDS: Final = {"username": "登录名", "name": "姓名", "organisation": "单位编码", "role": "角色", "project_key": "项目编号",
                 "area_code": "单位编码", "starts": "自", "ends": "至"}  # fmt: skip
ACCOUNT_COLUMNS: Final = ColumnSet(
    (
        Column("organisation", "单位编码", kind="code", width=16, required=True, note="先登记单位"),
        Column("name", "姓名", width=12, required=True),
        Column("username", "登录名", width=16, required=True, note="小写字母开头", synonyms=("账号", "用户名")),
        Column("phone", "电话", kind="code", width=14, note="只保存脱敏后的号码", synonyms=("手机", "手机号")),
        Column("role", "角色", width=14, required=True, choices=ROLES),
        Column("seat_project", "项目编号", kind="code", width=12, note="只有开发建设单位现场填"),
        Column("starts", "自", kind="date", width=12, note="不填为办理当天", synonyms=("开始日期",)),
        Column("ends", "至", kind="date", width=12, note="不填为长期", synonyms=("结束日期",)),
    )
)


def take_accounts(taken: ListInput, *, is_trial: bool) -> list[RowResult]:
    """Open the accounts of the good lines and propose their roles as one; a trial takes all of it back."""
    drafts, results, said = [], [], _said_twice(taken.rows)
    for row in taken.rows:
        draft, faults = _draft(row)
        faults += said.get(row.row, [])
        faults += _tried(taken, draft) if draft is not None and not faults else []
        if draft is None or faults:
            results.append(refused((row.row,), faults, row.texts["name"]))
        else:
            drafts.append(draft)
    if drafts and not is_trial:
        open_accounts(actor=taken.actor, drafts=drafts, file_name=taken.params["file"])
    for draft in drafts:
        label = f"{draft.name}（{draft.username}）"
        results.append(
            RowResult((draft.row,), label, ADDED, f"开设账号，提请授权：{draft.organisation}，{draft.role.label}")
        )
    return sorted(results, key=lambda result: result.rows)


def _tried(taken: ListInput, draft: AccountDraft) -> list[Fault]:
    """Say why a line would be refused, by the act itself, taken back."""
    try:
        with transaction.atomic():
            open_accounts(actor=taken.actor, drafts=[draft], file_name=taken.params["file"])
            transaction.set_rollback(True)
    except AccountsRefused as refusal:
        return [Fault("RULE", refusal.message, FIELDS.get(refusal.field or "", ""))]
    return []


def _draft(row: ListRow) -> tuple[AccountDraft | None, list[Fault]]:
    texts = row.texts
    organisation = Organisation.objects.filter(code=texts["organisation"]).first()
    project = project_by_code_unscoped(texts["seat_project"]) if texts["seat_project"] else None
    faults = []
    if organisation is None:
        said = f"没有编码为{texts['organisation']}的单位。请先登记单位，或核对编码。"
        faults.append(Fault("NOT_FOUND", said, "单位编码"))
    if texts["seat_project"] and project is None:
        faults.append(Fault("NOT_FOUND", f"没有编号为{texts['seat_project']}的项目。请核对项目编号。", "项目编号"))
    if organisation is None or faults:
        return None, faults
    return AccountDraft(
        row.row,
        texts["username"].lower(),
        texts["name"],
        texts["phone"],
        organisation,
        Role(texts["role"]),
        project.pk if project is not None else None,
        date.fromisoformat(texts["starts"]) if texts["starts"] else shanghai_day(database_now()),
        date.fromisoformat(texts["ends"]) if texts["ends"] else None,
    ), []


def _said_twice(rows: Sequence[ListRow]) -> dict[int, list[Fault]]:
    """Refuse lines of one sign-in name: two people, or two roles that are asked for one after the other."""
    by_name: dict[str, list[int]] = {}
    for row in rows:
        by_name.setdefault(row.texts["username"].lower(), []).append(row.row)
    twice: dict[int, list[Fault]] = {}
    for numbers in by_name.values():
        for number in numbers if len(numbers) > 1 else ():
            others = "、".join(str(other) for other in numbers if other != number)
            twice[number] = [Fault("UNIT_DUP", f"登录名与第 {others} 行相同。一人一号，一行一人。", "登录名")]
    return twice


def account_example(actor: Actor, project: None) -> dict[str, str]:
    """Return the organisation and the role of who asks: an example that could be sent. One query."""
    organisation = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    starts = shanghai_day(database_now()).isoformat()
    return {"organisation": organisation.code, "role": actor.role.label, "starts": starts} if organisation else {}


ACCOUNTS_LIST: Final = ListKind(
    "accounts",
    "账号",
    columns=ACCOUNT_COLUMNS,
    limits={"organisation": 30, "name": 40, "username": 40, "phone": 20, "seat_project": 20},
    example={
        "organisation": "ZB-990101", "name": "王示例", "username": "wangsl", "phone": "19900000000", "role": "区专班",
        "seat_project": "", "starts": "2022-03-08", "ends": "",
    },
    rules=(
        "一行一人，一人一号；先登记单位，再按单位编码填。",
        "写入后账号已开设、没有权限；由安全管理员或区专班的另一名人员复核后授权，并打印初始密码，一人一页，只打印一次。",
    ),
    sent_by=Permission.ACCOUNT_MANAGE,
    undone_by=None,
    unit="人",
    take=take_accounts,
    example_in=account_example,
    of_project=False,
    page="accounts:people",
)  # fmt: skip
LISTS: Final = (ACCOUNTS_LIST,)
