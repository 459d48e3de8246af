"""How much one person may send in a day: files and bytes."""

from datetime import datetime, time
from typing import Final

from django.db.models import Count, Sum

from documents.intake.models import ImportSession
from documents.intake.services.sessions import ImportRefused
from registry.kernel.authority import Actor
from registry.store.clock import SHANGHAI, database_now, shanghai_day

MOST_FILES: Final = 300
MOST_BYTES: Final = 1_000_000_000


def require_quota(actor: Actor, size: int) -> None:
    """Refuse a file beyond what one person may send in a day. One query; rules of the system have none."""
    if actor.person_id is None:
        return
    starts = datetime.combine(shanghai_day(database_now()), time(), tzinfo=SHANGHAI)
    sent = ImportSession.objects.filter(uploaded_by_id=actor.person_id, uploaded_at__gte=starts, part_of=None)
    used = sent.aggregate(files=Count("id"), size=Sum("file_size"))
    if used["files"] >= MOST_FILES or (used["size"] or 0) + size > MOST_BYTES:
        raise ImportRefused(
            f"今日已上传{used['files']}份文件，已达每人每日{MOST_FILES}份、{MOST_BYTES // 1_000_000:,} MB的上限。"
            "请次日上传，或合并为一个文件后上传。",
            code="quota",
        )
