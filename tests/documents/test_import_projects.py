"""import_projects: each row is taken in or refused by number, with what to mend."""

import json

import pytest
from django.core.management import call_command

from documents.demo.people import load_people
from projects.ledger.models import Project

pytestmark = pytest.mark.django_db

HEADER = "项目编号,项目名称,区代码,区,街道乡镇代码,街道乡镇,房屋类型,坐落,纳入日期,责任人\n"
GOOD = "CY-0201,演示一期,110105,朝阳区,110105027,十八里店乡,安置房,演示路1号,2020-03-01,甲\n"


def run(path, capsys, *more):
    """Run the command; its exit code and facts."""
    try:
        call_command("import_projects", str(path), "--as", "qu01", "--json", *more)
        code = 0
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def people():
    load_people()


def test_good_rows_are_taken_in_and_bad_ones_refused_by_number(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    bad = "CY-0202,演示二期,110105,朝阳区,110105027,十八里店乡,城堡,,2020-03-01,\n"
    foreign = "HD-0001,别区项目,110108,海淀区,110108001,演示街道,商品房,,2020-03-01,\n"
    path.write_text(HEADER + GOOD + bad + foreign)

    code, facts = run(path, capsys)

    assert (code, facts["added"], facts["refused"]) == (1, 1, 2)
    assert [error["row"] for error in facts["row_errors"]] == [3, 4]
    assert "本辖区" in facts["row_errors"][1]["message"]
    assert list(Project.objects.values_list("code", "initials")) == [("CY-0201", "ysyq")]


def test_dry_run_writes_nothing(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text(HEADER + GOOD)

    assert run(path, capsys, "--dry-run")[0] == 0
    assert not Project.objects.exists()


def test_the_same_list_twice_refuses_the_codes_in_use(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text(HEADER + GOOD)
    run(path, capsys)

    code, facts = run(path, capsys)

    assert code == 1
    assert "已用于另一个项目" in facts["row_errors"][0]["message"]


def test_missing_columns_refuse_the_file(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text("项目编号,项目名称,区代码,区,坐落\nX,Y,110105,朝阳区,\n")

    code, facts = run(path, capsys)

    assert code == 2
    assert "缺少列" in facts["message"]
