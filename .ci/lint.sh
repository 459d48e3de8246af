#!/bin/bash
# All static checks, each run to its end; the last lines say which failed.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DATA_DIR=$work DATABASE_URL="" SECRET_KEY=lint KEY_FILE=$work/registry.keys PYTHONDONTWRITEBYTECODE=1
failed=()

check() {
    local name=$1 started=$SECONDS
    shift
    if "$@" >"$work/out" 2>&1; then
        printf '  ok      %-12s %3ss\n' "$name" $((SECONDS - started))
    else
        printf '  FAILED  %-12s %3ss   %s\n' "$name" $((SECONDS - started)) "$*"
        sed 's/^/    /' "$work/out" | tail -${LINT_LINES:-120}
        failed+=("$name")
    fi
}

check ruff $bin/ruff check --quiet .
check format $bin/ruff format --check --quiet --diff .
check contracts $bin/lint-imports --no-logo
check templates $bin/djlint --lint --quiet templates
check migrations $bin/python manage.py makemigrations --check --dry-run
check django $bin/python -W error manage.py check --fail-level WARNING
check deploy env -u SECRET_KEY SECURE_COOKIES=1 $bin/python -W error manage.py check --deploy --fail-level WARNING
check types $bin/mypy

if [ ${#failed[@]} -gt 0 ]; then
    echo "lint: FAILED: ${failed[*]}"
    exit 1
fi
echo "lint: all clean"
