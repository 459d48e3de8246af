"""The frame 1+10+N of the demo: an opinion and a supporting policy in force, and one on a single matter in draft."""

from datetime import date

from documents.setup.story import on_day
from projects.casework.models import Policy
from projects.casework.services.policies import draft_policy, issue_policy
from projects.gates.models import BlockerType
from registry.kernel.authority import Actor


def load_policies(actor: Actor) -> dict[str, Policy]:
    """Lay down the demo's policies, by number. All of it is invented but the frame."""
    policies = {}
    with on_day(date(2019, 8, 30)):
        policies["general"] = _draft(
            actor, "general", "×政办〔2019〕1号", "关于解决国有土地上住宅历史遗留登记问题的意见（演示）",
            "无错优先：购房人没有过错的，与企业责任分开处理，先办住宅。",
            {"F01": "", "F02": "", "J01": "", "J02": "", "J03": ""},
        )  # fmt: skip
        issue_policy(actor=actor, policy=policies["general"], issued_on=date(2019, 8, 30), first=None)
    with on_day(date(2021, 2, 1)):
        policies["decoupled"] = _draft(
            actor, "supporting", "×规自发〔2021〕2号", "关于证缴分离、税证分离的通知（演示）",
            "出让价款、开发环节税费由企业欠缴的，依法追缴，不影响住宅登记。",
            {"F01": "企业已进入破产或清算程序，追缴单位已确定", "F02": "税务机关已立案追缴"},
        )  # fmt: skip
        issue_policy(actor=actor, policy=policies["decoupled"], issued_on=date(2021, 2, 1), first=None)
    with on_day(date(2022, 3, 1)):
        policies["single"] = _draft(
            actor, "single", "", "关于配套用房未移交项目先行登记的意见（演示，征求意见）",
            "配套由属地政府代建、限期移交的，住宅先行登记。", {"P04": "属地政府已书面承诺移交期限", "P03": ""},
        )  # fmt: skip
    return policies


def _draft(actor: Actor, level: str, number: str, title: str, summary: str, lifts: dict[str, str]) -> Policy:
    types = {blocker_type.code: blocker_type for blocker_type in BlockerType.objects.filter(code__in=lifts)}
    policy: Policy = draft_policy(
        actor=actor, level=level, number=number, title=title, organ="市专班（演示）", summary=summary,
        lifts={types[code]: condition for code, condition in lifts.items()},
    )  # fmt: skip
    return policy
