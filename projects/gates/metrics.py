"""The figures of projects that tallies and readiness spans give: every screen, chart, sheet and paper."""

from collections.abc import Callable
from typing import Any

from registry.kernel.figures import Figure
from registry.kernel.gates.rest import Rest


def _rest(rest: Rest) -> Callable[[Any], int]:
    return lambda row: int(row.rest_of(rest))


FIGURES = (
    Figure("involved", "涉及（住宅）", "套", "台账内全部住宅，含核减", lambda row: row.involved),
    Figure("excluded", "核减（住宅）", "套", "重复、已拆除、不属于台账范围的住宅，经批准", lambda row: row.excluded),
    Figure("due", "应办（住宅）", "套", "涉及减核减；违反规定、不予办理的挂账户仍在内", lambda row: row.due),
    Figure(
        "unassessed_projects",
        "未研判项目",
        "个",
        "没有登记过堵点、没有记过环节、状态仍为纳入的项目",
        lambda row: row.unassessed_projects,
        "2022-2",
    ),
    Figure("unassessed", "未研判", "套", "未研判项目的应办住宅，不计入已打通", lambda row: row.unassessed, "2022-2"),
    Figure(
        "cleared_assessed",
        "已打通",
        "套",
        "已研判项目中，每个楼栋环节均已办结或无未解除堵点的住宅；打通率＝已打通÷（应办－未研判）",
        lambda row: row.cleared_assessed,
        "2022-2",
    ),
    Figure(
        "cleared",
        "已打通（含未研判）",
        "套",
        "每个楼栋环节均已办结或无未解除堵点的住宅，未研判的也计入",
        lambda row: row.cleared,
    ),
    Figure("registered", "已首登", "套", "首次登记已办结的住宅", lambda row: row.registered),
    Figure(
        "ready",
        "可办",
        "套",
        "楼栋环节均已办结、无限制受理的户级堵点、未暂停、状态正常的住宅，含已发证；仅限制登簿的堵点不影响可办",
        lambda row: row.ready,
        "2022-3",
    ),
    Figure("collected", "已收材料", "套", "到达或超过已收材料的住宅", lambda row: row.reached("collected")),
    Figure("accepted", "已受理", "套", "到达或超过已受理的住宅", lambda row: row.reached("accepted")),
    Figure("recorded", "已登簿", "套", "到达或超过已登簿的住宅", lambda row: row.reached("recorded")),
    Figure(
        "issued",
        "已发证",
        "套",
        "证书已由权利人签收（或已核发电子证照）的住宅，含入账时已持旧证的",
        lambda row: row.issued,
    ),
    Figure("remaining", "剩余", "套", "应办减已发证", lambda row: row.remaining),
    *(
        Figure(
            rest.value, "剩余未研判" if rest == Rest.UNASSESSED else rest.label, "套", definition, _rest(rest), "2022-3"
        )
        for rest, definition in (
            (Rest.UNASSESSED, "剩余中未研判项目的住宅，挂账、暂缓的除外"),
            (Rest.UNCLEARED, "剩余中有楼栋环节未办结、又有未解除堵点的住宅，挂账、暂缓、未研判的除外（以下同）"),
            (Rest.UNREGISTERED, "剩余中已打通、楼栋环节尚未全部办结的住宅"),
            (Rest.PAUSED, "剩余中楼栋环节均已办结、未受理、在暂停受理范围内的住宅"),
            (Rest.UNIT_BLOCKED, "剩余中楼栋环节均已办结，有户级堵点不能受理，或已受理而有堵点不能登簿的住宅"),
            (Rest.DOABLE, "剩余中可办而未受理的，已受理且无堵点限制登簿的，已登簿未发证的住宅"),
        )
    ),
    Figure(
        "ready_not_issued",
        "可办未发证（旧口径）",
        "套",
        "可办而未发证，2022-3 起不再刊用",
        lambda row: row.ready_not_issued,
    ),
    Figure(
        "blocked",
        "其余剩余（旧口径）",
        "套",
        "剩余减可办未发证、暂缓、挂账，2022-3 起由各类剩余代替",
        lambda row: row.blocked,
    ),
    Figure("held", "暂缓", "套", "状态为暂缓、未发证的住宅", lambda row: row.held),
    Figure("carried", "挂账", "套", "违反规定、不予办理、未发证的住宅", lambda row: row.carried),
    Figure("others", "商业、配套等", "间", "住宅以外的户，核减除外，不并入套数", lambda row: row.others),
    Figure(
        "others_cleared",
        "已打通的商业、配套等",
        "间",
        "每个楼栋环节均已办结或无未解除堵点的非住宅",
        lambda row: row.others_cleared,
    ),
)
BY_CODE = {figure.code: figure for figure in FIGURES}
