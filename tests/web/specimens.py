"""Contexts of the five specimen pages, in the shapes that the views give. Places and events are invented."""

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace as Thing
from typing import Any

from commitments.forms import SignForm
from projects.progress.forms import AdvanceForm
from registry.web.building_grid import Cell, GridHead, GridRow, Place, Text, render_grid
from registry.web.svg import Outlook
from tests.web.specimen_desk import desk
from tests.web.specimen_frame import NOW, OFFICER, PROJECT, shell, shown

__all__ = ["PAGES", "outlook", "shell"]

PLANNERS, BUILDERS = "规划和自然资源部门", "住房和城乡建设部门"
STAGES = ("issued", "printed", "recorded", "accepted", "collected", "notified", "waiting")
SHORT = dict(zip(STAGES, ("发证", "缮证", "登簿", "受理", "收材", "通知", "待办"), strict=True))
COUNTS = dict(zip(STAGES, (413, 38, 64, 212, 2334, 1926, 2912), strict=True))


def grid(seed: int = 9) -> Any:
    """A building of three entrances, 18 floors of four homes, shops with mezzanines, a basement."""
    random = Random(seed)
    heads = [GridHead(f"{n}单元", "68套，已发证 11", 4) for n in (1, 2, 3)]
    weights = (15, 2, 3, 6, 32, 25, 17)

    def home(entrance: int, floor: int, place: int) -> Cell:
        code = random.choices(STAGES, weights)[0]
        mark = random.choices(("", "blocked", "held"), (94, 3, 3))[0] if code != "issued" else ""
        room = f"{floor}0{place}"
        return Cell(f"?unit={room}{entrance}", room, SHORT[code], f"{entrance}单元 {room}", f"st-{code}", mark,
                    is_selected=(entrance, room) == (2, "1103"))  # fmt: skip

    rows = []
    for floor in range(18, 1, -1):
        groups: list[list[Place]] = [[home(entrance, floor, n) for n in range(1, 5)] for entrance in (1, 2, 3)]
        if floor == 18:
            groups[0][0] = Cell(
                "?unit=1701", "1701", "待办", "1701（跃层，占17、18层）", "st-waiting", floors=2, note="跃层"
            )
        if floor == 17:
            groups[0][0] = None
        if floor == 2:
            groups[2][3] = Text("无此号", title="门厅上空")
        rows.append(GridRow(str(floor), groups))
    shop = lambda room, word, mark, span=1: Cell(f"?unit={room}", room, word, f"{room} 商业", "shut", mark, span=span)  # noqa: E731
    rows.append(GridRow("1夹", [[None, None, Text("擅建", is_fault=True), None],
                                [Text("S04 擅建", 2, is_fault=True), None, None],
                                [None, Text("S07 擅建", 2, is_fault=True), None]], is_apart=True))  # fmt: skip
    rows.append(GridRow("1", [[shop("S01", "未改", "blocked", 2), shop("S02", "夹层", "fault"), shop("S03", "未改", "blocked")],
                              [shop("S04", "夹层", "fault", 2), shop("S05", "未改", "blocked"), shop("S06", "改用", "fault")],
                              [shop("P01", "配套", "blocked"), shop("S07", "夹层", "fault", 2),
                               shop("S08", "未改", "blocked")]]))  # fmt: skip
    rows.append(GridRow("-1", [[shop("P02 自行车库", "改作仓储", "fault", 4)], [Text("设备用房，不登记到户", 4)],
                               [Text("人防工程，不登记到户", 4)]]))  # fmt: skip
    return render_grid(heads, rows, label="9号楼 楼盘表，从高层到低层")


def panel() -> dict[str, Any]:
    """What the chosen unit's panel is given."""

    class Unit(Thing):
        def __str__(self) -> str:
            return "2单元 1103"

    unit = Unit(
        id=1103, certificate="collected", tax="unassessed", fund="settled", standing="active", floor="11",
        get_use_display="住宅", area="88.63", unit_code="110105 012038 GB00005 F00121103", agreement_no="ZZ3-09-0147",
    )  # fmt: skip
    lines = (
        ("done", "楼栋11个环节已办到，其中规划核验、实测审核凭承诺办（×政函〔2021〕18号，条款1、2）。"),
        ("blocked", "受理被D04-0042 面积差价未结清卡住。实测比协议多2.23 m²，开发建设单位尚未出结算单。"),
        ("missing", "现在由开发建设单位办，已33个工作日，限20个。结清后即可受理，下一步是税务核定契税。"),
    )
    return {
        "unit": unit,
        "holders": [Thing(id=1, name="徐*芳", share="50%", phone="199****5678"), Thing(id=2, name="徐*忠", share="50%", phone="")],
        "why": Thing(
            lines=[Thing(kind=kind, text=text) for kind, text in lines], is_ready=False, blockers=("D04-0042",),
            words="您家的材料已经收齐，楼里的手续也都办完了。现在只差面积差价的结算单，由开发公司出具，已经超期，我们正在催。",
        ),
        "moves": [
            (date(2022, 1, 6), "办证", "已通知", "已收材料", "办理"),
            (date(2021, 12, 28), "办证", "待办", "已通知", "办理"),
        ],
        "next": [("certificate", "accepted", "已受理")],
    }  # fmt: skip


