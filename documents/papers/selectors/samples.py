"""A sample of each kind whose texts a district words for itself, of nobody: a preview of a wording prints it."""

from datetime import date
from typing import Any, Final

from documents.papers.kinds import BY_CODE

PROJECT: Final = "示例小区"
TOWNSHIP: Final = "示例乡人民政府"
LETTER: Final = f"关于{PROJECT}底商夹层整改的承诺函"


def sample_of(kind: str, *, office: dict[str, Any], on: date) -> dict[str, Any]:
    """Return the snapshot of a sample, with the settings of a district's office."""
    declared: Any = BY_CODE[kind]
    home = {
        "issuer": "", "issued_on": on, "location": f"{PROJECT}9号楼2单元2003室", "use": "住宅", "area": "89.50",
        "place": "示例小区一层大厅", "phone": "19900000000", "settings": office,
    }  # fmt: skip
    if kind == "cert_notice":
        papers = [
            {"name": name, "form": "原件核验，复印件1份", "condition": "", "note": ""}
            for name in ("不动产登记申请书", "身份证件", "购房合同")
        ]
        fee = {"name": "不动产登记费（住宅）", "amount": "80.00", "collector": office["office.registry"], "note": ""}
        snapshot = declared.snapshot(
            recipients="示例人", state={"code": "ready"}, materials=papers, fees=[fee], window=(on, on, ""), **home
        )
    elif kind == "claim_notice":
        snapshot = declared.snapshot(
            recipients=["示例人"], numbers=["（示例证号）"], starts=on, ends=on, remark="", **home
        )
    elif kind == "commitment":
        snapshot = declared.snapshot(
            title=LETTER, project=PROJECT, organ=TOWNSHIP, recipient="示例区历史遗留项目工作专班", issued_on=on,
            fault="底商加建夹层，住户无过错。", obligations=[_promise(on)], scope_in=["9号楼住宅100套"], scope_out=[], effects=[],
            liability="",
        )  # fmt: skip
    elif kind == "extension_reply":
        snapshot = declared.snapshot(
            project=PROJECT, recipient=TOWNSHIP, letter=LETTER, letter_number="示例文号", ordinal=1, what="拆除夹层", old=on,
            new=on, reason="汛期停工", request="示例文号", is_superior=False, terms="", cc="",
        )  # fmt: skip
    elif kind == "undertaking":
        snapshot = declared.snapshot(
            project=PROJECT, recipient=TOWNSHIP, letter=LETTER, letter_number="", obligations=[_promise(on)],
            supervisor="", funds="自有资金", contact="示例人 19900000000",
        )  # fmt: skip
    else:
        snapshot = declared.snapshot(
            project=PROJECT, organ="", recipient=TOWNSHIP, issued_on=on, letter=LETTER, signed_on=on, ordinal=1,
            end_state="拆除夹层", place="", proof="现场照片", due_on=on, original_due_on=on, late=0, state="在办", earlier=[],
            text="请按期完成。", reply_by=on, meeting_place="", times=1, cc="",
        )  # fmt: skip
    return dict(snapshot)


def _promise(on: date) -> dict[str, str]:
    return {
        "what": "拆除夹层", "place": "", "measure": "", "person": "", "due_on": on.isoformat(), "proof": "现场照片",
        "verifier": "示例核验单位",
    }  # fmt: skip
