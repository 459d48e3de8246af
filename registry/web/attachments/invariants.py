"""What must always be true of attachments."""

from collections.abc import Iterator
from typing import Final

from registry.audit.invariants import Invariant, Violation
from registry.kernel.errors import DomainError
from registry.web.attachments.selectors import read_attachment
from registry.web.models import Attachment

SAMPLE: Final = 30


def attachments_prove_themselves(project: int | None) -> Iterator[Violation]:
    """Open the newest files and hold each against its hash. One query."""
    files = Attachment.objects.filter(project_key=project) if project else Attachment.objects.all()
    for file in files.order_by("-id")[:SAMPLE]:
        try:
            read_attachment(file)
        except DomainError as error:
            yield Violation(f"附件{file.pk} {file.file_name}", f"校验值{file.sha256[:12]}", error.message)


INVARIANTS = (Invariant("I30", "附件的存档都在，内容与登记的校验值一致（抽查最新的）", attachments_prove_themselves),)