def building_table() -> dict[str, Any]:
    """楼盘表."""
    own = dict(zip(STAGES, (30, 4, 6, 12, 65, 51, 34), strict=True))
    return {
        **shell(1),
        "title": "9号楼",
        "project": PROJECT,
        "building": Thing(number="9", name="9号楼", construction_no="B9#", police_no="9号院3号楼", survey_no="0012",
                          occupied_on=date(2014, 12, 1)),
        "grid": grid(),
        "strip": [(str(n), f"{n}号楼", (n * 7) % 40, 219) for n in range(1, 37)],
        "colours": (("certificate", "办证阶段"), ("tax", "契税"), ("fund", "维修资金")),
        "track": "certificate",
        "own": {"due": 202, "stages": own, "collected": 117, "issued": 30, "others": 10},
        "mark_counts": [("blocked", 8), ("held", 5), ("fault", 5)],
        "panel": panel(),
        "can_reveal": True,
        "form": AdvanceForm(actor=OFFICER, initial={"occurred_on": NOW.date()}),
    }  # fmt: skip


def matrix() -> tuple[Thing, ...]:
    """The chain of 36 buildings."""
    numbers = range(1, 37)
    shops = {1, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 17, 18, 20, 22, 25, 28}
    wide = {
        "供地": "✓ 全部楼栋，×政地〔2011〕27号，2011-05-16", "用地规划许可": "✓ 全部楼栋，2011-09-02",
        "工程规划许可": "✓ 全部楼栋，2012-03-20，3份许可证", "施工许可": "✓ 全部楼栋，2012-06-08，4份许可证",
    }  # fmt: skip
    rows = [Thing(gate=gate, part="", is_first=True, is_last=True, cells=(), wide=text) for gate, text in wide.items()]
    for gate, home, shop in (
        ("规划核验", ("诺", "nuo"), ("错", "cuo")), ("消防验收", ("✓", "y"), ("·", "")), ("竣工备案", ("意", "yi"), ("·", "")),
        ("实测审核", ("诺", "nuo"), ("堵", "du")), ("落宗落幢", ("✓", "y"), ("·", "")), ("首次登记", ("办", "ban"), ("·", "")),
    ):  # fmt: skip
        rows.append(Thing(gate=gate, part="住宅", is_first=True, is_last=False, cells=[home for _ in numbers], wide=""))
        cells = [shop if n in shops else ("", "wu") for n in numbers]
        rows.append(Thing(gate=gate, part="商业、配套", is_first=False, is_last=True, cells=cells, wide=""))
    return (Thing(heads=[(str(n), f"{n}号楼") for n in numbers], rows=rows),)


RATES = (
    ("开办以来平均", 57, "2033年", False), ("近30日", 98, "2028年7月", False), ("最慢一环：核税", 112, "2027年4月", False),
    ("年底清零所需", 765, "2022-12-31", True),
)  # fmt: skip
HANGING = "压在未兑现承诺上的：已发证413套。逾期只升级督促，不停受理；已办各环节、已受理、已发证一律不收回。"


def outlook() -> Outlook:
    """What is left since July, and where it leads."""
    left = (7899, 7899, 7899, 7862, 7815, 7740, 7640, 7585, 7530, 7486)
    days = [date(2021, 7, 1) + timedelta(days=28 * n) for n in range(9)] + [date(2022, 3, 8)]
    return Outlook(list(zip(days, left, strict=True)), date(2022, 12, 31), low=6010, middle=6513, high=7120, needed=765)


