#!/bin/bash
# usage: test.sh all|journeys
# Every stage is run to its end; the exit code is 0 only if all passed. CI needs nothing but this.
set -uo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
unset DATABASE_URL DATA_DIR KEY_FILE SECRET_KEY DEBUG DJANGO_SETTINGS_MODULE
results=() failed=0

stage() {
    local name=$1 started=$SECONDS code
    shift
    printf '\n=== %s\n' "$name"
    "$@"
    code=$?
    if [ $code = 0 ]; then
        results+=("$(printf '  ok      %-28s %4ss' "$name" $((SECONDS - started)))")
    else
        results+=("$(printf '  FAILED  %-28s %4ss  (exit %s)' "$name" $((SECONDS - started)) "$code")")
        failed=1
    fi
}

pytest() { .venv/bin/python -m pytest "$@"; }

journeys() {
    if [ ! -x /usr/bin/chromium ]; then
        echo "The journeys need Debian's chromium at /usr/bin/chromium: apt-get install chromium"
        return 1
    fi
    DJANGO_ALLOW_ASYNC_UNSAFE=1 pytest tests/journeys -m journey -q -p no:cacheprovider
}

.ci/setup.sh dev || { echo "FAILED: the machine could not be set up, see above"; exit 1; }
if [ "$what" = all ]; then
    stage "lint" .ci/lint.sh
    stage "tests on SQLite" pytest -q -n 2
    stage "tests on PostgreSQL" .ci/with-postgres.sh .venv/bin/python -m pytest -q -n 2
fi
stage "journeys in a browser" journeys

printf '\n=== summary\n'
printf '%s\n' "${results[@]}"
exit $failed
