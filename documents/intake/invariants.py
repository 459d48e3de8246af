"""Invariants of imports: files written by an act."""

from collections.abc import Iterator

from documents.intake.models import ImportSession
from registry.audit.invariants import Invariant, Violation


def committed_files_were_decided(project: int | None) -> Iterator[Violation]:
    """Find files written into the ledger without an act that did it. One query."""
    sessions = ImportSession.objects.filter(state="committed", commit_act_id__isnull=True)
    for session in sessions.filter(project_id=project) if project else sessions:
        yield Violation(f"导入{session.pk}", "有写入的操作", "没有")


INVARIANTS = (Invariant("I14", "写入台账的文件都有写入的操作", committed_files_were_decided),)
