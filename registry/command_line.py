"""The command line, and what it says when a command can't even begin: a setting, a package, an unknown name.

Every command says its own refusals (`store/commands.py`); Django's own commands and the reading of the settings have
only this. `doctor` names a bad setting as a finding: it is asked exactly when something is wrong.
"""

import importlib
import json
import os
import sys
from collections.abc import Sequence

from registry.bad_setting import BadSetting

OURS = frozenset({"registry", "projects", "commitments", "documents"})
INSTEAD = {  # commands of packages that know neither the rules of the lists nor the trail
    "import": "“import”命令不经台账的核对和留痕，不能使用。请在网页上传清单，或用 import_units、import_list。",
    "export": "“export”命令不脱敏、不留痕，不能使用。请在网页导出，或用 export_monthly。",
}
REMEDY = "请改正后再运行，检查其余各项。"


def main(arguments: Sequence[str]) -> int:
    """Run a command; gives the exit code for what it refuses here."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
    try:
        return _run(list(arguments))
    except BadSetting as refusal:
        if arguments[1:2] == ["doctor"]:
            return _finding(refusal, as_json="--json" in arguments)
        return _say(f"{refusal}")
    except ModuleNotFoundError as fault:
        if fault.name is None or fault.name.split(".")[0] in OURS:
            raise
        return _say(f"缺少软件包 {fault.name}，没有执行。请运行 make setup 安装后再试。")


def _run(arguments: list[str]) -> int:
    """Run a command, with Django imported only here: that it is absent is a thing to say, too."""
    importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    management = importlib.import_module("django.core.management")
    name = arguments[1] if len(arguments) > 1 else "help"
    try:
        importlib.import_module("django").setup()  # the commands of the apps are known only then
        if not name.startswith("-") and name != "help" and name not in management.get_commands():
            return _say(f"没有“{name}”这个命令。全部命令见 manage.py help 和 docs/commands.md。")
        if name in INSTEAD:
            return _say(INSTEAD[name])
        management.execute_from_command_line(arguments)
    except Exception as fault:
        refusal = importlib.import_module("registry.store.faults").refusal_of(fault)
        if refusal is None:
            raise
        return _say(refusal.message)
    return 0


def _finding(refusal: BadSetting, *, as_json: bool) -> int:
    """Say in the form of doctor why the settings can't be read."""
    if as_json:
        line = {
            "group": "设置", "name": refusal.name, "state": "missing", "detail": f"{refusal}", "remedy": REMEDY,
        }  # fmt: skip
        sys.stdout.write(json.dumps({"sound": False, "findings": [line]}, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(f"设置\n  缺少  {refusal.name}：{refusal}\n共 1 项，缺少 1 项。{REMEDY}\n")
    return 1


def _say(words: str) -> int:
    sys.stderr.write(words + "\n")
    return 2
