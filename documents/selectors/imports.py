"""Reading import sessions: the equation, rows by verdict, kinds of error."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from documents.intake.codes import CODES
from documents.models import ImportSession
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound

TABS = (("refused", "退回"), ("changed", "变更"), ("added", "新增"), ("unchanged", "相同"), ("skipped", "跳过"))
HEADERS = (
    "楼栋(幢号)",
    "单元号",
    "楼层",
    "户号(房号)",
    "规划用途",
    "建筑面积",
    "权利人姓名",
    "证件号码",
    "购房合同号/安置协议号",
)


def session_by_id(actor: Actor, pk: int) -> ImportSession:
    """This will find an import session. One query."""
    found = ImportSession.objects.visible_to(actor).select_related("project", "uploaded_by").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这次导入。")
    session: ImportSession = found
    return session


def sessions_of(project_id: int) -> list[ImportSession]:
    """This will list the imports of a project, newest first. One query."""
    return list(ImportSession.objects.filter(project_id=project_id).select_related("uploaded_by").order_by("-id")[:30])


@dataclass(frozen=True)
class PreviewRow:
    """One staged row as shown: cells with the number of the error that marks each, then the errors."""

    row: int
    cells: tuple[tuple[str, str], ...]
    errors: tuple[dict[str, str], ...]
    changes: tuple[tuple[str, str, str], ...]


def preview_rows(session: ImportSession, verdict: str, *, code: str = "", limit: int = 100) -> list[PreviewRow]:
    """This will list staged rows of a verdict. One query."""
    rows = session.staged_rows.filter(verdict=verdict).order_by("row")
    found = []
    for staged in rows:
        errors = tuple(staged.errors)
        if code and not any(error["code"] == code for error in errors):
            continue
        bad = {error["column"]: n for n, error in reversed(list(enumerate(errors, start=1)))}
        found.append(
            PreviewRow(
                staged.row,
                tuple((staged.shown.get(header, ""), str(bad.get(header, ""))) for header in HEADERS),
                errors,
                tuple((c[0], c[1], c[2]) for c in staged.changes),
            )
        )
        if len(found) >= limit:
            break
    return found


def error_kinds(session: ImportSession) -> list[tuple[str, str, int]]:
    """This will count the errors by kind: code, what it is called, how many. One query."""
    counter: Counter[str] = Counter()
    for (errors,) in session.staged_rows.filter(verdict="refused").values_list("errors"):
        counter.update(error["code"] for error in errors)
    return [(code, label_of(code), count) for code, count in counter.most_common()]


def label_of(code: str) -> str:
    """This will give the short name of a code."""
    spec: Any = CODES.get(code)
    return spec.label if spec is not None else code
