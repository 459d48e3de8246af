"""What waits on the demo's desks: a list sent in by the developer, a correction asked for by the township."""

import tempfile
from datetime import date
from pathlib import Path

from documents.demo.lists import LISTS
from documents.demo.workbooks import workbook_of
from documents.services.imports import submit_session
from documents.services.uploads import stage_file
from projects.ledger.models import Project, Unit
from projects.progress.approvals import CORRECTION
from registry.accounts.models import Assignment
from registry.accounts.selectors import actor_of
from registry.accounts.services import propose
from registry.kernel.authority import Actor
from registry.kernel.stages import Track

PROJECT = "CY-0137"
LIST = "周庄嘉园三期房屋清册"


def lay_todays_work(*, on: date) -> None:
    """This will do, as two of the demo's people and on this day, what others then have to decide."""
    project: Project = Project.objects.get(code=PROJECT)
    _send_list(_actor("kaifa01", on), project)
    _ask_for_correction(_actor("xiang01", on), project)


def _actor(username: str, on: date) -> Actor:
    assignment = Assignment.objects.select_related("person", "organisation").get(person__username=username)
    return actor_of(assignment, on=on)


def _send_list(developer: Actor, project: Project) -> None:
    """Building 33 again: two phones changed, one agreement number mistyped, one floor that is no floor."""
    rows = [dict(row) for row in LISTS[LIST]() if row["building"].startswith("33")]
    for row in rows[10:12]:
        row["phone"] = f"{row['phone'][:-4]}8{row['phone'][-3:]}"
    rows[20]["identity"] = f"{rows[20]['identity'][:-1]}{'1' if rows[20]['identity'][-1] != '1' else '2'}"
    rows[30]["floor"] = "顶"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "33号楼联系电话更新.xlsx"
        path.write_bytes(workbook_of("33号楼联系电话更新（演示）", rows))
        session = stage_file(actor=developer, project=project, path=path, file_name=path.name)
    submit_session(actor=developer, session=session)


def _ask_for_correction(township: Actor, project: Project) -> None:
    unit = (
        Unit.objects.filter(building__project=project, certificate="collected")
        .select_related("building")
        .order_by("-id")[0]
    )
    reason = "登记时点错一户：材料是隔壁一户的，本户还没有交。"
    propose(
        actor=township,
        kind=CORRECTION,
        title=f"更正{unit.building}{unit}的「{Track.CERTIFICATE.label}」",
        payload={"unit": unit.id, "track": Track.CERTIFICATE.value, "reason": reason},
        reason=reason,
        subject=unit,
        project_key=project.id,
        project_name=project.name,
        area_code=project.district_code,
    )
