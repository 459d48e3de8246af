"""Tickets by list and by endpoint: the same rules, in GBK too; a number comes in once; nothing of a caller goes out."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from documents.intake.models import ImportSession
from documents.intake.services.list_sessions import carry_out_session, stage_list
from projects.leads.api.description import DESCRIPTION
from projects.leads.api.description import FIELDS as DESCRIBED
from projects.leads.models import CallBack, Ticket, TicketExecutor
from projects.leads.services.arriving import FIELDS
from projects.leads.services.history import TicketHistory, keep_history
from registry.accounts.services.tokens import issue_token, revoke_token
from registry.audit.invariants import INVARIANTS
from registry.kernel.periods import SHANGHAI
from registry.kernel.tickets import TicketRefused, read_moment
from registry.lists.kinds import LISTS
from tests.documents.intake.services.sessions import told
from tests.factories.accounts import Player, lay_organisation
from tests.factories.projects import TODAY, Estate, moment, on_day
from tests.factories.trials import refused
from tests.projects.leads.trials import dispatched, lay_ticket, matched

HEADERS = (
    "受理编号,受理时间,反映人,联系电话,反映内容,问题地址,属地,处理时限,"
    "主办单位,派单时间,首次联系时间,办结时间,回访时间,响应,解决情况,满意度"
)
DONE = "规自分局,2022-03-01 10:00,2022-03-01 15:30,2022-03-05 17:00,2022-03-07 09:00"
ROW = "RX1,2022-03-01 09:30,演示甲,19900000001,演示小区房产证没办,演示小区3号楼,十八里店乡,15日"


def staged(estate: Estate, *rows: str, encoding: str = "utf-8", who: str = "city") -> ImportSession:
    content = "\n".join((HEADERS, *rows)).encode(encoding)
    with on_day(TODAY):
        return stage_list(
            actor=getattr(estate.cast, who).actor, project=None, kind=LISTS["tickets"], content=content,
            file_name="工单.csv", params={},
        )  # fmt: skip


def carried_out(estate: Estate, session: ImportSession) -> list[Any]:
    with on_day(TODAY):
        carry_out_session(actor=estate.cast.city.actor, session=session)
    return [(row.verdict, row.text) for row in told(session)]


def named() -> list[str]:
    return [str(violation) for code in ("I58", "I59", "I60") for violation in INVARIANTS[code].violations(None)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_list_of_another_platform_comes_in_whole_with_what_was_done(estate: Estate, encoding: str) -> None:
    session = staged(estate, f"{ROW},{DONE},是,已解决,满意", encoding=encoding)

    assert carried_out(estate, session) == [("added", "登记工单，派单、联系、反馈、回访")]
    ticket = Ticket.objects.get()
    part, call = TicketExecutor.objects.get(), CallBack.objects.get()
    assert (ticket.number, ticket.state, ticket.township_code, ticket.time_class) == ("RX1", "done", "110105027", "15d")
    assert (part.organisation.name, part.contacted_at, part.outcome) == (
        "规自分局", read_moment("2022-03-01 15:30"), "answered",
    )  # fmt: skip
    assert (call.responded, call.solved, call.satisfied) == (True, True, "yes")
    assert named() == []


def test_the_same_list_again_changes_nothing_and_more_that_is_told_is_added(estate: Estate) -> None:
    carried_out(estate, staged(estate, f"{ROW},,,,,,,,"))
    again = staged(estate, f"{ROW},,,,,,,,")
    assert [row.verdict for row in told(again)] == ["unchanged"]

    more = staged(estate, f"{ROW},{DONE},是,未解决,不满意")
    assert carried_out(estate, more) == [("added", "补记办理情况，派单、联系、反馈、回访")]
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.round) == ("in_hand", 2), "not solved: opened again"
    assert named() == []


def test_what_is_wrong_with_a_row_is_said_at_once_row_by_row(estate: Estate) -> None:
    lay_ticket(estate, number="RX9")
    session = staged(
        estate,
        ",2022-03-01 09:30,,,没办证,,,15日,,,,,,,,",
        "RX2,2022-03-01,,,没办证,,,15日,,,,,,,,",
        "RX3,2022-13-01 09:30,,,没办证,,某某乡,15日,,,,,,,,",
        "RX4,2032-03-01 09:30,,,没办证,,,15日,,,,,,,,",
        "RX9,2022-03-08 09:00,,,另一件事,,,15日,,,,,,,,",
        "RX6,2022-03-01 09:30,,,没办证,,,15日,,,,,2022-03-02 09:00,是,,满意",
        "RX7,2022-03-01 09:30,,,没办证,,,15日,,,,,,,,",
        "RX7,2022-03-01 09:30,,,又一件没办证,,,15日,,,,,,,,",
        "RX8,2022-03-01 09:30,,,没办证,,,一个月,,,,,,,,",
    )
    said = {row.row: row.text for row in told(session)}
    assert all(row.verdict == "refused" for row in told(session))
    for row, words in {
        2: "工单编号", 3: "请写到分钟", 4: "时间“2022-13-01 09:30”不存在", 5: "尚未到来", 6: "诉求内容", 8: "第 9 行",
        9: "第 8 行", 10: "办理时限",
    }.items():  # fmt: skip
        assert words in said[row], (row, said[row])
    assert "某某乡" in said[4]


def test_a_list_cannot_dispatch_to_a_developer(estate: Estate) -> None:
    session = staged(estate, f"{ROW},演示开发公司,2022-03-01 10:00,,,,,,")
    assert ["诉求人信息不得提供给该单位" in row.text for row in told(session)] == [True]


def test_a_return_without_reason_and_steps_out_of_order_are_refused(estate: Estate) -> None:
    ticket, city = lay_ticket(estate, on=TODAY - timedelta(days=3)), estate.cast.city.actor
    lead, day = estate.cast.department.organisation, TODAY - timedelta(days=2)
    for history, said, code, field in (
        (TicketHistory(returned_at=moment(day)), "退回须同时写明退回时间和退回原因", "refused", "return_reason"),
        (TicketHistory(lead=lead, dispatched_at=moment(day - timedelta(days=9))), "派单时间早于来电时间", "impossible",
         "dispatched_at"),
        (TicketHistory(lead=lead, answered_at=moment(TODAY, 23)), "反馈时间尚未到来", "impossible", "answered_at"),
        (TicketHistory(called_at=moment(day)), "没有可补记的办理情况", "nothing_new", None),
    ):  # fmt: skip
        with on_day(TODAY), refused(said, code=code, field=field):
            keep_history(actor=city, ticket=ticket, history=history)
    with on_day(TODAY):
        done = TicketHistory(
            lead=lead, dispatched_at=moment(day, 9), returned_at=moment(day, 12), return_reason="属税务"
        )
        assert keep_history(actor=city, ticket=ticket, history=done) == ["派单", "退回"]
    returned = ticket.acts.get(event="return")
    assert (returned.minutes, returned.round) == (180, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-03-07 09:30", (2022, 3, 7, 9, 30)),
        ("2022/3/7 9:30:15", (2022, 3, 7, 9, 30)),
        ("2022年3月7日9时30分", (2022, 3, 7, 9, 30)),
        ("２０２２－０３－０７　０９：３０", (2022, 3, 7, 9, 30)),
        ("20220307093000", (2022, 3, 7, 9, 30)),
        ("2022-03-07T01:30:00Z", (2022, 3, 7, 9, 30)),
        ("2022-03-07T09:30:00+08:00", (2022, 3, 7, 9, 30)),
    ],
)
def test_moments_are_read_as_they_are_written(text: str, expected: tuple[int, ...]) -> None:
    here = read_moment(text).astimezone(SHANGHAI)
    assert (here.year, here.month, here.day, here.hour, here.minute) == expected


@pytest.mark.parametrize("text", ["2022-03-07", "昨天", "2022-02-30 09:00", "2022-03-07 25:00", "44627.39", ""])
def test_what_is_no_moment_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(TicketRefused, match=r"请写到分钟|不存在"):
        read_moment(text)


# The endpoint ------------------------------------------------------------------------------------------------------

BODY = {
    "number": "RX1", "received_at": "2022-03-07 09:30", "text": "演示小区房产证没办<br>请处理", "time_class": "15d",
    "caller_name": "演示甲", "caller_phone": "19900000001", "address": "演示小区3号楼", "township": "十八里店乡",
}  # fmt: skip


def token(estate: Estate, player: Player, name: str = "热线") -> str:
    with on_day(TODAY):
        secret: str = issue_token(
            actor=estate.cast.system_admin.actor, organisation=player.organisation, name=name,
            ends=TODAY + timedelta(days=90),
        ).secret  # fmt: skip
    return secret


def post(secret: str, body: Any, content_type: str = "application/json") -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    client = Client(enforce_csrf_checks=True)
    with on_day(TODAY):
        return client.post(
            "/api/v1/tickets/", content, content_type=content_type, headers={"authorization": f"Bearer {secret}"}
        )


def test_a_ticket_is_taken_in_once_however_often_it_is_sent(estate: Estate) -> None:
    secret = token(estate, estate.cast.city)
    first, again = post(secret, BODY), post(secret, BODY)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == {
        "number": "RX1", "state": "待派单", "matter": "待认定", "matter_rule": "", "noted": [],
    }  # fmt: skip
    other = post(secret, {**BODY, "text": "另一件事", "caller_phone": "19900000002"})
    assert (other.status_code, other.headers["Content-Type"]) == (409, "application/problem+json")
    assert other.json()["differing"] == ["诉求内容", "来电号码"]
    assert "登记内容不能由接口改动" in other.json()["detail"]
    more = post(secret, {**BODY, "lead": "规自分局", "dispatched_at": "2022-03-07T10:00:00+08:00"})
    assert (more.status_code, more.json()["noted"], more.json()["state"]) == (200, ["派单"], "办理中")
    assert post(secret, {**BODY, "lead": "规自分局"}).json()["noted"] == []
    assert Ticket.objects.count() == 1


def test_another_matter_is_taken_in_and_said_to_be_one(estate: Estate) -> None:
    answer = post(token(estate, estate.cast.city), {**BODY, "text": "小区暖气不热"})
    assert (answer.status_code, answer.json()["matter"]) == (201, "非本事项")
    assert "暖气" in answer.json()["matter_rule"]


def test_refusals_are_problem_details_in_words_and_leave_nothing(estate: Estate) -> None:
    secret = token(estate, estate.cast.city)
    for body, status, said in (
        (json.dumps(BODY, ensure_ascii=False).encode("gbk"), 400, "不是 UTF-8 编码"),
        (b"{", 400, "不是完整的 JSON"),
        (b"[]", 400, "应为一个 JSON 对象"),
        ({**BODY, "number": ""}, 422, "缺少工单编号"),
        ({**BODY, "received_at": "2032-03-07 09:30"}, 422, "尚未到来"),
        ({**BODY, "received_at": "昨天"}, 422, "请写到分钟"),
        ({**BODY, "time_class": "30d"}, 422, "time_class应为"),
        ({**BODY, "township": "某某镇"}, 422, "行政区划表里没有"),
        ({**BODY, "lead": "某局"}, 422, "没有登记单位"),
        ({**BODY, "lead": "规自分局", "returned_at": "2022-03-07 11:00"}, 422, "退回须同时写明"),
        ({**BODY, "solved": "yes"}, 422, "true 或 false"),
        ({**BODY, "sent_by": "x"}, 422, "不认识的字段：sent_by"),
        ({**BODY, "text": 3}, 422, "字段text应为文字"),
        (b'{"text": "' + b"x" * 70_000 + b'"}', 413, "不超过64KB"),
        (b'{"text": "' + b"x" * 3_000_000 + b'"}', 413, "不超过64KB"),
        (json.dumps({**BODY, "text": "房产证\ud800没办"}).encode(), 422, "字段text含有无法保存的字符"),
        (json.dumps({**BODY, "number": "RX\x001"}).encode(), 422, "字段number含有无法保存的字符"),
        (json.dumps({**BODY, "assists": ["\udfff"]}).encode(), 422, "字段assists含有无法保存的字符"),
        (b"[" * 60_000, 400, "不是完整的 JSON"),
    ):
        answer = post(secret, body)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), body
        problem = answer.json()
        assert said in problem["detail"]
        assert problem["status"] == status
    assert post(secret, BODY, "text/plain").status_code == 415
    wrong = Client().get("/api/v1/tickets/")
    assert (wrong.status_code, wrong.headers["Allow"], wrong.json()["status"]) == (405, "POST", 405)
    wrong = Client().delete("/api/v1/tickets/RX1/")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET")
    assert Ticket.objects.count() == 0, "what was refused in part left nothing"


def test_a_token_that_asks_too_often_is_told_when_to_come_again(
    estate: Estate, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each token has a count of its own; what was past the pace did nothing; the next minute begins anew."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("registry.accounts.selectors.tokens.MOST", 3)
    secret, other = token(estate, estate.cast.city), token(estate, estate.cast.district, "另一系统")
    minute = datetime(2022, 3, 8, 2, 0, 15, tzinfo=UTC)
    monkeypatch.setattr("registry.accounts.selectors.tokens.true_now", lambda: minute)
    asked = [post(secret, {**BODY, "number": f"RX{n}"}) for n in range(5)]

    assert [answer.status_code for answer in asked] == [201, 201, 201, 429, 429]
    assert asked[4].headers["Retry-After"] == "45"
    assert asked[4].json() == {
        "type": "about:blank", "title": "请求过于频繁", "status": 429, "code": "too_often",
        "detail": "该令牌每分钟最多请求3次，已超过。请在45秒后再发。",
    }  # fmt: skip
    assert Ticket.objects.count() == 3
    assert post(other, {**BODY, "number": "RX8"}).status_code == 201
    monkeypatch.setattr("registry.accounts.selectors.tokens.true_now", lambda: minute + timedelta(seconds=45))
    assert post(secret, {**BODY, "number": "RX9"}).status_code == 201


def test_without_a_token_or_with_one_that_is_over_nothing_is_told(estate: Estate) -> None:
    secret = token(estate, estate.cast.city)
    lay_ticket(estate, number="RX1")
    assert Client().post("/api/v1/tickets/", BODY, content_type="application/json").status_code == 401
    bad = post("ldj_nobody", BODY)
    assert (bad.status_code, bad.json()["detail"]) == (401, "令牌无效。请核对令牌，或联系发放单位重新发放。")
    assert bad.headers["WWW-Authenticate"].startswith("Bearer")
    with on_day(TODAY):
        revoke_token(
            actor=estate.cast.system_admin.actor, token=estate.cast.city.organisation.tokens.get(), reason="停用"
        )
    assert post(secret, BODY).json()["detail"] == "令牌已停用。请联系发放单位重新发放。"


def test_a_token_of_another_platform_sees_and_changes_nothing_of_a_ticket(estate: Estate) -> None:
    ticket = lay_ticket(estate, number="RX1")
    secret = token(estate, estate.cast.strange_district)
    headers = {"authorization": f"Bearer {secret}"}
    with on_day(TODAY):
        assert Client().get(f"/api/v1/tickets/{ticket.number}/", headers=headers).status_code == 404
    answer = post(secret, {**BODY, "township": ""})
    assert (answer.status_code, answer.json()["differing"]) == (409, ["登记单位"])
    assert post(secret, {**BODY, "number": "RX2"}).json()["detail"].startswith("十八里店乡不在您的辖区内")


def test_the_state_of_a_ticket_is_told_without_its_caller(estate: Estate) -> None:
    ticket = lay_ticket(estate)
    with on_day(TODAY):
        matched(estate, ticket)
        dispatched(estate, ticket)
    headers = {"authorization": f"Bearer {token(estate, estate.cast.district)}"}
    with on_day(TODAY):
        answer = Client().get(f"/api/v1/tickets/{ticket.number}/", headers=headers)
    assert answer.json() | {"due_at": ""} == {
        "number": ticket.number, "state": "办理中", "holder": "规自分局", "due_at": "", "round": 1, "matter": "属办证难",
        "matter_rule": "", "project": "CY-9001",
    }  # fmt: skip
    told = DESCRIPTION["paths"]["/api/v1/tickets/{number}/"]["get"]["responses"]["200"]
    assert set(answer.json()) == set(told["content"]["application/json"]["schema"]["properties"])
    assert not any(clear in answer.content.decode() for clear in ("演示甲", "1990000", "房产证"))


def test_the_description_names_every_field_that_is_read_and_is_served() -> None:
    assert set(DESCRIBED) == FIELDS
    assert Client().get("/api/v1/openapi.json").json() == json.loads(json.dumps(DESCRIPTION))
    schema = DESCRIPTION["paths"]["/api/v1/tickets/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["required"]) == {"number", "received_at", "text", "time_class"}
    asked = DESCRIPTION["paths"]["/api/v1/tickets/{number}/"]["get"]
    told = asked["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(told["required"]) == set(told["properties"])
    assert {"401", "403", "405", "409", "413", "415", "422"} <= set(
        DESCRIPTION["paths"]["/api/v1/tickets/"]["post"]["responses"]
    )


def test_an_organisation_of_two_names_is_asked_about(estate: Estate) -> None:
    lay_organisation(code="D-PLAN-2", name="规自分局", area_code="110108")
    answer = post(token(estate, estate.cast.city), {**BODY, "lead": "规自分局"})
    assert (answer.status_code, "有几个单位叫“规自分局”" in answer.json()["detail"]) == (422, True)


def test_what_is_told_of_a_ticket_needs_the_right_that_its_page_asks(estate: Estate) -> None:
    """A township states neither the call back of its own tickets nor what became of one that lies elsewhere."""
    cast, ticket = estate.cast, lay_ticket(estate)
    matched(estate, ticket)
    asked = TicketHistory(
        lead=cast.township.organisation, dispatched_at=moment(TODAY, 10), answered_at=moment(TODAY, 11), answer="已办结",
        called_at=moment(TODAY, 11), responded=True, solved=True, satisfied="yes",
    )  # fmt: skip
    with on_day(TODAY, 12), refused("其办理情况不由本单位补记", code="not_holder"):
        keep_history(actor=cast.township.actor, ticket=ticket, history=asked)
    own = lay_ticket(estate, by="township", number="RX2")
    with on_day(TODAY, 12), refused("回访由工作专班登记", code="no_power", field="called_at"):
        keep_history(actor=cast.township.actor, ticket=own, history=asked)
    with on_day(TODAY, 12):
        told_ = replace(asked, lead=cast.district.organisation)
        keep_history(actor=cast.district.actor, ticket=ticket, history=replace(told_, called_at=None, satisfied=""))
        with refused("承办单位不能回访自己办理的工单", code="own_ticket"):
            keep_history(actor=cast.district.actor, ticket=ticket, history=TicketHistory(called_at=moment(TODAY, 12)))
    assert not CallBack.objects.exists()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("number", "RX\0"), ("number", "RX/1"), ("number", "RX?x#y"), ("number", "…"), ("number", "RX\x1b[31m"), ("number", ".."),
        ("text", "没办证\ud800"), ("address", "\0"), ("received_at", "0001-01-01T00:00:00+14:00"),
        ("received_at", "9999-12-31T23:59:59-12:00"), ("received_at", "9" * 5000), ("assists", ["\ud800"]), ("lead", "\udfff"),
        ("\ud800", "x"), ("caller_phone", "²"), ("township", "\0"), ("answer", ["x"]), ("is_reached", 10**400),
    ],
)  # fmt: skip
def test_what_no_column_and_no_answer_can_hold_is_refused_in_words(estate: Estate, word: str, value: Any) -> None:
    secret = token(estate, estate.cast.district)
    body = {
        "number": "RX1", "received_at": "2022-03-01T09:30:00+08:00", "text": "演示小区房产证没办", "time_class": "15d",
        word: value,
    }  # fmt: skip
    answer = post(secret, json.dumps(body).encode())
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert re.search("[\u4e00-\u9fff]", answer.json()["detail"])
    assert not Ticket.objects.exists()
