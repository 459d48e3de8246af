"""The description of the endpoint in OpenAPI 3.1, made of the tables that the endpoint itself reads."""

from typing import Any, Final

from projects.leads.choices import Channel, Satisfaction, TicketKind
from registry.accounts.selectors.tokens import MOST
from registry.kernel.tickets import TimeClass

MOMENT: Final = {
    "type": "string",
    "description": "写到分钟，如 2022-03-07 09:30 或 2022-03-07T09:30:00+08:00；不写时区的为北京时间",
}
WORD: Final = {"type": "string"}
LIMITS: Final = "、".join(f"{each.value}为{each.label}" for each in TimeClass)
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "number": {**WORD, "maxLength": 40, "description": "工单编号；同一编号重复发送，内容相同的不重复登记"},
    "received_at": {**MOMENT, "title": "来电时间"},
    "text": {**WORD, "maxLength": 5000, "description": "诉求内容；其中的网页标记去除后保存"},
    "time_class": {**WORD, "enum": [each.value for each in TimeClass], "description": LIMITS},
    "channel": {**WORD, "enum": Channel.values, "default": "hotline"},
    "caller_name": {**WORD, "maxLength": 40, "description": "诉求人，加密保存，不对外返回"},
    "caller_phone": {**WORD, "description": "来电号码，加密保存，不对外返回"},
    "address": {**WORD, "maxLength": 120, "description": "诉求地址；不在本市的，登记后注明理由，不计入考核"},
    "township": {**WORD, "description": "街道、乡镇名称或行政区划代码"},
    "kind": {**WORD, "enum": TicketKind.values},
    "category": {**WORD, "maxLength": 60},
    "lead": {**WORD, "description": "主办单位全称、简称或编码"},
    "assists": {"type": "array", "items": WORD, "description": "协办单位"},
    "dispatched_at": MOMENT,
    "returned_at": MOMENT,
    "return_reason": {**WORD, "maxLength": 300, "description": "退回原因，与退回时间同时填写"},
    "contacted_at": {**MOMENT, "title": "联系诉求人时间"},
    "answered_at": {**MOMENT, "title": "反馈时间"},
    "answer": {**WORD, "maxLength": 2000},
    "called_at": {**MOMENT, "title": "回访时间"},
    "is_reached": {"type": "boolean", "default": True},
    "responded": {"type": "boolean", "description": "诉求人是否认可已联系"},
    "solved": {"type": "boolean"},
    "satisfied": {**WORD, "enum": Satisfaction.values},
}  # fmt: skip
ANSWER: Final = {
    "type": "object",
    "properties": {
        "number": WORD, "state": WORD, "matter": WORD, "matter_rule": {**WORD, "description": "非本事项的，写明依据的规则"},
        "noted": {"type": "array", "items": WORD},
    },
}  # fmt: skip
STATE: Final = {
    "type": "object",
    "required": ["number", "state", "holder", "due_at", "round", "matter", "matter_rule", "project"],
    "properties": {
        "number": WORD, "state": {**WORD, "description": "待派单、办理中、退回待派、待回访、已办结、非本事项、已剔除"},
        "holder": {**WORD, "description": "现在单位"}, "due_at": {**MOMENT, "title": "办理期限"},
        "round": {"type": "integer", "description": "诉求人答复未解决的，每次加一轮"}, "matter": WORD, "matter_rule": WORD,
        "project": {"type": ["string", "null"], "description": "项目编号，未认定的为空"},
    },
}  # fmt: skip
PROBLEM: Final = {
    "type": "object",
    "properties": {
        "type": WORD, "title": WORD, "status": {"type": "integer"}, "detail": WORD, "field": WORD, "code": WORD,
        "differing": {"type": "array", "items": WORD},
    },
}  # fmt: skip


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": PROBLEM}}}


def _answer(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": ANSWER}}}


TOO_OFTEN: Final = _problem(f"同一令牌每分钟超过{MOST}次；Retry-After 为须等待的秒数")
DESCRIPTION: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {
        "title": "12345工单接口",
        "version": "1",
        "description": "凭令牌登记工单和办理情况。令牌由系统管理员或工作专班发放。",
    },
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "security": [{"token": []}],
    "paths": {
        "/api/v1/tickets/": {
            "post": {
                "summary": "登记一件工单，或补记已登记工单的办理情况",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["number", "received_at", "text", "time_class"],
                                "additionalProperties": False,
                                "properties": FIELDS,
                            }
                        }
                    },
                },
                "responses": {
                    "200": _answer("已登记过，内容相同；补记了新的办理情况的，列在 noted"),
                    "201": _answer("新登记"),
                    "400": _problem("不是 UTF-8 编码的 JSON"),
                    "401": _problem("没有令牌，或令牌无效、停用、到期"),
                    "403": _problem("令牌单位没有登记工单的权限"),
                    "405": _problem("不是 POST"),
                    "409": _problem("编号相同而内容不同，differing 列出不同的栏"),
                    "413": _problem("超过64KB"),
                    "415": _problem("内容类型不是 application/json"),
                    "429": TOO_OFTEN,
                    "422": _problem("缺少栏目、时间不可能、单位不存在等，detail 说明如何改正"),
                },
            }
        },
        "/api/v1/tickets/{number}/": {
            "get": {
                "summary": "查询一件工单的办理状态，不含诉求人信息和诉求内容",
                "parameters": [{"name": "number", "in": "path", "required": True, "schema": WORD}],
                "responses": {
                    "200": {"description": "办理状态", "content": {"application/json": {"schema": STATE}}},
                    "401": _problem("没有令牌，或令牌无效、停用、到期"),
                    "405": _problem("不是 GET"),
                    "404": _problem("没有这件工单，或不在令牌单位的范围内"),
                    "429": TOO_OFTEN,
                },
            }
        },
    },
}
