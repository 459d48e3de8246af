"""What somebody may do behind the ledger's back, by name, and what names it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from projects.ledger.models import Tally
from registry.audit.anchors import anchor_file
from registry.audit.models import Act, ActRow, ChainHead
from registry.jobs.models import Job
from registry.store.clock import SHANGHAI, true_now
from tests.factories.projects import Estate


def execute(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def canary(_: Estate) -> None:
    execute("DELETE FROM store_keycanary")


def canary_and_its_snapshot(_: Estate) -> None:
    execute("DELETE FROM store_keycanary")
    execute("DELETE FROM audit_rowsnapshot WHERE \"table\" = 'store_keycanary'")


def table_added(_: Estate) -> None:
    execute("CREATE TABLE ledger_hidden (id integer)")


def column_added(_: Estate) -> None:
    execute("ALTER TABLE ledger_unit ADD COLUMN hidden integer")


def index_dropped(_: Estate) -> None:
    execute("DROP INDEX act_by_chain")


def view_added(_: Estate) -> None:
    execute("CREATE VIEW hidden AS SELECT 1 AS one")


def tally_of_nothing_added(_: Estate) -> None:
    row = Tally.objects.order_by("pk")[0]
    execute(
        'INSERT INTO ledger_tally (building_id, "use", standing, track, stage, count) VALUES (%s, %s, %s, %s, %s, 0)',
        row.building_id, "garage", row.standing, row.track, row.stage,
    )  # fmt: skip


def tally_of_nothing_moved(_: Estate) -> None:
    key = Tally.objects.filter(count=0).values_list("pk", flat=True)[0]
    execute("UPDATE ledger_tally SET \"use\" = 'garage' WHERE id = %s", key)


def tally_of_nothing_counted(_: Estate) -> None:
    key = Tally.objects.filter(count=0).values_list("pk", flat=True)[0]
    execute("UPDATE ledger_tally SET count = 1 WHERE id = %s", key)


def migration_deleted(_: Estate) -> None:
    execute("DELETE FROM django_migrations WHERE app = 'audit' AND name = '0002_once'")


def migration_added(_: Estate) -> None:
    execute("INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0099_more', %s)", true_now())


def migration_moved(_: Estate) -> None:
    then = datetime(2020, 1, 1, tzinfo=SHANGHAI)
    execute("UPDATE django_migrations SET applied = %s WHERE app = 'audit' AND name = '0004_row_snapshots'", then)


def job_older_than_seals(_: Estate) -> None:
    """A job without a seal, and the day on which jobs began to be sealed moved past it."""
    key = Job.objects.order_by("pk").values_list("pk", flat=True)[0]
    execute("UPDATE jobs_job SET seal = '', person_key = 1 WHERE id = %s", key)
    later = true_now() + timedelta(minutes=30)
    execute("UPDATE django_migrations SET applied = %s WHERE app = 'jobs'", later)


def migrations_of_tomorrow(_: Estate) -> None:
    execute("UPDATE django_migrations SET applied = %s WHERE app = 'jobs'", true_now() + timedelta(days=1))


def right_by_group(_: Estate) -> None:
    execute("INSERT INTO auth_group (name) VALUES ('管理员')")


def act_row_swapped(_: Estate) -> None:
    first, other = _two_rows_of_an_act()
    for key, place in ((first, -1), (other, first), (-1, other)):
        execute("UPDATE audit_actrow SET id = %s WHERE id = %s", place, key)


def act_row_moved(_: Estate) -> None:
    first, _other = _two_rows_of_an_act()
    another = Act.objects.exclude(pk=ActRow.objects.get(pk=first).act_id).order_by("id")[0].pk
    execute("UPDATE audit_actrow SET act_id = %s WHERE id = %s", another, first)


def act_row_doubled(_: Estate) -> None:
    first, _other = _two_rows_of_an_act()
    execute(
        'INSERT INTO audit_actrow (act_id, "table", "key", before, after)'
        ' SELECT act_id, "table", "key", before, after FROM audit_actrow WHERE id = %s', first,
    )  # fmt: skip


def act_row_edited(_: Estate) -> None:
    first, _other = _two_rows_of_an_act()
    execute("UPDATE audit_actrow SET after = '{}' WHERE id = %s", first)


def _two_rows_of_an_act() -> tuple[int, int]:
    act = Act.objects.filter(rows_count__gte=2).order_by("id")[0]
    first, other = ActRow.objects.filter(act=act).order_by("id")[:2]
    return first.pk, other.pk


def acts_swapped(_: Estate) -> None:
    first, other = Act.objects.exclude(chain=0).order_by("id")[:2]
    execute("UPDATE audit_act SET facts = %s WHERE id = %s", "{}" if first.facts else '{"a": 1}', first.pk)
    execute("UPDATE audit_act SET reason = %s WHERE id = %s", f"{first.reason}。", other.pk)


def act_of_another_person(_: Estate) -> None:
    execute("UPDATE audit_act SET actor_person = actor_person + 1 WHERE actor_person IS NOT NULL")


def act_under_another_chain(_: Estate) -> None:
    act = Act.objects.exclude(chain=0).order_by("-id")[0]
    execute("UPDATE audit_act SET chain = 0, seq = 9999 WHERE id = %s", act.pk)


def chain_gone(_: Estate) -> None:
    """All of a project's record, its head and what was kept: nothing is left to contradict but the anchors."""
    chain = ChainHead.objects.exclude(chain=0).values_list("chain", flat=True)[0]
    execute("DELETE FROM audit_actrow WHERE act_id IN (SELECT id FROM audit_act WHERE chain = %s)", chain)
    execute("DELETE FROM audit_rowsnapshot WHERE act_key IN (SELECT id FROM audit_act WHERE chain = %s)", chain)
    execute("DELETE FROM audit_act WHERE chain = %s", chain)
    execute("DELETE FROM audit_chainhead WHERE chain = %s", chain)


