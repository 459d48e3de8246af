"""What must always be true of attachments."""

from collections.abc import Iterator

from registry.audit.invariants import ROTATION, Invariant, Violation, in_rotation
from registry.kernel.errors import DomainError
from registry.web.attachments.selectors import read_attachment
from registry.web.models import Attachment


def attachments_prove_themselves(project: int | None) -> Iterator[Violation]:
    """Open the files whose turn it is and hold each against its hash. Two queries."""
    files = Attachment.objects.filter(project_key=project) if project else Attachment.objects.all()
    for file in in_rotation(files).order_by("id").iterator(chunk_size=500):
        try:
            read_attachment(file)
        except (DomainError, OSError, ValueError) as error:
            what = error.message if isinstance(error, DomainError) else f"读不出来（{type(error).__name__}）"
            yield Violation(f"附件{file.pk} {file.file_name}", f"校验值{file.sha256[:12]}", what)


INVARIANTS = (Invariant("I30", f"附件的存档都在，内容与登记的校验值一致（{ROTATION}）", attachments_prove_themselves),)
