"""Where official papers stand in the bar, and what they offer on pages of apps below."""

from collections.abc import Callable
from typing import Any

from documents.papers.powers import POWERS, may_issue
from registry.accounts.services.account_lists import may_print
from registry.kernel.authority import Actor
from registry.web.actions import Action
from registry.web.navigation import NavEntry


def _unit(unit: Any) -> tuple[str, int]:
    return unit.building.project.code, unit.pk


def _pk(approval: Any) -> tuple[int]:
    return (approval.pk,)


def _may(kind: str) -> Callable[[Actor, Any], bool]:
    """Offer a paper to those who issue it."""
    return lambda actor, subject: may_issue(actor, kind)


def _is_signer(actor: Actor, instrument: Any) -> bool:
    """Offer a letter to the organ that signed it, while it answers for something."""
    is_letter = getattr(instrument, "letter", None) is not None
    signed = is_letter and instrument.state in POWERS["commitment"].states
    return bool(signed and may_issue(actor, "commitment") and instrument.issuer_id == actor.organisation_id)


def _waits_to_be_fetched(actor: Actor, unit: Any) -> bool:
    """Offer the notice on a home whose certificate is made, to those who issue it."""
    return unit.certificate in POWERS["claim_notice"].states and may_issue(actor, "claim_notice")


def _is_closed(actor: Actor, instrument: Any) -> bool:
    """Offer the record on a letter that is closed, to those who issue it."""
    is_letter = getattr(instrument, "letter", None) is not None
    return is_letter and instrument.state in POWERS["closing_record"].states and may_issue(actor, "closing_record")


NAVIGATION = (NavEntry(80, "文书", "papers:documents"),)
PAGES = {"paper": "papers:paper"}
ACTIONS = (
    Action("project", 110, "项目简报", "papers:brief", allows=_may("brief"), menu="文书"),
    Action("project", 120, "批量出具办证通知书", "papers:notices", allows=_may("cert_notice"), menu="文书"),
    Action("unit", 20, "出具办证通知书", "papers:notice", args=_unit, allows=_may("cert_notice")),
    Action("unit", 25, "出领证通知书", "papers:claim", args=_unit, allows=_waits_to_be_fetched),
    Action("approval", 10, "打印初始密码", "papers:first_passwords", args=_pk, allows=may_print),
    Action("letter", 20, "出销号确认单", "papers:closing", allows=_is_closed),
    Action("letter", 10, "生成承诺函（PDF）", "papers:letter", allows=_is_signer),
)
