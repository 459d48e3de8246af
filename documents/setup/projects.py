"""The three demo projects: taken in, their lists imported, their stories told."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from commitments.models import InstrumentKind
from documents.intake.services.sessions import commit_session
from documents.intake.services.uploads import stage_file
from documents.setup.people import assign_developer
from documents.setup.story import ALTERED, NINETIES, NOUGHTIES, Story, clause, early_steps, letter_of, on_day
from projects.casework.models import Policy
from projects.casework.services.turns import return_ball
from projects.ledger.models import Developer, Project
from projects.ledger.models.project import NoteKind
from projects.ledger.services.projects import change_project, take_in_project
from projects.progress.models import ReturnKind
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.scope import scope_of
from registry.kernel.stages import Part
from registry.store.guard import fixture_writes

PARTNERS = ("ZF-110105", "BM-110105-GZ", "BM-110105-ZJ", "DJ-110105", "SW-110105")
TAKEN_IN = date(2019, 10, 10)


def _developer(name: str, condition: str, organisation: Organisation | None) -> Developer:
    with fixture_writes():
        developer: Developer
        developer, _ = Developer.objects.get_or_create(
            name=name, defaults={"condition": condition, "organisation": organisation}
        )
    return developer


def _take_in(actor: Actor, organisations: dict[str, Organisation], file: str, **words: Any) -> Story:
    partners = tuple(organisations[code] for code in PARTNERS if words["township_code"].startswith("110105"))
    with on_day(TAKEN_IN):
        project: Project = take_in_project(actor=actor, taken_in_on=TAKEN_IN, participants=partners, **words)
    with on_day(date(2019, 10, 12)):
        path = Path(settings.BASE_DIR) / "fixtures" / "demo" / f"{file}.xlsx"
        session = stage_file(actor=actor, project=project, path=path, file_name=path.name)
        if session.outcome != "accept":
            raise DomainError(f"演示清册{path.name}没有全部通过：{session.message or session.refused}")
        commit_session(actor=actor, session=session, placed_on=date(2019, 10, 12))
    return Story(actor, project, organisations)


def load_zhouzhuang(actor: Actor, organisations: dict[str, Organisation]) -> Project:
    """周庄嘉园三期: the innocent go first, on the township's promise. Figures of the story; the rest is invented."""
    story = _take_in(
        actor,
        organisations,
        "周庄嘉园三期房屋清册",
        code="CY-0137",
        name="周庄嘉园三期",
        township_code="110105028",
        location="朝阳区周庄嘉园（演示）",
        housing_type="resettlement",
        developer=_developer("演示房地产开发有限公司", "operating", organisations["KF-YS1"]),
        aliases={"周庄三期": "nickname", "周庄嘉园A区": "marketing"},
        occupied_from=2014,
        occupied_to=2015,
        leader="副区长（演示）",
        officer="周敏（演示）",
        target_on=date(2022, 12, 31),
        programme="无错优先",
        primary_issue="P03",
        status="resolving",
    )
    assign_developer("kaifa01", story.project.id)
    early_steps(story, date(2019, 10, 15))
    story.step(Gate.FIRE, date(2014, 11, 3), "2014消验0019号", "消防机构（演示）", recorded=date(2019, 10, 15))
    planning = story.blocker(
        "P03", date(2019, 10, 20), fault=ALTERED, holder="ZF-110105028",
        cause="部分底商使用者加建夹层，部分配套用房改变用途，规划核验不能通过。",
        public_text="底商加建夹层、改变用途，规划核验未通过；住宅居民没有过错。",
    )  # fmt: skip
    survey = story.blocker(
        "D01", date(2019, 10, 21), holder="BM-110105-ZJ", cause="规划核验未过，房产实测成果不能审核。"
    )
    story.hand(date(2020, 4, 13), survey, "BM-110105-GZ", 20, "实测成果待审，请先出规划核验意见")
    with on_day(date(2020, 6, 1)):
        return_ball(
            actor=actor,
            blocker=survey,
            on=date(2020, 6, 1),
            reason="底商夹层未整改，规划核验出不了意见，实测仍由住建部门收件",
        )
    story.lift(
        date(2021, 6, 17),
        InstrumentKind.LETTER,
        "×政函〔2021〕18号",
        "ZF-110105028",
        [clause(planning), clause(survey, condition="实测成果已提交，2021-06-10收件")],
        title="关于周庄嘉园三期底商整改的承诺函",
        basis="2019年8月三部门意见：无错优先",
        letter=letter_of(
            story,
            "ZB-110105",
            "周庄嘉园三期36栋住宅楼、7,899套安置住宅，因部分底商加建夹层、配套用房改变用途，规划核验未能通过，居民均无过错。",
            (
                ("拆除31间商业用房的夹层，恢复规划层高", date(2021, 12, 31), "现场照片、复测报告", "BM-110105-GZ"),
                ("恢复7间商业、9间配套的规划用途", date(2022, 2, 28), "现场照片、核验意见", "BM-110105-GZ"),
                ("每月巡查一次，发现47间交易或者加建的即函告登记机构", date(2022, 9, 30), "巡查记录", "BM-110105-ZJ"),
                ("补办商业、配套部分规划核验", date(2022, 9, 30), "核验意见", "BM-110105-GZ"),
                ("整改资金落实，不足部分由乡政府垫付", date(2021, 9, 30), "资金凭证", "BM-110105-ZJ"),
            ),
        ),
    )
    _dwelling_steps(story)
    _zhouzhuang_progress(story)
    return story.project