def ladder(*days: str, sent: int, due: bool) -> list[dict[str, str]]:
    """The reminders of an obligation: so many sent, the next one due today or to come."""
    return [
        {"label": word, "when": day, "state": "sent" if n < sent else "due" if due and n == sent else "ahead"}
        for n, (word, day) in enumerate(zip(("催办", "再催", "督办", "通报", "约谈"), days, strict=True))
    ]


def panels() -> dict[str, Any]:
    """The panels of the project page: template and content."""
    blocker = lambda number, title, gate, caught, fault, who, lift: Thing(  # noqa: E731
        number=number, title=title, get_gate_display=gate, units_caught=caught, units_at_fault=fault, responsible=who,
        type=Thing(get_lift_display=lift),
    )  # fmt: skip
    rows = [
        (blocker("P03-0137", "底商夹层、擅改用途", "规划核验", 8019, 47, "十八里店乡政府", "承诺或整改"), 902),
        (blocker("U06-0311", "安置协议缺失或人口不符", "受理", 62, 0, "十八里店乡政府", "补齐"), 41),
        (blocker("E03-0007", "购房人被查封", "登簿", 9, 0, "", "等裁定"), 133),
    ]
    figures = [
        ("应办", 7899, "核减 0，挂账 0"), ("已打通", 7899, "100.00%"), ("已首登", 7899, "100.00%"),
        ("已收材料", 3061, "38.75%"), ("已发证", 413, "5.23%"), ("剩余", 7486, "可办未办 7,312 + 堵点 100 + 暂缓 74 + 挂账 0"),
        ("商业、配套（间）", 120, "已打通 0"),
    ]  # fmt: skip
    obligations = [
        {"ordinal": 2, "end_state": "恢复规划用途，16间", "due_on": date(2022, 2, 28), "state": "进行中", "is_kept": False,
         "late": 8, "left": 0, "verifier": "规自分局", "ladder": ladder("01-12", "02-17", "03-01", "今日应发", "03-21", sent=3, due=True)},
        {"ordinal": 1, "end_state": "拆除夹层，31间", "due_on": date(2022, 3, 31), "state": "进行中", "is_kept": False,
         "late": 0, "left": 23, "verifier": "规自分局", "due_before": date(2021, 12, 31),
         "ladder": ladder("02-17", "03-22", "04-01", "04-11", "04-22", sent=1, due=False)},
        {"ordinal": 5, "end_state": "整改资金落实到位", "due_on": date(2021, 9, 30), "state": "已核验", "is_kept": True,
         "late": 160, "left": 0, "verifier": "区住建委"},
    ]  # fmt: skip

    class Letter(Thing):
        def __str__(self) -> str:
            return str(self.number)

    letter = Letter(number="×政函〔2021〕18号", code="C-0018", effective_on=date(2021, 6, 17), get_state_display="履行")
    acts = [
        Thing(at=NOW - timedelta(hours=n * 19), who=who, text=text, reason=why)
        for n, (who, text, why) in enumerate((
            ("办证中心", "发证6套（9、11号楼），领证人已签收", ""),
            ("区税务局", "导入核税清单，38套已核，2套退回", "9号楼 2单元 806 等：协议号不符"),
            ("十八里店乡", "报送承诺第1项进展：3间夹层已拆", ""),
            ("系统（规则：L-3）", "承诺第2项逾期，督办函 ×督〔2022〕31号", ""),
        ))
    ]  # fmt: skip
    notes = [("本月进展", date(2022, 3, 7), "过错户已恢复9间；核税退回单由按户改为按批，首批40套已退补。", "十八里店乡"),
             ("下步措施", date(2022, 3, 15), "区税务局派4人驻办证中心，核税由每日5套提到每日40套。", "区专班")]  # fmt: skip
    return {
        "top": [shown("gates/panels/figures.html", figures=[(*figure, "") for figure in figures], stages=COUNTS, is_slow=True,
                      sentence=("环节均已办结，受理进度较慢。", "已收材料待受理2,334套，已发证413套，剩余7,486套。"))],
        "main": [
            shown("gates/panels/chain.html", matrix=matrix(), code="CY-0137"),
            shown("gates/panels/blockers.html", rows=rows, resolved=9),
            shown("ledger/panels/notes.html", notes=notes, leader="副区长 郑*", officer="区专班 周敏",
                  target_on=date(2022, 12, 31), plan=""),
            shown("ledger/panels/timeline.html", timeline=acts, code="CY-0137"),
        ],
        "side": [
            shown("web/panels/outlook.html", outlook=outlook(), rates=RATES),
            shown("commitments/panels/letters.html", instruments=[(letter, obligations, [("履行", "accent")])], note=HANGING),
        ],
    }  # fmt: skip