def head_set_back(_: Estate) -> None:
    head = ChainHead.objects.exclude(chain=0).order_by("chain")[0]
    before = Act.objects.get(chain=head.chain, seq=head.seq - 1)
    execute("UPDATE audit_chainhead SET seq = %s, hash = %s WHERE chain = %s", before.seq, before.hash, head.chain)


def once_key_taken(_: Estate) -> None:
    act = Act.objects.exclude(actor_person=None).order_by("id")[0]
    execute(
        "UPDATE audit_act SET once_key = 'x', once_answer = '[\"advance_units\", \"\", null]' WHERE id = %s", act.pk
    )


def tail_set_back(_: Estate) -> None:
    execute("UPDATE audit_anchortail SET lines = lines - 1")


def tail_gone(_: Estate) -> None:
    execute("DELETE FROM audit_anchortail")


def anchors_emptied(_: Estate) -> None:
    anchor_file().write_bytes(b"")


def anchors_cut(_: Estate) -> None:
    anchor_file().write_bytes(anchor_file().read_bytes().splitlines(keepends=True)[0])


def anchors_and_tail_gone(_: Estate) -> None:
    anchor_file().unlink()
    execute("DELETE FROM audit_anchortail")


def snapshots_under_no_act(_: Estate) -> None:
    """Taken from their acts, each is one laid without an act again: its seal knows better."""
    execute("UPDATE audit_rowsnapshot SET act_key = NULL")


def snapshots_of_another_table(_: Estate) -> None:
    execute("UPDATE audit_rowsnapshot SET \"table\" = 'ledger_building' WHERE \"table\" = 'ledger_unit'")


TAMPERINGS: dict[Callable[[Estate], None], str] = {
    canary: "I42", canary_and_its_snapshot: "I42", tally_of_nothing_added: "I2",
    tally_of_nothing_moved: "I2", tally_of_nothing_counted: "I2", job_older_than_seals: "I48", act_row_swapped: "I13",
    act_row_moved: "I13", act_row_doubled: "I13", act_row_edited: "I13", acts_swapped: "I13",
    act_of_another_person: "I13", act_under_another_chain: "I13", chain_gone: "I41", head_set_back: "I13",
    once_key_taken: "I13", tail_set_back: "I42", tail_gone: "I42", anchors_emptied: "I41", anchors_cut: "I41",
    anchors_and_tail_gone: "I42", snapshots_under_no_act: "I42", snapshots_of_another_table: "I42",
}  # fmt: skip
# What I49 names, in its words; all at once, for it reads the whole shape of the database each time.
SHAPES: dict[Callable[[Estate], None], str] = {
    table_added: "多出表 ledger_hidden", column_added: "表 ledger_unit 多出列 hidden",
    index_dropped: "表 audit_act 缺少约束或索引 act_by_chain", view_added: "多出视图 hidden",
    migration_deleted: "缺少迁移记录 audit 0002_once", migration_added: "多出迁移记录 audit 0099_more",
    migration_moved: "迁移记录 audit 0004_row_snapshots 的时间早于它所依据的 audit",
    migrations_of_tomorrow: "迁移记录 jobs 0001_initial 的时间", right_by_group: "表 auth_group 有行",
}  # fmt: skip
