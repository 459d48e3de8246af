"""What waits on the demo's desks: a list sent in, a correction asked for, promises pressed and inspected."""

import tempfile
import zlib
from datetime import date, datetime, time, timedelta
from pathlib import Path

from commitments.models import Obligation, ObligationState
from commitments.services import record_inspection, report_obligation, run_ladder, send_rung
from documents.intake.services.sessions import submit_session
from documents.intake.services.uploads import stage_file
from documents.setup.custody import lay_custody
from documents.setup.leads import lay_tickets
from documents.setup.lists import LISTS
from documents.setup.months import lay_month_work
from documents.setup.office import lay_office
from documents.setup.workbooks import workbook_of
from projects.casework.selectors.tasks import open_tasks
from projects.casework.services.tasks import TaskDraft, keep_meeting, report_task
from projects.casework.services.whistles import answer_call, blow_whistle, report_in
from projects.gates.models import Blocker
from projects.ledger.models import Project, Unit
from projects.progress.approvals import CORRECTION
from registry.accounts.models import Assignment, Organisation
from registry.accounts.selectors import actor_of
from registry.accounts.services import propose
from registry.kernel.authority import Actor
from registry.kernel.ladder import Rung
from registry.kernel.stages import Track
from registry.store.clock import SHANGHAI, database_now
from registry.web.attachments.services import Upload

LAST_MINUTE = time(23, 59, 59)
PROJECT = "CY-0137"
LIST = "周庄嘉园三期房屋清册"


def lay_todays_work(*, on: date) -> None:
    """Do, as two of the demo's people and on this day, what others then have to decide."""
    project: Project = Project.objects.get(code=PROJECT)
    _send_list(_actor("kaifa01", on), project)
    _ask_for_correction(_actor("xiang01", on), project)
    _press(project, on)
    _whistle(project, on)
    _meet(project, on)
    people = {"city": "shi01", "district": "qu01", "township": "xiang01", "department": "guihua01"}
    lay_tickets(project, {name: _actor(username, on) for name, username in people.items()}, on=on)
    lay_month_work(on=on)
    lay_custody(project, office=_actor("kaifa01", on), tax=_actor("shuiwu01", on), on=on)
    lay_office(project, office=_actor("kaifa01", on), centre=_actor("dengji01", on), on=on)


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
    reason = "登记时点错一户：材料是隔壁一户的，本户尚未交。"
    propose(
        actor=township,
        kind=CORRECTION,
        title=f"更正{unit.building}{unit}的“{Track.CERTIFICATE.label}”",
        payload={"unit": unit.id, "track": Track.CERTIFICATE.value, "reason": reason},
        reason=reason,
        subject=unit,
        project_key=project.id,
        project_name=project.name,
        area_code=project.district_code,
    )


def _press(project: Project, on: date) -> None:
    """The night lays the ladder on desks; the supervision office sends one rung, a site is seen, progress reported."""
    run_ladder(on)
    promises = Obligation.objects.filter(letter__instrument__project=project).select_related("letter__instrument")
    first = (
        promises.filter(state=ObligationState.PENDING, letter__instrument__state="performing").order_by("id").first()
    )
    if first is None or first.due_on >= on:
        return
    send_rung(
        actor=_actor("ducha01", on), obligation=first, rung=Rung.SUPERVISION, on=on,
        text="请查明逾期原因，排出完成日期，落实责任人，并附现场照片。", reply_by=on + timedelta(days=10),
    )  # fmt: skip
    record_inspection(
        actor=_actor("guihua01", on), obligation=first, on=on, in_order=False, text="夹层尚未拆除，现场没有施工",
        uploads=[Upload("现场检查.png", today_photo(200, 60, 40))], taken_on=on, place="9号楼首层",
    )  # fmt: skip
    report_obligation(
        actor=_actor("xiang01", on), obligation=first, on=on, text="施工单位已进场，先拆2间", is_done=False,
        uploads=[Upload("进场照片.png", today_photo(60, 120, 200))], taken_on=on, place="9号楼S04",
    )  # fmt: skip


def _whistle(project: Project, on: date) -> None:
    """The township calls three departments for this afternoon; one has answered already, one has reported in."""
    blocker = Blocker.objects.get(project=project, type__code="P03")
    called = [_actor(name, on) for name in ("guihua01", "zhujian01", "shuiwu01")]
    organisations = list(
        Organisation.objects.filter(pk__in=[person.organisation_id for person in called]).order_by("code")
    )
    soon = database_now().astimezone(SHANGHAI) + timedelta(minutes=10)
    whistle = blow_whistle(
        actor=_actor("xiang01", on), blocker=blocker, place="周庄嘉园三期9号楼S04",
        meet_at=min(max(datetime.combine(on, time(15), SHANGHAI), soon), datetime.combine(on, LAST_MINUTE, SHANGHAI)),
        limit_days=5,
        text="定31间商铺夹层的拆除次序，拆一间、核验一间", organisations=organisations,
    )  # fmt: skip
    for actor, answer in ((called[0], "拆除后3个工作日内到场复核，逐间出核验意见"), (called[1], "")):
        call = whistle.calls.get(organisation=actor.organisation_id)
        report_in(actor=actor, call=call)
        if answer:
            answer_call(actor=actor, call=call, answer=answer)


def _meet(project: Project, on: date) -> None:
    """A leader's instruction of last month with a task that is late, and last week's meeting with two that are not."""
    organisations = {
        organisation.code: organisation for organisation in Organisation.objects.filter(code__startswith="BM-110105")
    }
    township = Organisation.objects.get(code="ZF-110105028")
    force = _actor("qu01", on)
    keep_meeting(
        actor=force, title="关于周庄嘉园三期底商整改的批示（演示）", is_instruction=True, leader="副区长（演示）",
        held_on=on - timedelta(days=40), text="住户等了多年。底商拆改不能再拖，请乡里排出日程，逐间销账。",
        tasks=[TaskDraft("排出31间商铺拆除日程表，逐间到人", township, on - timedelta(days=12), project)],
    )  # fmt: skip
    keep_meeting(
        actor=force, title="区专班第12次例会（演示）", leader="周敏（演示）", place="区专班会议室",
        held_on=on - timedelta(days=6), text="研究周庄嘉园三期底商拆改和29套面积差结算。",
        tasks=[
            TaskDraft("9号楼先拆先验，出首批核验意见", organisations["BM-110105-GZ"], on + timedelta(days=9), project),
            TaskDraft("29套面积差结算单补齐", organisations["BM-110105-ZJ"], on + timedelta(days=20), project),
        ],
    )  # fmt: skip
    first = open_tasks(_actor("xiang01", on))[0]
    report_task(actor=_actor("xiang01", on), task=first, text="已排出1至12号楼日程，其余本周内排完", is_done=False)


def today_photo(red: int, green: int, blue: int, side: int = 64) -> bytes:
    """Make a picture of one colour: the demo shows no real place."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    rows = (b"\0" + bytes([red, green, blue]) * side) * side
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
