"""Snapshots of papers, as the document kinds make them; places and persons are invented."""

from typing import Any

LETTER_TABLE = {
    "title": "列入承诺范围房屋汇总表",
    "note": "",
    "columns": [
        {"header": "楼号", "width": 4, "align": "left"},
        {"header": "住宅（套）", "width": 4, "align": "right"},
        {"header": "建筑面积（平方米）", "width": 4, "align": "right"},
    ],
    "rows": [["1号楼", "219", "19,605.30"], ["2号楼", "120", "10,800.00"]],
    "total": ["合计", "339", "30,405.30"],
}


def commitment(**changes: Any) -> dict[str, Any]:
    """A township's letter."""
    return {
        "title": "关于演示家园三期底商夹层整改及无过错住宅先行办理不动产登记的承诺函",
        "keep": ["演示家园三期"],
        "made_at": "2021-06-18T10:20:00+08:00",
        "kind": "commitment/1",
        "snapshot": "3f2a9c01",
        "organ": "演示区十八里乡人民政府",
        "number": "×政函〔2021〕36号",
        "marks": [],
        "to": "演示区历史遗留“办证难”工作专班",
        "issued_on": "2021-06-18",
        "facts": ["演示家园三期共36栋住宅楼，因首层部分商业用房加建夹层，规划核验未能通过，住宅居民均无过错。"],
        "lead": "按照无错优先的原则，我乡作出如下承诺：",
        "obligations": [
            {
                "what": "拆除31间商业用房的夹层，恢复规划层高",
                "place": "1、3、5号楼首层",
                "measure": "由开发单位组织拆除",
                "person": "演示甲",
                "due_on": "2021-12-31",
                "proof": "现场照片、复测报告",
                "verifier": "规划分局",
            },
            {
                "what": "补办商业部分规划核验",
                "place": "",
                "measure": "",
                "person": "",
                "due_on": "2022-09-30",
                "proof": "核验意见",
                "verifier": "规划分局",
            },
        ],
        "scope_in": ["1—36号楼全部住宅，共7899套"],
        "scope_in_note": "按楼栋汇总见附件1。",
        "scope_out": ["加建夹层的商业用房31间（过错部分）", "其他商业用房58间（须单独核验）"],
        "effects": [{"organ": "规划分局", "gate": "规划核验", "scope": "住宅7899套"}],
        "supervision": ["我乡每月巡查一次并书面报告。"],
        "liability": ["整改资金不足部分由我乡先行垫付并依法追偿。"],
        "closing": ["全部承诺事项经核验单位确认后销号。"],
        "attachments": [LETTER_TABLE, {**LETTER_TABLE, "title": "不列入承诺范围房屋明细表", "total": []}],
        "contact": {"person": "演示丙", "phone": "19900001234"},
        "cc": "规划分局，区住房城乡建设委",
    } | changes


def cert_notice(**changes: Any) -> dict[str, Any]:
    """A notice of the on-site office to a family."""
    return {
        "title": "办证通知书",
        "keep": [],
        "made_at": "2022-03-08T16:20:00+08:00",
        "kind": "cert_notice/1",
        "snapshot": "3f2a9c01",
        "heading": "",
        "number": "YS3-2022-0317",
        "issuer": "演示家园三期驻场办证服务中心",
        "issued_on": "2022-03-08",
        "recipients": "徐䶮忠、李㛃敏",
        "opening": "",
        "location": "演示区演示家园三期9号楼2单元11层1103",
        "home": {"use": "住宅", "area": "89.52"},
        "appointment": "2022年3月16日（星期三）9:30",
        "window": {
            "from": "2022-03-14",
            "to": "2022-03-25",
            "hours": "9:00—11:30，13:30—17:00",
            "note": "周六、周日不办",
        },
        "place": "演示家园三期12号楼南侧社区服务用房一层办证大厅",
        "materials": [
            {"name": "权利人身份证明", "form": "原件核验，复印件1份", "note": "共有人都要带；户口簿一并带来"},
            {"name": "安置补偿协议、选房确认单", "form": "原件1份", "note": "遗失的，到乡征收办补开证明"},
            {"name": "房款及差价票据", "form": "原件核验，复印件1份", "note": "由开发单位换开发票的，现场办理"},
            {"name": "契税完税或免税凭证", "form": "现场核税后取得", "note": "不用提前办"},
        ],
        "fees": [
            {
                "name": "不动产登记费（住宅）",
                "amount": "80.00",
                "collector": "不动产登记中心",
                "note": "安置住房按规定减免",
            },
            {"name": "契税", "amount": "按核定", "collector": "税务窗口", "note": "符合条件的免征"},
            {"name": "住宅专项维修资金", "amount": "已交", "collector": "区住房资金管理中心", "note": "2015年代交"},
        ],
        "fee_note": "除上列费用外，办证不收取任何费用，也不需要找人代办。",
        "proxy": "可以委托他人办理。受托人携带双方身份证原件和授权委托书；委托书须经公证，或由委托人在办证窗口当面签署。",
        "late": "逾期不影响您办证的权利，也不收取滞纳费用。错过时间的，请电话改约；驻场结束后，到不动产登记中心办理。",
        "contact": {"phone": "19900005678", "hours": "工作日9:00—17:00", "note": "也可到现场窗口查询办理进度。"},
        "verify": {"url": "https://registry.example/v/7KQ2-9M3F-XB41", "code": "7KQ2-9M3F-XB41"},
    } | changes


def bulletin(**changes: Any) -> dict[str, Any]:
    """The first page of a month's bulletin."""
    return {
        "title": "演示区“办证难”历史遗留项目化解工作月报（2022年2月）",
        "keep": [],
        "made_at": "2022-03-01T09:00:00+08:00",
        "kind": "bulletin/1",
        "number": "",
        "snapshot": "",
        "issuer": "演示区工作专班",
        "as_of": "2022年2月28日24时",
        "definition": "2022-1",
        "figures": [
            {"name": "应办住宅", "value": "7,899", "unit": "套", "split": ["3个项目"]},
            {"name": "已发证", "value": "412", "unit": "套", "split": ["5.22%", "本月＋31"]},
        ],
        "lead": ["路已打通，慢在核税。"],
        "sections": [
            {
                "title": "各街乡发证进度",
                "unit": "套",
                "bars": [{"name": "十八里乡", "value": "412", "whole": "7899", "words": "412 / 7,899，5.22%"}],
                "columns": [
                    {"header": "街乡", "width": 8, "align": "left"},
                    {"header": "已发证", "width": 4, "align": "right"},
                ],
                "rows": [["十八里乡", "412"]],
                "total": ["合计", "412"],
                "notes": ["商业、车位另列，不计入套数。"],
            }
        ],
        "notes": ["率的分母为应办住宅；无分母的记“—”。"],
    } | changes
