#!/bin/bash
# usage: with-postgres.sh COMMAND…
# Runs a command with DATABASE_URL set to a private PostgreSQL cluster that lives in a temporary folder and dies with
# the command: own port on loopback, own password, no fsync. As root the server runs as `postgres` or `nobody`.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -d /usr/lib/postgresql/15/bin ] && bin=/usr/lib/postgresql/15/bin
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
    echo "The tests on PostgreSQL need a server: apt-get install postgresql-15" >&2
    exit 1
fi

home=$(mktemp -d /tmp/registry-pg.XXXXXX)
chmod 755 "$home"
as_server=()
if [ "$(id -u)" = 0 ]; then
    server_user=postgres
    id -u postgres >/dev/null 2>&1 || server_user=nobody
    chown "$server_user" "$home"
    as_server=(setpriv "--reuid=$server_user" "--regid=$(id -g "$server_user")" --clear-groups)
fi

command_pid=
stop() {
    trap - EXIT INT TERM
    set +e
    [ -n "$command_pid" ] && kill "$command_pid" 2>/dev/null && wait "$command_pid" 2>/dev/null
    [ -s "$home/data/postmaster.pid" ] &&
        "${as_server[@]}" "$bin/pg_ctl" stop -D "$home/data" -m immediate -w -t 20 >/dev/null 2>&1
    rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

password=$(head -c 16 /dev/urandom | sha256sum | cut -c1-32)
printf '%s\n' "$password" >"$home/password"
[ "$(id -u)" = 0 ] && chown "$server_user" "$home/password"
chmod 600 "$home/password"
cd "$home"
"${as_server[@]}" "$bin/initdb" -D "$home/data" -U registry --pwfile="$home/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; exit 1; }
cd "$OLDPWD"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
started=
for _ in 1 2 3; do
    port=$(free_port)
    options="-p $port -k $home -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off"
    options+=" -c full_page_writes=off -c max_connections=60 -c shared_buffers=256MB -c work_mem=32MB"
    options+=" -c timezone=Asia/Shanghai -c lc_messages=C"
    if (cd "$home" && "${as_server[@]}" "$bin/pg_ctl" start -D "$home/data" -l "$home/data/server.log" -w -t 30 \
            -o "$options" >/dev/null 2>&1); then
        started=yes
        break
    fi
done
if [ -z "$started" ]; then
    echo "PostgreSQL did not start:" >&2
    tail -20 "$home/data/server.log" >&2
    exit 1
fi

export DATABASE_URL="postgres://registry:$password@127.0.0.1:$port/postgres"
"$@" &
command_pid=$!
code=0
wait "$command_pid" || code=$?
command_pid=
exit $code
