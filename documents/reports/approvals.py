"""Closing a month, proposed by one and carried out when another agrees: what was shown then is what is frozen."""

from collections.abc import Sequence

from documents.reports.changes import STAGES
from documents.reports.models import MonthClose, MonthDraft, MonthRestatement
from documents.reports.selectors.closing import CLOSE
from documents.reports.selectors.versions import RESTATE, closed_month, differences
from documents.reports.services import close_month
from documents.reports.services.restating import restate_month
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind, first_of
from registry.kernel.authority import Actor, Permission
from registry.kernel.periods import Month
from registry.store.clock import SHANGHAI
from registry.store.month import MonthGate


def _draft(approval: Approval) -> MonthDraft:
    draft: MonthDraft = MonthDraft.objects.get(pk=approval.payload["draft"])
    return draft


def _carry_out(*, actor: Actor, approval: Approval) -> MonthClose:
    draft = _draft(approval)
    closed: MonthClose = close_month.within(
        actor=actor, month=Month.parse(draft.month), first=first_of(approval), draft=draft
    )
    return closed


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    draft = _draft(approval)
    moments = f"{draft.cut_off_on} 24时，按{draft.known_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}提请时已知的记录"
    return (
        ("结账的月份", Month.parse(draft.month).label),
        ("统计截止", moments),
        *(
            (row["label"], f"期初{row['opening']:,}，期末{row['closing']:,}{row['unit']}，其中更正{row['corrected']:,}")
            for row in draft.rows[STAGES.code]
        ),
        ("更正明细", f"{len(draft.rows['corrections'])}条"),
        ("校验", draft.rows_hash[:12]),
    )


def _state(approval: Approval) -> Sequence[tuple[str, str]]:
    last = MonthClose.objects.order_by("-month").first()
    return (
        ("最近结账的月份", last.month if last is not None else "没有结过账"),
        ("其校验", last.chain_hash[:12] if last is not None else "—"),
        ("提请冻结的数的校验", _draft(approval).rows_hash[:12]),
    )


def _about(approval: Approval) -> object:
    return approval.payload["month"]


def _restate(*, actor: Actor, approval: Approval) -> MonthRestatement:
    restatement: MonthRestatement = restate_month.within(
        actor=actor, draft=_draft(approval), reason=approval.payload["reason"], first=first_of(approval)
    )
    return restatement


def _restated_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    draft = _draft(approval)
    month = Month.parse(draft.month)
    return (
        ("重述的月份", month.label),
        ("原因", approval.payload["reason"]),
        ("截至", f"{draft.known_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}提请时已知的记录；结账数不改，另存一版"),
        *(
            (label, f"结账{number:,}，重述{known:,}")
            for label, number, known in differences(closed_month(month), draft.rows)
        ),
        ("校验", draft.rows_hash[:12]),
    )


def _restated_state(approval: Approval) -> Sequence[tuple[str, str]]:
    close = closed_month(Month.parse(approval.payload["month"]))
    last = close.restatements.order_by("-version").first()
    return (
        ("最近的一版", str(last.version if last is not None else 1)),
        ("结账校验", close.chain_hash[:12]),
        ("提请重述的数的校验", _draft(approval).rows_hash[:12]),
    )


RESTATING = ApprovalKind(
    kind=RESTATE,
    label="月度重述",
    permission=Permission.REPORT_CLOSE,
    propose=Permission.REPORT_CLOSE,
    carry_out=_restate,
    lines=_restated_lines,
    rests_on=_restated_state,
    about=_about,
    month=MonthGate.EXCLUSIVE,
)
KIND = ApprovalKind(
    kind=CLOSE,
    label="月度结账",
    permission=Permission.REPORT_CLOSE,
    propose=Permission.REPORT_CLOSE,
    carry_out=_carry_out,
    lines=_lines,
    rests_on=_state,
    about=_about,
    month=MonthGate.EXCLUSIVE,
)