def _dwelling_steps(story: Story) -> None:
    home = Part.DWELLING
    promised, normal = StepStatus.BY_COMMITMENT, StepStatus.PASSED
    for gate, on, number, organ, status in (
        (Gate.PLANNING_VERIFICATION, date(2021, 6, 30), "×规自核〔2021〕41号", "规自分局（演示）", promised),
        (Gate.COMPLETION_FILING, date(2021, 7, 2), "2021竣备0033号", "区住建委（演示）", normal),
        (Gate.SURVEY_REVIEW, date(2021, 7, 9), "×房测审〔2021〕36号", "区住建委（演示）", promised),
        (Gate.CADASTRAL, date(2021, 7, 14), "×权籍〔2021〕15号", "规自分局（演示）", normal),
        (Gate.FIRST_REGISTRATION, date(2021, 7, 26), "京（2021）朝不动产权第0000137号", "朝阳登记中心（演示）", normal),
    ):
        story.step(gate, on, number, organ, part=home, status=status)
    with on_day(date(2021, 7, 27)):
        change_project(
            actor=story.actor, project=story.project, changes={"status": "issuing"}, effective_on=date(2021, 7, 26)
        )


def _zhouzhuang_progress(story: Story) -> None:
    homes = story.homes()
    missing, unsettled, seized, absent = homes[6000:6062], homes[6062:6091], homes[6091:6100], homes[6100:6174]
    story.blocker(
        "U06", date(2022, 1, 26), scope=scope_of(units=missing), holder="ZF-110105028", title="安置协议缺失或人口不符"
    )
    story.blocker(
        "D04", date(2022, 1, 17), scope=scope_of(units=unsettled), holder="KF-YS1", title="实测与协议面积差未结"
    )
    story.blocker("E03", date(2021, 10, 26), scope=scope_of(units=seized), title="购房人被查封")
    story.hold(
        date(2021, 12, 20), absent, "unreachable", "三次电话、一次上门未果，公告证明已附（演示）", date(2022, 6, 20)
    )
    story.road_to_issued(
        (
            (date(2021, 8, 31), {"notified": 900, "collected": 300, "accepted": 60, "recorded": 40, "printed": 30, "issued": 20}),
            (date(2021, 10, 29), {"notified": 2400, "collected": 900, "accepted": 220, "recorded": 170, "printed": 150, "issued": 130}),
            (date(2021, 12, 31), {"notified": 3800, "collected": 1800, "accepted": 430, "recorded": 340, "printed": 310, "issued": 280}),
            (date(2022, 1, 28), {"notified": 4300, "collected": 2300, "accepted": 560, "recorded": 420, "printed": 390, "issued": 370}),
            (date(2022, 3, 7), {"notified": 4987, "collected": 3061, "accepted": 727, "recorded": 515, "printed": 451, "issued": 413}),
        ),
        homes,
    )  # fmt: skip
    story.hand_in(date(2022, 2, 25), homes[727:785], "Z3送〔2022〕6号（演示）")
    story.give_back(
        date(2022, 3, 2),
        homes[727:767],
        ReturnKind.SUPPLEMENT,
        "共有人身份证明复印件；契税完税凭证",
        "补正〔2022〕31号（演示）",
    )
    story.give_back(date(2022, 3, 4), homes[767:785], ReturnKind.INCOMPLETE, "申请书未由全部权利人签字")
    story.hand_in(date(2022, 3, 7), homes[785:1074], "Z3送〔2022〕7号（演示）")
    story.note(
        date(2022, 3, 7), NoteKind.PROGRESS, "过错户已恢复9间；核税退回单由按户改为按批，首批40套已退补（演示）。"
    )
    story.note(
        date(2022, 3, 7),
        NoteKind.NEXT,
        "区税务局派人驻办证中心，提高核税速度；开发建设单位补齐29套面积差结算单（演示）。",
    )


