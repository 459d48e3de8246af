"""Lay a landing: a small real state by the services of this code, written down for the codes to come.

usage, before a landing: DATA_DIR=AN_EMPTY_FOLDER python -m tests.landings.lay tests/landings/COMMIT.json.gz
The keys are made for it and guard nothing; persons are those of the factories.
"""

import base64
import gzip
import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

LEFT_OUT = {"django_migrations", "django_content_type", "django_session", "auth_permission"}
KINDS = {"BooleanField": "flag", "DateTimeField": "moment"}


def lay_state() -> None:
    """One project with two blockers, a letter, moves, a paper, two lists, an export that waits, a closed month."""
    from documents.exports.services.export_jobs import request_export
    from documents.papers.selectors.papers import notice_snapshot
    from documents.papers.services import issue_paper
    from documents.reports.services import close_month
    from registry.kernel.periods import Month
    from registry.kernel.scope import scope_of
    from registry.store.second import FirstPerson
    from tests.documents.intake.services.lists import listed, staged, written_by_two
    from tests.factories.accounts import lay_cast
    from tests.factories.projects import TODAY, bring_to, lay_blocker, lay_story, on_day

    cast = lay_cast()
    story = lay_story(cast)
    project, homes, by = story.project, story.homes, cast.district.actor
    bring_to(story, homes[:3], "issued", date(2021, 9, 1))
    bring_to(story, homes[3:5], "collected", date(2022, 1, 14))
    lay_blocker(story, "U06", scope_of(units=homes[6:8]), on=date(2022, 1, 26), responsible=cast.township.organisation)
    written_by_two(story, listed(story))
    staged(story, listed(story, 4), by="developer", name="清册第二批.xlsx")
    with on_day(date(2022, 3, 2)):
        first = FirstPerson.of(cast.auditor.person)
        close_month(actor=cast.city.actor, month=Month.parse("2022-02"), first=first)
    with on_day(TODAY):
        unit = story.unit(5)
        words = {"place": "演示小区1号楼", "phone": "19900000000"}
        snapshot, masked = notice_snapshot(project=project, unit=unit, issued_on=TODAY, **words)
        issue_paper(
            actor=cast.township.actor, project=project, kind="cert_notice", snapshot=snapshot, issued_on=TODAY,
            addressee_masked=masked, unit=unit,
        )  # fmt: skip
        request_export(actor=by, words={"project": project.code}, filters="全部")


def plain(value: Any, kind: str) -> Any:
    """A value as JSON holds it; SQLite gives moments in UTC."""
    if kind == "bytes":
        return None if value is None else base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return bool(value) if kind == "flag" and value is not None else value


def tables() -> dict[str, dict[str, Any]]:
    """Every table that holds rows: its columns, what is no plain text or number among them, its rows by key."""
    from django.apps import apps
    from django.db import connection

    quote, found = connection.ops.quote_name, {}
    with connection.cursor() as cursor:
        for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.db_table):
            fields, name = model._meta.concrete_fields, model._meta.db_table
            columns = [str(field.column) for field in fields]
            cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(name)} ORDER BY {quote(columns[0])}")
            rows = cursor.fetchall()
            if name in LEFT_OUT or not rows:
                continue
            kinds = {c: KINDS.get(f.get_internal_type(), "") for c, f in zip(columns, fields, strict=True)}
            kinds |= {c: "bytes" for n, c in enumerate(columns) if any(isinstance(row[n], bytes) for row in rows)}
            found[name] = {
                "columns": columns,
                "kinds": {column: kind for column, kind in kinds.items() if kind},
                "rows": [[plain(v, kinds[c]) for c, v in zip(columns, row, strict=True)] for row in rows],
            }
    return found


def archive(folder: Path) -> dict[str, str]:
    """The sealed files."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): base64.b64encode(path.read_bytes()).decode() for path in paths}


def main() -> None:
    """Lay, check, write down."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "registry.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    target = Path(sys.argv[1])
    call_command("migrate", verbosity=0)
    lay_state()
    call_command("check_ledger")
    call_command("verify_audit")
    landing = {
        "code": target.name.split(".")[0],
        "leaves": sorted(MigrationLoader(connection).graph.leaf_nodes()),
        "keys": json.loads(Path(settings.KEY_FILE).read_text(encoding="utf-8")),
        "files": archive(Path(settings.FILES_DIR)),
        "tables": tables(),
    }
    content = json.dumps(landing, ensure_ascii=False, indent=0).encode()
    target.write_bytes(gzip.compress(content, mtime=0))
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
