"""manage.py load_city_list FILE [--as USER] [--on DATE] [--resume] [--dry-run]."""

import os
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError

from documents.intake.reading.city import City
from documents.intake.services.city import KIND, RULE, CityRefused, checked_city, digest_of, key_of, load_city
from registry.jobs.lease import claim, is_held, process_name
from registry.jobs.models import Job, JobState
from registry.jobs.services import enqueue, take_up
from registry.jobs.worker import run_job
from registry.kernel.authority import Actor, system_actor
from registry.store.clock import ledger_today, shanghai_day, true_now
from registry.store.commands import a_day
from registry.web.commands import LedgerCommand, actor_named

LEASE: Final = timedelta(minutes=2)
NICE: Final = 10  # clerks at the counter go first
EVERY: Final = 5.0  # seconds between two lines of progress


class Command(LedgerCommand):
    help = "全市清册快速导入：一份文件、多个项目、几十万行；逐个项目写入，中断后可接着做"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="清册文件，.xlsx 或 .csv，表头同模板")
        parser.add_argument("--as", dest="username", default="", help="导入人（登录名），不写为系统")
        parser.add_argument("--on", type=a_day, default=None, help="入账日期，不填为今日")
        parser.add_argument("--resume", action="store_true", help="接着做上次没有做完的同一份文件")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        self.quiet, self.told, self.stage = bool(options["as_json"]), 0.0, ""
        path = Path(options["file"]).resolve()
        if not path.is_file():
            raise CommandError(f"找不到文件{path}。请核对路径。")
        if getattr(self, "_called_from_command_line", False):
            os.nice(NICE)
        actor = actor_named(options["username"]) if options["username"] else system_actor(RULE)
        digest = digest_of(path)
        known = Job.objects.filter(idempotency_key=key_of(digest)).first()
        if known is not None and known.state == JobState.DONE:
            said = f"这份文件{shanghai_day(known.finished_at)}已导入，未再写入。"
            return {**_facts(known), "message": said, "already": True}, 0
        if known is not None and not options["dry_run"]:
            self._require_free(known, resume=options["resume"])
        try:
            city = checked_city(path, actor, lambda stage, done: self._say(stage, done, 0))
        except CityRefused as refusal:
            errors = [{"row": row, "message": message} for row, message in refusal.rows]
            return {"error": refusal.code, "message": refusal.message, "row_errors": errors}, 2
        if options["dry_run"]:
            said = f"检查完毕：{len(city.packed)}个项目，{city.rows}行，没有错误。没有写入。"
            return {"projects": len(city.packed), "rows": city.rows, "warnings": [*city.warnings], "message": said}, 0
        on = options["on"] or ledger_today()
        job = known or self._asked(actor, path, digest, on, city)
        return self._load(job, city)

    def _require_free(self, job: Job, *, resume: bool) -> None:
        now = true_now()
        if is_held(job, now):
            raise CommandError("该文件正在导入。进度见“后台任务”页，或等它结束。")
        if not resume:
            raise CommandError("该文件上次未导入完毕。请加 --resume 接着做；已写入的项目不会重复。")
        take_up(job=job, now=now)

    def _asked(self, actor: Actor, path: Path, digest: str, on: date, city: City) -> Job:
        return enqueue(
            actor=actor,
            kind=KIND,
            key=key_of(digest),
            label=f"全市清册导入《{path.name}》"[:160],
            params={
                "path": str(path),
                "file": path.name[:120],
                "sha256": digest,
                "placed_on": on.isoformat(),
                "as_system": actor.is_system,
            },
            total=city.rows,
        )

    def _load(self, job: Job, city: City) -> tuple[dict[str, Any], int]:
        lease = claim(process_name(), lease=LEASE, only=job.pk)
        if lease is None:
            raise CommandError("后台进程先接了这项任务，正在导入。进度见“后台任务”页。")
        run_job(lease, partial(load_city, city=city, say=self._say))
        job.refresh_from_db()
        if job.state != JobState.DONE:
            said = job.error or "任务已取消或由别的进程接走。"
            return {**_facts(job), "error": job.state, "message": said + "已写入的项目有效，可加 --resume 接着做。"}, 2
        return _facts(job), 1 if job.result["refused"] else 0

    def _say(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if self.quiet or (stage == self.stage and now < self.told + EVERY):
            return
        self.told, self.stage = now, stage
        share = f"，共{total:,}行" if total else ""
        self.stderr.write(f"{stage}：{done:,}行{share}" if done else stage)

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        rows = [error["message"] for error in facts.get("row_errors", ())]
        if "message" in facts:
            return [str(facts["message"]), *rows]
        return [
            (
                f"导入{facts['projects']}个项目、{facts['rows']}行：新增{facts['added']}户，变更{facts['changed']}户，"
                f"相同{facts['unchanged']}户，退回{facts['refused']}户，跳过{facts['skipped']}行"
            ),
            *(message for _, message in facts["refusals"]),
        ]


def _facts(job: Job) -> dict[str, Any]:
    return {"job": job.pk, **(job.result or job.checkpoint)}