def load_guanzhuang(actor: Actor, organisations: dict[str, Organisation]) -> Project:
    """管庄西里53号楼: bankrupt developer, land premium and taxes owed; decisions open the road, not a promise."""
    story = _take_in(
        actor,
        organisations,
        "管庄西里53号楼房屋清册",
        code="CY-0053",
        name="管庄西里53号楼",
        township_code="110105035",
        location="朝阳区管庄西里（演示）",
        housing_type="commercial",
        developer=_developer("演示破产房地产公司", "bankrupt", organisations["KF-YS2"]),
        aliases={"管庄53号楼": "nickname"},
        occupied_from=1995,
        officer="周敏（演示）",
        primary_issue="F01",
        status="resolving",
    )
    early_steps(story, date(2020, 8, 20), NINETIES)
    premium = story.blocker(
        "F01", date(2020, 8, 20), holder="BM-110105-GZ", cause="开发建设单位破产，土地出让价款未缴清。"
    )
    taxes = story.blocker("F02", date(2020, 8, 20), holder="SW-110105", cause="开发环节税费未缴清。")
    bankrupt = story.blocker(
        "J02", date(2020, 8, 20), holder="ZB-110105", cause="开发建设单位破产清算，无人申请首次登记。"
    )
    decoupled = Policy.objects.get(number="×规自发〔2021〕2号")
    story.lift(
        date(2021, 3, 10), InstrumentKind.FEE_DECOUPLED, "×规自决〔2021〕3号", "BM-110105-GZ",
        [clause(premium, condition="破产受理裁定，×破申〔2020〕1号；区规自分局追缴")], policy=decoupled,
    )  # fmt: skip
    story.lift(
        date(2021, 3, 22), InstrumentKind.TAX_DECOUPLED, "×税决〔2021〕5号", "SW-110105",
        [clause(taxes, condition="×税稽立〔2020〕8号")], policy=decoupled,
    )  # fmt: skip
    story.lift(date(2021, 4, 8), InstrumentKind.APPLICANT, "×政函〔2021〕7号", "ZF-110105", [clause(bankrupt)])
    for gate, on, number in (
        (Gate.LAND_SUPPLY, date(2021, 4, 12), "×规自函〔2021〕22号"),
        (Gate.PLANNING_VERIFICATION, date(2021, 4, 20), "×规自核〔2021〕19号"),
        (Gate.FIRE, date(2021, 4, 21), "2021消评0003号"),
        (Gate.COMPLETION_FILING, date(2021, 4, 28), "2021竣备0011号"),
        (Gate.SURVEY_REVIEW, date(2021, 5, 10), "×房测审〔2021〕12号"),
        (Gate.CADASTRAL, date(2021, 5, 18), "×权籍〔2021〕6号"),
        (Gate.FIRST_REGISTRATION, date(2021, 5, 28), "京（2021）朝不动产权第0000053号"),
    ):
        story.step(gate, on, number, "主管机关（演示）")
    stages = ("notified", "collected", "accepted", "recorded", "printed", "issued")
    story.road_to_issued(
        ((date(2021, 6, 18), dict.fromkeys(stages, 88)), (date(2021, 9, 17), dict.fromkeys(stages, 119))),
        story.homes(),
    )
    return story.project


def load_huayuan(actor: Actor, organisations: dict[str, Organisation]) -> Project:
    """花园新区: facilities incomplete for twelve years; the first 104 homes issued on 2021-06-29."""
    story = _take_in(
        actor,
        organisations,
        "花园新区房屋清册",
        code="HD-0012",
        name="花园新区",
        township_code="110108001",
        location="海淀区花园新区（演示）",
        housing_type="resettlement",
        developer=_developer("演示花园开发公司", "operating", None),
        occupied_from=2009,
        officer="海甲（演示）",
        primary_issue="P04",
        status="issuing",
    )
    early_steps(story, date(2019, 11, 5), NOUGHTIES)
    facilities = story.blocker(
        "P04", date(2019, 11, 6), holder="ZF-110108001", cause="小区配套设施不完善，规划核验未通过。"
    )
    story.lift(
        date(2021, 3, 1),
        InstrumentKind.LETTER,
        "×街函〔2021〕4号",
        "ZF-110108001",
        [clause(facilities)],
        letter=letter_of(
            story,
            "ZB-110108",
            "花园新区配套设施未建成，规划核验未通过，居民无过错。",
            (("建成并移交社区服务用房", date(2022, 12, 31), "移交单、现场照片", "ZB-110108"),),
        ),
    )
    for gate, on in (
        (Gate.PLANNING_VERIFICATION, date(2021, 3, 15)),
        (Gate.FIRE, date(2021, 3, 20)),
        (Gate.COMPLETION_FILING, date(2021, 4, 1)),
        (Gate.SURVEY_REVIEW, date(2021, 4, 20)),
        (Gate.CADASTRAL, date(2021, 5, 6)),
        (Gate.FIRST_REGISTRATION, date(2021, 5, 25)),
    ):
        status = StepStatus.BY_COMMITMENT if gate == Gate.PLANNING_VERIFICATION else StepStatus.PASSED
        story.step(gate, on, f"演示{gate.label}〔2021〕1号", "主管机关（演示）", part=Part.DWELLING, status=status)
    stages = ("notified", "collected", "accepted", "recorded", "printed", "issued")
    story.road_to_issued(((date(2021, 6, 29), dict.fromkeys(stages, 104)),), story.homes())
    return story.project


PROJECTS = {"CY-0137": load_zhouzhuang, "CY-0053": load_guanzhuang, "HD-0012": load_huayuan}