def project() -> dict[str, Any]:
    """The page of a project."""
    road = ("纳入", "研判", "化解", "首登", "办证", "清零", "销号")
    return {
        **shell(1),
        "title": PROJECT.name,
        "project": PROJECT,
        "homes": 7899, "others": 120, "buildings": [(str(n), f"{n}号楼") for n in range(1, 37)], "years": "2014—2015",
        "developer": "演示房地产（存续）", "issue": "P03", "type": "安置房", "aliases": ["周庄新村"],
        "road": [(word, "ok" if n < 4 else "now" if n == 4 else "") for n, word in enumerate(road)],
        "menus": [
            ("登记", [("登记进展", "/"), ("登记堵点", "/"), ("登记环节", "/")]), ("导入导出", [("导入清册", "/")]),
            ("文书", [("项目简报", "/")]),
        ],
        "primary": ("办证进度", "/"),
        "tabs": [("总览", "/", True, None), ("户", "/", False, 8019), ("记录", "/", False, None)],
        **panels(),
    }  # fmt: skip


def letter() -> dict[str, Any]:
    """A letter before it is signed."""
    gate = lambda label, organ, before, others: Thing(  # noqa: E731
        gate=Thing(label=label), organ=organ, dwellings_before=before, dwellings_after=7899, dwellings_gained=7899 - before,
        others_before=others, others_after=others, others_shut=120 - others, others_fault=0 if others else 47,
        others_in_no_clause=0 if others else 73,
    )  # fmt: skip
    gates = [
        gate("规划核验", PLANNERS, 0, 0), gate("实测审核", BUILDERS, 0, 0), gate("消防验收", BUILDERS, 7899, 120),
        gate("人防验收", "国防动员部门", 7899, 120), gate("竣工备案", BUILDERS, 7899, 120), gate("首次登记", "不动产登记机构", 7899, 120),
    ]  # fmt: skip
    group = lambda what, count, where: {"what": what, "count": count, "where": where}  # noqa: E731
    promise = lambda n, what, due, proof, who: Thing(  # noqa: E731
        ordinal=n, end_state=what, place="", due_on=due, original_due_on=due, proof=proof, verifier=who, verifier_id=n,
        state="pending", get_state_display="未开始", verified_on=None,
    )  # fmt: skip

    class Instrument(Thing):
        def __str__(self) -> str:
            return "关于周庄嘉园三期底商整改的承诺函"

    return {
        **shell(3, 3),
        "title": "签署前预览",
        "project": PROJECT,
        "instrument": Instrument(
            code="C-0018", state="draft", number="", title="关于周庄嘉园三期底商整改的承诺函", issuer="十八里店乡人民政府",
            get_state_display="起草", get_kind_display="政府承诺函", signed_on=None, effective_on=None, signed_by=None,
            letter=Thing(recipient="区历史遗留“办证难”工作专班",
                         fault="周庄嘉园三期共36栋住宅楼，涉及安置住宅7899套。部分底商、配套用房加建夹层、改变用途，影响规划核验。"),
        ),
        "preview": Thing(
            is_draft=True, gained=7899, fault_count=47, lapsed_count=0, lapsed=[], others_count=73,
            effect=Thing(dwellings=7899, cleared_before=0, cleared_after=7899, ready_before=0, ready_after=0, others=120,
                         others_cleared_after=0, gates=gates),
            clauses=[{"ordinal": 1, "blocker": "P03-0137", "label": "底商夹层、擅改用途", "inside": "住宅",
                      "outside": "没有", "ends": None},
                     {"ordinal": 2, "blocker": "D01-0138", "label": "实测与许可不一致", "inside": "住宅", "outside": "没有",
                      "ends": date(2022, 12, 31)}],
            fault=[group("商业，有夹层", 31, "1、3、5、7、9、12、15、17、20号楼"), group("配套，擅改用途", 16, "9、17、20、22、28号楼")],
            others=[group("商业，未改", 58, "1—3、5—7、9、11号楼等17栋"), group("配套，未改", 15, "2、6、9号楼等8栋")],
            next_steps=[("规划核验", PLANNERS), ("竣工备案", BUILDERS), ("实测审核", BUILDERS), ("首次登记", "不动产登记机构")],
        ),
        "obligations": [
            promise(1, "拆除夹层31间，恢复规划层高", date(2021, 12, 31), "现场照片、复测报告", "规自分局"),
            promise(2, "恢复规划用途：商业7间、配套9间", date(2022, 2, 28), "现场照片、核验意见", "规自分局"),
            promise(3, "每月巡查一次；47间不转让、不登记", date(2022, 6, 30), "巡查记录", "区城管局"),
            promise(4, "补办商业、配套部分规划核验", date(2022, 9, 30), "核验意见", "规自分局"),
            promise(5, "整改资金落实，不足由乡政府垫付", date(2022, 9, 30), "资金凭证", "区住建委"),
        ],
        "may_sign": True,
        "sign_form": SignForm(expected=7899, initial={"signed_on": date(2022, 3, 8)}),
        "organisation_id": 7,
    }  # fmt: skip


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
REFUSED = (
    (46, "9 2 11 1103 住宅 88.63 徐*芳 110***********0000 ZZ3-09-0147", {7: 1},
     [("证件号码", "ID_PRECISION_LOST", "在Excel里是数值，末3位已丢失，无法恢复。把这一列设为“文本”，按原件重新录入。")]),
    (47, "9 2 11 2022-11-04 住宅 86.40 马* 110***********3321 ZZ3-09-0148", {3: 1},
     [("户号(房号)", "ROOM_IS_DATE", "被Excel当成了日期（原来可能是 11-4）。把这一列设为“文本”，改为 1104。")]),
    (131, "10 3 1 S103 商铺兼住 142.75 王*平 110***********071X _", {4: 1, 7: 2},
     [("规划用途", "USAGE_UNKNOWN", "“商铺兼住”不在用途表。改为：住宅、商业、配套、车位、储藏之一。"),
      ("证件号码", "ID_CHECKSUM", "第18位校验不符，请对照原件；系统不会代为改正。")]),
    (388, "12 2 9 903 住宅 88.63 _ 110***********2216 ZZ3-12-0112", {6: 1},
     [("权利人姓名", "REQUIRED", "未填写。未选房的请写“待定”并在备注说明。")]),
)  # fmt: skip


