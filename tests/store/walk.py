"""Every command of ours, typed in one process as an operator types it, with what each says and its exit code.

usage: python -m tests.store.walk [ALL BUT THESE], with the DATABASE_URL and DATA_DIR to try; gives JSON by command.
"""

import contextlib
import io
import json
import os
import sys
import traceback
from typing import Any

# The least that each command takes. A command that is not named here fails the test of the walk.
LEAST: dict[str, tuple[str, ...]] = {
    "advance_units": ("--project=NO", "--to=tax:settled", "--on=2022-03-07", "--as=nobody", "--at=none"),
    "backup": ("{folder}/b.zip",),
    "check_ledger": (),
    "check_papers": (),
    "close_month": ("2022-02",),
    "count_leverage": (),
    "create_admin": (),
    "doctor": (),
    "expire_imports": (),
    "export_monthly": ("2022-02", "--out={folder}/m.xlsx"),
    "generate_city": ("--projects=1", "--units=1", "--months=1"),
    "import_list": ("steps", "{folder}/none.xlsx", "--project=NO", "--as=nobody"),
    "import_units": ("{folder}/none.xlsx", "--project=NO", "--as=nobody"),
    "issue_notices": ("cert_notice", "--project=NO", "--out={folder}/out", "--as=nobody"),
    "load_city_list": ("{folder}/none.xlsx",),
    "load_demo": (),
    "load_reference": (),
    "recount_figures": (),
    "restore": ("{folder}/none.zip",),
    "return_residuals": (),
    "rotate_keys": (),
    "run_rules": (),
    "seal_audit": (),
    "serve": ("--port=65000", "--no-demo"),
    "verify_audit": (),
    "worker": ("--once",),
}  # fmt: skip
OURS = ("registry.", "projects.", "commitments", "documents.")


def our_commands() -> list[str]:
    """The names of our commands, of whatever app."""
    from django.core.management import get_commands

    return sorted(name for name, app in get_commands().items() if str(app).startswith(OURS))


def typed(name: str, *arguments: str) -> dict[str, Any]:
    """Run a command as if it were typed: exit code, and all that it said."""
    from django.core.management import get_commands, load_command_class

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        command = load_command_class(str(get_commands()[name]), name)
        try:
            command.run_from_argv(["manage.py", name, *arguments])
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        except BaseException:
            traceback.print_exc(file=said)
            code = -1
    return {"code": code, "said": said.getvalue()}


def main() -> None:
    """Walk them all."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "registry.settings"
    django.setup()
    folder = os.environ["DATA_DIR"]
    told = {
        name: typed(name, *(part.format(folder=folder) for part in LEAST.get(name, ())))
        for name in our_commands()
        if name not in sys.argv
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
