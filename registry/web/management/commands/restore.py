"""manage.py restore FILE [--drill]: into an empty installation, every entry proven by its hash first; or only tried."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from registry.accounts.services import record_restore_drill
from registry.kernel.authority import system_actor
from registry.store.backup import read_backup
from registry.store.canary import require_right_keys, wrong_keys
from registry.store.faults import require_ready_database
from registry.web.commands import LedgerCommand
from registry.web.drill import drill


class Command(LedgerCommand):
    help = "从备份恢复到没有人员、项目和操作记录的系统；恢复前逐个核对校验值。加 --drill 只演练，不动现有数据"

    needs_database = False  # an empty one is what it wants
    needs_keys = False  # the data that come may be another key file's: said after they came

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="备份的 .zip 文件")
        parser.add_argument(
            "--drill", action="store_true", help="演练：在临时位置恢复、更新、核对、打开文书，记入操作记录"
        )

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        file = Path(options["file"])
        if options["drill"]:
            return self._drill(file)
        done = read_backup(file)
        what = wrong_keys() if Path(settings.KEY_FILE).exists() else f"{settings.KEY_FILE}不存在"
        facts = {"entries": done.entries, "replaced": done.replaced}
        if what:
            return {
                **facts,
                "key": what,
                "message": f"已恢复{done.entries}个文件，但现在的密钥文件不是这份备份的：{what}。请先放回备份时的密钥文件，再启动。",
            }, 1
        return {
            **facts,
            "message": f"已恢复{done.entries}个文件（{done.replaced}），密钥文件相符。请运行 check_ledger 核对。",
        }, 0

    def _drill(self, file: Path) -> tuple[dict[str, Any], int]:
        if not file.is_file():
            raise CommandError(f"找不到备份文件{file}。")
        require_ready_database()
        require_right_keys()
        steps = drill(file)
        is_sound = all(step.is_done for step in steps)
        record_restore_drill(
            actor=system_actor("恢复演练"), file=file.name[:120], is_sound=is_sound, said=steps[-1].said
        )
        told = [{"step": step.name, "done": step.is_done, "said": step.said} for step in steps]
        message = (
            "演练通过：这份备份能恢复，台账相符，文书打得开。"
            if is_sound
            else "演练未通过，这份备份不能用。请换一份备份再试。"
        )
        return {"steps": told, "sound": is_sound, "message": message}, 0 if is_sound else 1

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        steps = [
            f"{'完成' if step['done'] else '没有完成'}  {step['step']}：{step['said']}"
            for step in facts.get("steps", ())
        ]
        return [*steps, *super().words(facts)]
