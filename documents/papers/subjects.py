"""What papers are about besides homes and letters: records of what was done, their state, project and owner."""

from typing import Final

from commitments.models import Instrument, LadderStep, Obligation, ObligationEvent
from projects.casework.models import Meeting, Whistle
from projects.ledger.models import Project, Unit
from projects.office.models import Manifest
from projects.office.selectors.custody import manifest_state
from registry.kernel.ladder import Rung

Record = (
    Meeting | Whistle | Obligation | ObligationEvent | LadderStep | Manifest
)  # what is done and written down of a project
Subject = Unit | Instrument | Project | Record


def state_of(record: Record) -> str:
    """Return the state of a record as the table names it."""
    if isinstance(record, Meeting):
        return "instruction" if record.is_instruction else "meeting"
    if isinstance(record, Whistle):
        return "closed" if record.closed_on else "running"
    if isinstance(record, ObligationEvent):
        return str(record.kind)
    if isinstance(record, Manifest):
        return manifest_state(record)
    if isinstance(record, LadderStep):
        return "summoned" if record.rung == Rung.SUMMONS and record.sent_on else "not_summoned"
    return str(record.letter.instrument.state)


def project_of(record: Record) -> Project | None:
    """Return the project of a record; a meeting is of its area."""
    if isinstance(record, Whistle | Manifest):
        return record.project
    if isinstance(record, Obligation):
        return record.letter.instrument.project
    if isinstance(record, ObligationEvent | LadderStep):
        return record.obligation.letter.instrument.project
    return None


def owner_of(record: Record) -> int | None:
    """Return the key of the organisation whose record it is; None where every issuer's."""
    if isinstance(record, Meeting):
        return int(record.organisation_id)
    if isinstance(record, Whistle):
        return int(record.called_by_id)
    if isinstance(record, LadderStep):
        return record.organ_id
    if isinstance(record, Obligation):
        return int(record.letter.instrument.issuer_id)
    return None


WRONG_STATE: Final = {
    "instruction": "领导批示不出会议纪要。批示原件请作为附件上传。",
    "not_sent": "清单尚未签字移交，或已撤回，不能出具。请先在清单页签字移交。",
    "sent": "本清单不是已签收的证书移交清单，不能出具签收表。请从证书移交清单出具。",
    "not_summoned": "约谈通知尚未发出，不能出具约谈记录。请先发约谈通知。",
}
