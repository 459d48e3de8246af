"""Tickets from other platforms: one endpoint behind a token, idempotent on the number, refusals as problem details.

The same services as the pages, the same rules and masks: nothing of a caller ever goes out.
"""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from projects.leads.api.description import DESCRIPTION
from projects.leads.selectors.senders import Senders
from projects.leads.selectors.tickets import ticket_by_number
from projects.leads.services.arriving import FIELDS, ArrivedTicket, TicketArrival, arrive, is_storable
from registry.accounts.selectors.tokens import TokenTooOften, TokenUnknown, actor_of_token
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError, NotFound, PermissionRefused
from registry.store.access import access
from registry.store.clock import database_now, shanghai_day

LONGEST: Final = 64 * 1024  # bytes of one ticket
TOO_LONG: Final = "一次登记一件工单，不超过64KB。"
BEARER: Final = "Bearer "
PROBLEM: Final = "application/problem+json"
TITLES: Final = {
    HTTPStatus.BAD_REQUEST: "请求无法识别",
    HTTPStatus.UNAUTHORIZED: "令牌无效",
    HTTPStatus.FORBIDDEN: "没有权限",
    HTTPStatus.NOT_FOUND: "未找到",
    HTTPStatus.METHOD_NOT_ALLOWED: "不支持该方法",
    HTTPStatus.CONFLICT: "与已登记的工单不一致",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "内容过长",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "不支持的内容类型",
    HTTPStatus.UNPROCESSABLE_ENTITY: "内容不符合要求",
    HTTPStatus.TOO_MANY_REQUESTS: "请求过于频繁",
}
View = Callable[..., HttpResponse]


class Problem(Exception):
    """A refusal as a status and words."""

    def __init__(self, status: HTTPStatus, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def problem(status: HTTPStatus, detail: str, **more: Any) -> HttpResponse:
    """Return problem details (RFC 9457) in Chinese."""
    body = {"type": "about:blank", "title": TITLES[status], "status": int(status), "detail": detail, **more}
    response = JsonResponse(body, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="tickets"'
    return response


def answered(view: View) -> View:
    """Turn every refusal of a view into problem details; nothing of a fault of the program is told."""

    def inside(request: HttpRequest, **words: Any) -> HttpResponse:
        try:
            response = view(request, **words)
        except Problem as refusal:
            response = problem(refusal.status, refusal.detail, **refusal.more)
        except RequestDataTooBig:
            response = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LONG)
        except TokenUnknown as refusal:
            response = problem(HTTPStatus.UNAUTHORIZED, refusal.message, code=refusal.code)
        except TokenTooOften as refusal:
            response = problem(HTTPStatus.TOO_MANY_REQUESTS, refusal.message, code=refusal.code)
            response.headers["Retry-After"] = str(refusal.wait)
        except PermissionRefused as refusal:
            response = problem(HTTPStatus.FORBIDDEN, refusal.message)
        except NotFound as refusal:
            response = problem(HTTPStatus.NOT_FOUND, refusal.message)
        except DomainError as refusal:
            more = {"code": refusal.code, **({"field": refusal.field} if refusal.field else {})}
            response = problem(HTTPStatus.UNPROCESSABLE_ENTITY, refusal.message, **more)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = "GET" if words else "POST"
        response.headers["Cache-Control"] = "no-store"
        return response

    return inside


@access(public=True)
@csrf_exempt
@answered
def tickets_endpoint(request: HttpRequest) -> HttpResponse:
    """Take a ticket in, or note what is told of one that is known: 201 new, 200 known, 409 if it says otherwise."""
    if request.method != "POST":
        raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "登记工单用 POST。查询单件工单用 GET /api/v1/tickets/{number}/。")
    actor = _actor(request)
    arrived = arrive(actor=actor, arrival=_arrival(_body(request)))
    if arrived.differing:
        said = "、".join(arrived.differing)
        raise Problem(
            HTTPStatus.CONFLICT,
            f"工单{arrived.number}已登记，{said}与已登记的不同。登记内容不能由接口改动，请核对工单编号。",
            differing=list(arrived.differing),
        )
    return _shown(arrived, HTTPStatus.CREATED if arrived.is_new else HTTPStatus.OK)


@access(public=True)
@csrf_exempt
@answered
def ticket_endpoint(request: HttpRequest, number: str) -> HttpResponse:
    """Say how a ticket in reach stands: never who rang or what was said."""
    if request.method != "GET":
        raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "查询工单用 GET。")
    ticket = ticket_by_number(_actor(request), number)
    return _json(
        {
            "number": ticket.number,
            "state": ticket.get_state_display(),
            "holder": str(ticket.holder),
            "due_at": ticket.due_at.isoformat(),
            "round": ticket.round,
            "matter": ticket.get_matter_display(),
            "matter_rule": ticket.matter_rule,
            "project": ticket.project.code if ticket.project is not None else None,
        }
    )


@access(public=True)
def api_description(request: HttpRequest) -> HttpResponse:
    """The description of the endpoint, for the other platform's programmers."""
    return _json(DESCRIPTION)


def _actor(request: HttpRequest) -> Actor:
    header = request.headers.get("Authorization", "")
    if not header.startswith(BEARER):
        raise Problem(HTTPStatus.UNAUTHORIZED, "未提供令牌。请在 Authorization 请求头中写 Bearer 加令牌。")
    return actor_of_token(header.removeprefix(BEARER).strip(), on=shanghai_day(database_now()))


def _body(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "内容类型应为 application/json，编码 UTF-8。")
    if len(request.body) > LONGEST:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LONG)
    try:
        body = json.loads(request.body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Problem(HTTPStatus.BAD_REQUEST, "内容不是 UTF-8 编码（可能是 GBK）。请改为 UTF-8 后重新发送。") from None
    except (json.JSONDecodeError, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, "内容不是完整的 JSON。请核对后重新发送。") from None
    if not isinstance(body, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "内容应为一个 JSON 对象，一次登记一件工单。")
    return body


def _arrival(body: Mapping[str, Any]) -> TicketArrival:
    if extra := sorted(set(body) - FIELDS):
        named = "、".join(part if is_storable(part) else ascii(part) for part in extra)
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"有不认识的字段：{named}。请按接口说明核对字段名。")
    return TicketArrival.read(body, Senders.read())


def _shown(arrived: ArrivedTicket, status: HTTPStatus) -> HttpResponse:
    return _json(
        {
            "number": arrived.number,
            "state": arrived.state,
            "matter": arrived.matter,
            "matter_rule": arrived.matter_rule,
            "noted": list(arrived.noted),
        },
        status,
    )


def _json(body: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
