"""Where official papers stand in the bar, and what they offer on pages of apps below."""

from collections.abc import Callable
from typing import Any

from documents.papers.approvals import CHECKING, COUNTERSIGNING
from documents.papers.powers import POWERS, may_draft, may_issue
from documents.papers.services.outside import kinds_for
from documents.papers.subjects import owner_of, state_of
from registry.accounts.services.account_lists import may_print
from registry.kernel.authority import Actor
from registry.web.actions import Action, nothing
from registry.web.navigation import NavEntry


def _unit(unit: Any) -> tuple[str, int]:
    return unit.building.project.code, unit.pk


def _pk(approval: Any) -> tuple[int]:
    return (approval.pk,)


def _is_paper(actor: Actor, approval: Any) -> bool:
    """Offer the proof of a paper while it waits to be checked."""
    return approval.kind in (CHECKING, COUNTERSIGNING) and approval.decided_at is None


def _may(kind: str) -> Callable[[Actor, Any], bool]:
    """Offer a paper to those who issue it."""
    return lambda actor, subject: may_issue(actor, kind)


def _records_outside(actor: Actor, subject: Any) -> bool:
    """Offer to record a paper of another system to the organs whose papers those are."""
    return bool(kinds_for(actor))


def _is_signer(actor: Actor, instrument: Any) -> bool:
    """Offer a letter to the organ that signed it, while it answers for something."""
    is_letter = getattr(instrument, "letter", None) is not None
    signed = is_letter and instrument.state in POWERS["commitment"].states
    return bool(signed and may_issue(actor, "commitment") and instrument.issuer_id == actor.organisation_id)


def _waits_to_be_fetched(actor: Actor, unit: Any) -> bool:
    """Offer the notice on a home whose certificate is made, to those who issue it."""
    return unit.certificate in POWERS["claim_notice"].states and may_issue(actor, "claim_notice")


def _may_let_another_act(actor: Actor, unit: Any) -> bool:
    """Offer the form on a home that is not issued yet, to those who receive the family."""
    return unit.certificate in POWERS["power_of_attorney"].states and may_issue(actor, "power_of_attorney")


def _is_booked(actor: Actor, unit: Any) -> bool:
    """Offer the slip of a home that has a booking, to those who receive the family. One query."""
    return _may_let_another_act(actor, unit) and unit.bookings.filter(ended_act_id__isnull=True).exists()


def _is_closed(actor: Actor, instrument: Any) -> bool:
    """Offer the record on a letter that is closed, to those who issue it."""
    is_letter = getattr(instrument, "letter", None) is not None
    return is_letter and instrument.state in POWERS["closing_record"].states and may_issue(actor, "closing_record")


def _promise(promise: Any) -> tuple[str, int]:
    return promise.letter.instrument.code, promise.ordinal


def _extension(promise: Any) -> tuple[str, int] | None:
    """Leave the reply out where no day was moved."""
    return _promise(promise) if promise.due_on != promise.original_due_on else None


def _of_record(kind: str) -> Callable[[Actor, Any], bool]:
    """Offer a paper about a record to the organisation whose it is, in a state in which it is issued."""

    def allows(actor: Actor, record: Any) -> bool:
        owner = owner_of(record)
        mine = owner is None or owner == actor.organisation_id
        return may_issue(actor, kind) and mine and state_of(record) in POWERS[kind].states

    return allows


def _may_reply(actor: Actor, promise: Any) -> bool:
    return may_issue(actor, "extension_reply")


def _was_summoned(actor: Actor, promise: Any) -> bool:
    """Offer the record of an interview to who called to it."""
    if not may_issue(actor, "interview_record"):
        return False
    return any(
        owner_of(step) == actor.organisation_id and state_of(step) == "summoned" for step in promise.ladder.all()
    )


def _has_performer(actor: Actor, promise: Any) -> bool:
    return promise.letter.performer_id is not None and _of_record("rectification")(actor, promise)


def _is_performer(actor: Actor, instrument: Any) -> bool:
    """Offer the undertaking to the firm that the letter names."""
    letter = getattr(instrument, "letter", None)
    if letter is None or not may_issue(actor, "undertaking"):
        return False
    is_named = letter.performer is not None and letter.performer.name == actor.organisation_name
    return bool(is_named and instrument.state in POWERS["undertaking"].states)


def _of_side(kind: str, *sides: str) -> Callable[[Actor, Any], bool]:
    """Offer a paper of a manifest to the sides whose it is, in its states."""

    def allows(actor: Actor, manifest: Any) -> bool:
        own = actor.organisation_id in [getattr(manifest, side) for side in sides]
        return own and may_issue(actor, kind) and state_of(manifest) in POWERS[kind].states

    return allows


NAVIGATION = (
    NavEntry(80, "文书", "papers:documents"),
    NavEntry(135, "文书文字", "papers:texts", folded=True),
)
PAGES = {"paper": "papers:paper"}
ACTIONS = (
    Action("project", 110, "项目简报", "papers:brief", allows=_may("brief"), menu="文书"),
    Action("project", 120, "批量出具办证通知书", "papers:notices", allows=_may("cert_notice"), menu="文书"),
    Action("unit", 20, "出具办证通知书", "papers:notice", args=_unit, allows=_may("cert_notice")),
    Action("unit", 25, "出领证通知书", "papers:claim", args=_unit, allows=_waits_to_be_fetched),
    Action("unit", 26, "出授权委托书", "papers:proxy", args=_unit, allows=_may_let_another_act),
    Action("unit", 27, "出预约单", "papers:booking", args=_unit, allows=_is_booked),
    Action("approval", 20, "查看送审稿", "papers:submitted_draft", args=_pk, allows=_is_paper),
    Action("approval", 10, "打印初始密码", "papers:first_passwords", args=_pk, allows=may_print),
    Action("letter", 20, "出销号确认单", "papers:closing", allows=_is_closed),
    Action("letter", 15, "下载Word草稿", "papers:letter_draft", allows=may_draft),
    Action("letter", 30, "出具企业承诺书", "papers:undertaking", allows=_is_performer),
    Action("project", 130, "登记外部文书", "papers:record_outside", allows=_records_outside, menu="文书"),
    Action("unit", 30, "登记外部文书", "papers:record_outside_of_unit", args=_unit, allows=_records_outside),
    Action("agenda", 10, "出具会议议程", "papers:agenda", args=nothing, allows=_may("agenda")),
    Action("meeting", 10, "出具会议纪要", "papers:minutes", allows=_of_record("minutes")),
    Action(
        "manifest",
        10,
        "出具移交清单",
        "papers:handover_list",
        args=_pk,
        allows=_of_side("handover_list", "sender_id", "receiver_id"),
    ),
    Action(
        "manifest",
        20,
        "出具签收表",
        "papers:signature_sheet",
        args=_pk,
        allows=_of_side("signature_sheet", "receiver_id"),
    ),
    Action("whistle", 10, "出具吹哨报到单", "papers:whistle_sheet", allows=_of_record("whistle_sheet")),
    Action("promise", 10, "出具延期批复", "papers:extension_reply", args=_extension, allows=_may_reply),
    Action("promise", 20, "出具整改通知书", "papers:rectification", args=_promise, allows=_has_performer),
    Action("promise", 30, "出具约谈记录", "papers:interview_record", args=_promise, allows=_was_summoned),
    Action("letter", 10, "生成承诺函（PDF）", "papers:letter", allows=_is_signer),
)
