#!/bin/bash
# usage: test.sh all|journeys
# Every stage is run to its end; the exit code is 0 only if all passed. CI needs nothing but this.
set -uo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
unset DATABASE_URL DATA_DIR KEY_FILE SECRET_KEY DEBUG DJANGO_SETTINGS_MODULE
results=() failed=0
aside= aside_name= work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'stop_aside; exit 130' INT
trap 'stop_aside; exit 143' TERM

stage() {
    local name=$1 started=$SECONDS
    shift
    printf '\n=== %s\n' "$name"
    "$@"
    note "$name" $? $((SECONDS - started))
}

note() {
    if [ "$2" = 0 ]; then
        results+=("$(printf '  ok      %-28s %4ss' "$1" "$3")")
    else
        results+=("$(printf '  FAILED  %-28s %4ss  (exit %s)' "$1" "$3" "$2")")
        failed=1
    fi
}

# A stage that keeps one core busy runs beside the next one; what it says is kept and printed whole when it is over.
begin_aside() {
    aside_name=$1
    shift
    set -m  # a process group of its own, so that all of it can be stopped
    (
        started=$SECONDS
        "$@"
        code=$?
        echo "$code $((SECONDS - started))" >"$work/code"
    ) >"$work/said" 2>&1 </dev/null &
    aside=$!
    set +m
}

end_aside() {
    wait "$aside"
    aside=
    printf '\n=== %s (ran beside the stage above)\n' "$aside_name"
    cat "$work/said"
    # shellcheck disable=SC2046  # two numbers
    note "$aside_name" $(cat "$work/code" 2>/dev/null || echo "killed 0")
}

stop_aside() { [ -z "$aside" ] || kill -- "-$aside" 2>/dev/null; }

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
    begin_aside "lint" .ci/lint.sh
    stage "journeys in a browser" journeys
    end_aside
    stage "tests on SQLite" pytest -q -n 2 --dist worksteal --times
    stage "tests on PostgreSQL" .ci/with-postgres.sh .venv/bin/python -m pytest -q -n 2 --dist worksteal --times
else
    stage "journeys in a browser" journeys
fi

printf '\n=== summary\n'
printf '%s\n' "${results[@]}"
exit $failed
