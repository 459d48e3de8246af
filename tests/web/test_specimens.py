"""The five specimen pages, rendered from the shapes that the views give: complete, escaped, in their own classes."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from registry.kernel.stages import STAGES
from registry.web.unit_marks import MARKS
from tests.web import specimens
from tests.web.html import checked

SHEET = Path(settings.BASE_DIR) / "registry/web/static/registry/app.css"
FILLS = ("accent", "line", "track", "red", "amber", "shut", "ink", "held")  # of bars whose parts are no stages


def page(name: str) -> str:
    template, context = specimens.PAGES[name]
    return render_to_string(template, context())


@pytest.fixture(params=sorted(specimens.PAGES))
def html(request: pytest.FixtureRequest) -> str:
    return page(request.param)


def test_page_is_well_formed(html: str) -> None:
    found = checked(html)

    assert found.wrong == []
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert set(found.labels) <= set(found.ids)


def test_page_uses_only_classes_of_the_sheet(html: str) -> None:
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", SHEET.read_text(encoding="utf-8")))
    without_rule = {"first", "auto", "void"}  # auto is read by the script; the others only take rules away

    assert checked(html).classes - known - without_rule == set()


def test_page_keeps_to_the_policy(html: str) -> None:
    assert re.findall(r"\sstyle=|<style|\son\w+=|javascript:", html) == []
    assert re.findall(r"<script(?![^>]* src=)", html) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []


def test_page_leaves_no_trace_of_its_template(html: str) -> None:
    assert re.findall(r"\{\{|\{%|\bNone\b|<bound method|<function|SimpleNamespace", html) == []


def test_tables_name_their_heads(html: str) -> None:
    heads = [head for head in re.findall(r"<th\b[^>]*>", html) if "scope=" not in head]

    assert [head for head in heads if "colspan" not in head and "gp" not in head] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "building_table",
            ("202套住宅", "57.92%", "电话答复参考", "跃层", "无此号", "设备用房，不登记到户", "取消选择"),
        ),
        (
            "project",
            ("环节均已办结，受理进度较慢。", "7,899", "逾期8日", "P03-0137", "✓ 全部楼栋", "约 6,513", "今日应发"),
        ),
        ("letter", ("签署前预览", "+7,899", "仍不能办的120户", "签署后不得修改", "不受影响", "至承诺兑现")),
        ("import", ("862", "①证件号码", "②", "提交复核：649行", "56户不作变更")),
        ("import_changes", ("9号楼 2单元 1203", "86.44", "（空）")),
        (
            "desk",
            (
                "待办",
                "逾期1日",
                "已过1日",
                "今日",
                "2022年3月8日 星期二",
                "周四 03-10",
                "别人逾期，我来催",
                "38,412",
                "1,284套",
            ),
        ),
    ],
)
def test_page_says_what_its_specimen_says(name: str, words: tuple[str, ...]) -> None:
    text = re.sub(r"<[^>]+>", "", page(name))

    assert [word for word in words if word not in text] == []


def test_sheet_has_no_rule_for_a_class_that_nothing_uses() -> None:
    root = Path(settings.BASE_DIR)
    files = [*root.glob("templates/**/*.html"), *root.glob("registry/web/**/*.py"), SHEET.with_name("app.js")]
    files += [file for app in ("projects", "commitments", "documents") for file in root.glob(f"{app}/**/*.py")]
    used = set(re.findall(r"[\w-]+", "\n".join(file.read_text(encoding="utf-8") for file in files)))
    css = {stage.css for stages in STAGES.values() for stage in stages}
    used |= {f"{way}-{name}" for way in ("st", "f") for name in css} | {f"mk-{css}" for _, css, _ in MARKS.values()}
    used |= {f"{way}-{code}" for way in ("only", "m") for code in MARKS} | {f"f-{name}" for name in FILLS}
    used |= {f"q{shade}" for shade in range(6)}  # of the tiles of `charts.tile_chart`
    used |= {"htmx-request"}  # htmx sets it while the panel is fetched
    sheet = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert set(re.findall(r"\.([a-zA-Z][\w-]*)", sheet)) - used == set()


def test_sheet_stays_within_its_size() -> None:
    assert 30_000 < SHEET.stat().st_size <= 52 * 1024