def import_rows(tab: str = "refused") -> dict[str, Any]:
    """A file before it is written."""
    rows = [
        Thing(row=number, changes=(),
              cells=[(text.replace("_", ""), str(bad.get(n, ""))) for n, text in enumerate(cells.split(" "))],
              errors=[{"column": c, "code": code, "message": message} for c, code, message in errors])
        for number, cells, bad, errors in REFUSED
    ]  # fmt: skip
    changed = [
        Thing(row=52, place="9号楼 2单元 1203", errors=(),
              changes=[("建筑面积", "86.40", "86.44"), ("备注", "", "测绘报告更新")]),
    ]  # fmt: skip
    counts = {"rows_present": 862, "added": 612, "changed": 37, "unchanged": 188, "refused": 21, "skipped": 4}
    return {
        **shell(1, 2),
        "title": "导入预览",
        "project": PROJECT,
        "kind": Thing(name="units", label="清册", unit="户", is_placed=True),
        "takes_two": True,
        "session": Thing(id=14, file_name="周庄三期房屋清册9-12号楼.xlsx", sheet="清册", header_row=3, uploaded_by="刘*",
                         uploaded_at=NOW, state="staged", file_error="", message="", **counts),
        "tab": tab,
        "tabs": [("refused", "退回", 21), ("changed", "变更", 37), ("added", "新增", 612), ("unchanged", "相同", 188),
                 ("skipped", "跳过", 4)],
        "headers": HEADERS,
        "rows": changed if tab == "changed" else rows,
        "kinds": [("ID_PRECISION_LOST", "证件号码末位丢失", 9), ("ROOM_IS_DATE", "户号变成日期", 4), ("USAGE_UNKNOWN", "用途不在表内", 3),
                  ("ID_CHECKSUM", "证件号校验不符", 2), ("REQUIRED", "必填未填", 1)],
        "code": "",
        "warnings": ["合并单元格已向下填", "旧15位证件号"],
        "good": 649,
        "absent": 56,
        "error_count": 24,
        "may_submit": True,
    }  # fmt: skip


PAGES = {
    "building_table": ("progress/building_table.html", building_table),
    "project": ("ledger/project.html", project),
    "letter": ("commitments/letter_preview.html", letter),
    "import": ("intake/import_preview.html", import_rows),
    "import_changes": ("intake/import_preview.html", lambda: import_rows("changed")),
    "desk": ("web/desk.html", desk),
}
