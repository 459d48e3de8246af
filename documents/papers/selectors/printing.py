"""What of a batch goes to the printer: the print file in building order, some numbers of it, the separate files."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from documents.papers.kinds import BY_CODE
from documents.papers.models import Outcome, Paper, PaperBatch
from documents.papers.powers import PaperRefused
from documents.papers.selectors.archive import content_of, read_pdf
from documents.papers.selectors.batches import tally_of
from documents.render.merging import merged
from documents.render.pdf import render_pdf
from registry.store.clock import SHANGHAI

COVER: Final = "papers/batch_cover.html"
PIECE: Final = 1 << 18


def print_file(batch: PaperBatch, first: int | None = None, last: int | None = None) -> bytes:
    """Return the letters of a batch for the printer, in building order; with serials, those from one to another.

    The pages are those that were archived with the numbers, never drawn anew: the same numbers give the same bytes. The
    whole file begins with a cover that says the sum; a part has none. Refused: no letter has such a number.
    """
    papers = list(batch.papers.exclude(pdf_hash="").order_by("line__position").values_list("serial", flat=True))
    wanted = [(first is None or first <= serial) and (last is None or serial <= last) for serial in papers]
    if not any(wanted):
        raise PaperRefused(f"本批没有{first or ''}到{last or ''}号的文书。请核对编号。", field="first")
    at = 0
    files: list[tuple[bytes, Sequence[bool] | None]] = []
    if first is None and last is None:
        files.append((render_pdf(COVER, _cover(batch)).bytes, None))
    for _, _, path, digest, pages in batch.parts:
        kept = wanted[at : at + len(pages)]
        at += len(pages)
        if any(kept):
            of_pages = [keep for keep, count in zip(kept, pages, strict=True) for _ in range(count)]
            files.append((_part(batch, path, digest), of_pages))
    return merged(files)


def _part(batch: PaperBatch, path: str, digest: str) -> bytes:
    try:
        content = content_of(path)
    except FileNotFoundError as error:
        raise PaperRefused(f"{batch.number}的打印文件不在。请联系系统管理员从备份恢复。") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise PaperRefused(f"{batch.number}的打印文件与登记的校验值不符，不能打印。请联系系统管理员。")
    return content


def _cover(batch: PaperBatch) -> dict[str, Any]:
    """Say on the first page what the file holds: the sum of the page and of the workbook, the numbers, why not."""
    declared, tally = BY_CODE[batch.kind], tally_of(batch)
    ends = list(batch.papers.order_by("serial").values_list("number", flat=True))
    moment = (batch.finished_at or batch.asked_at).astimezone(SHANGHAI)
    reasons: dict[str, int] = {}
    for reason in batch.lines.filter(outcome=Outcome.REFUSED).values_list("reason", flat=True):
        reasons[reason] = reasons.get(reason, 0) + 1
    return {
        "title": f"{declared.label}打印批次",
        "keep": [],
        "heading": "",
        "number": batch.number,
        "issuer": batch.organ.name,
        "issued_on": date(moment.year, moment.month, moment.day).isoformat(),
        "made_at": moment.isoformat(timespec="seconds"),
        "kind": "batch_cover/1",
        "snapshot": "",
        "verify": {},
        "facts": [
            ["项目", f"{batch.project.name}（{batch.project.code}）"],
            ["范围", batch.filters or "全部"],
            ["数量", tally.words],
            ["编号", f"{ends[0]}至{ends[-1]}" if ends else "无"],
            ["装订", "按楼栋、单元、楼层、户号顺序排列"],
        ],
        "reasons": [
            [reason, f"{count}"] for reason, count in sorted(reasons.items(), key=lambda line: (-line[1], line[0]))[:20]
        ],
    }


class _Stream(io.RawIOBase):
    """What a ZIP is written to: it hands on what it was given and cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes."""
        self._held.append(bytes(data))
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """Say how much was written."""
        return self._at

    def taken(self) -> bytes:
        """Hand over what was written since the last time."""
        data = b"".join(self._held)
        self._held.clear()
        return data


def separate_files(batch: PaperBatch) -> Iterator[bytes]:
    """Return the archived files of a batch as a ZIP, one by one: the bytes are those of the archive."""
    stream = _Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        keys = list(batch.papers.exclude(pdf_hash="").order_by("line__position").values_list("pk", flat=True))
        for key in keys:
            paper = Paper.objects.get(pk=key)
            made = paper.issued_at.astimezone(SHANGHAI)
            entry = zipfile.ZipInfo(f"{paper.number}.pdf", (made.year, made.month, made.day, made.hour, made.minute, 0))
            archive.writestr(entry, read_pdf(paper))
            yield stream.taken()
    yield stream.taken()
