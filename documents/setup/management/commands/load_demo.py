"""manage.py load_demo: the three demo projects, their organisations and accounts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from commitments.services import count_exposure
from documents.setup.clock import finish_clock, start_clock
from documents.setup.months import close_january
from documents.setup.organs import load_organs
from documents.setup.people import PASSWORD, accounts, load_people
from documents.setup.policies import load_policies
from documents.setup.projects import PROJECTS
from documents.setup.reference import load_demo_areas, load_reference
from documents.setup.today import lay_todays_work
from projects.casework.models import Policy
from projects.casework.services.leverage import count_leverage
from projects.casework.services.policies import run_policy_rules
from projects.gates.services.recount import is_counted_before, note_counted
from projects.ledger.models import Project
from registry.accounts.models import Person
from registry.kernel.authority import Actor, system_actor
from registry.store.clock import ledger_today
from registry.store.commands import RegistryCommand
from registry.store.models import DemoClock


class Command(RegistryCommand):
    help = "装入演示数据：三个项目、单位和每种角色一个账号（只用于空库）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", dest="if_empty", help="已有项目或人员时不作处理")
        parser.add_argument("--accounts", action="store_true", help="只列出演示账号")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self._list_accounts()
            return
        clock = DemoClock.objects.first()
        if clock is None and (Project.objects.exists() or Person.objects.exists()):
            if options["if_empty"]:
                return
            raise CommandError("台账里已有项目或人员，演示数据只装入空库。请换一个 DATA_DIR 或数据库。")
        if clock is not None and clock.is_loaded:
            if options["if_empty"]:
                return
            raise CommandError("演示数据已经装过。要重新装，请换一个 DATA_DIR 或数据库。")
        if clock is not None:
            self.stdout.write("上次没有装完，接着装。")
        self._load(system_actor("演示装载"))

    def _load(self, actor: Actor) -> None:
        """Load part by part, each in one transaction: one that was interrupted goes on at the first that is missing."""
        load_reference()
        load_demo_areas()
        start_clock()
        organisations = load_people()
        if not Policy.objects.exists():
            with transaction.atomic():
                load_policies(actor)
        for code, tell in PROJECTS.items():
            if not Project.objects.filter(code=code).exists():
                with transaction.atomic():
                    project = tell(actor, organisations)
                self.stdout.write(f"已装入 {project.code} {project.name}")
        start_clock()
        today = ledger_today()
        with transaction.atomic():
            load_organs(actor)
            lay_todays_work(on=today)
            finish_clock()
        run_policy_rules()
        if is_counted_before():
            note_counted(actor=actor)
        count_leverage(on=today)
        count_exposure(today)
        close_january(on=today)

    def _list_accounts(self) -> None:
        if not Project.objects.filter(code="CY-0137").exists():
            return
        self.stdout.write(f"演示账号（密码都是 {PASSWORD}）：")
        for account in accounts():
            self.stdout.write(f"  {account.username:<12}{account.role}　{account.organisation}　{account.name}")
