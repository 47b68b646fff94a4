#!/bin/sh
# Starts and tests Bouncebook on a machine that has Python and nothing else. What goes wrong is said in one sentence.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
export DJANGO_SETTINGS_MODULE=kb.settings # another project's may linger in this shell

usage="Usage: sh scripts/dev.sh run | upgrade | install | test [pytest arguments] | editor [--viewer] [name] | help"
venv=.venv/bin/python
supported='sys.exit(sys.version_info < (3, 11))'

say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2 && exit 1; }
manage() { "$venv" manage.py "$@" || fail "manage.py $1 did not succeed: see above."; }

# The environment wins over .env, as in kb/settings.py. The file is read, not sourced: it is no shell script.
setting() {
    eval "value=\${$1:-}"
    [ -n "$value" ] || [ ! -f .env ] ||
        value=$(sed -n "s/^\(export \)\{0,1\}$1=[\"']\{0,1\}\([^\"'#[:space:]]*\).*/\2/p" .env | tail -n 1)
    say "${value:-$2}"
}

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c "import sys; $supported" 2>/dev/null; then return; fi
    done
    found=$(python3 -V 2>/dev/null) || found="no Python at all"
    fail "Bouncebook needs Python 3.11 or newer and found $found: install a newer one (Debian: apt install python3)."
}

prepare() {
    find_python
    mkdir -p var 2>/dev/null || fail "This directory is read-only: copy Bouncebook to a directory of yours."
    # A copied or half-made environment, or one whose Python was upgraded away, is made again.
    "$venv" -c "import sys, pip; $supported" 2>/dev/null || make_venv
    install_packages requirements.txt
    [ -z "$(setting DATABASE_URL '')$(setting CACHE_URL '')" ] || install_packages requirements-scale.txt
}

make_venv() {
    say "Making .venv"
    rm -rf .venv
    if "$python" -m venv .venv >var/venv.log 2>&1; then return; fi
    rm -rf .venv # Debian without python3-venv leaves one that lacks pip
    virtualenv -p "$(command -v "$python")" .venv >>var/venv.log 2>&1 ||
        fail "Python cannot make .venv, see var/venv.log: install python3-venv (Debian: apt install python3-venv)."
}

install_packages() {
    sum=$(cksum <"$1")
    [ "$(cat ".venv/$1.sum" 2>/dev/null)" != "$sum" ] || return 0
    say "Installing what $1 lists"
    "$venv" -m pip install --disable-pip-version-check -r "$1" >var/pip.log 2>&1 ||
        fail "Could not download the packages of $1, are you online? What pip said is in var/pip.log."
    say "$sum" >".venv/$1.sum"
}

# Collecting compresses every file again: not when nothing changed, neither here nor in the packages.
collect_static() {
    sum=$({ cat .venv/requirements.txt.sum && find static -type f -exec cksum {} + | sort; } | cksum)
    [ ! -f var/static/staticfiles.json ] || [ "$(cat var/static.sum 2>/dev/null)" != "$sum" ] || return 0
    (export COLLECTING=1 && manage collectstatic --noinput -v 0)
    say "$sum" >var/static.sum
}

# A filled database is copied before its tables change.
make_tables() { manage backup --before-migrate && manage migrate -v 0; }

renew() { # tables, content and static files of a new version
    make_tables
    manage seed
    collect_static
}

check_port() { # granian would share the port with another granian, and half of the requests would go astray
    "$python" - "$HOST" "$PORT" <<'END'
import errno, socket, sys
host, port = sys.argv[1:]
if not (port.isdecimal() and 0 < int(port) < 65536):
    sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}: try PORT=8000.")
try:
    family, kind, proto, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
except OSError as error:
    why = {errno.EADDRINUSE: "is taken: stop what holds it or", errno.EACCES: "is for root alone:"}.get(error.errno)
    sys.exit(f"Port {port} {why} choose another one, such as PORT=8001 make run." if why else
             f"HOST {host} is no address of this machine: leave HOST out, or set 127.0.0.1 or 0.0.0.0.")
END
}

announce() { # prints the address once the site answers; a site that never does is stopped
    "$venv" - "$HOST" "$PORT" "$1" "$(setting ALLOWED_HOSTS localhost)" <<'END'
import http.client, os, signal, sys, time
host, port, server = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
name = sys.argv[4].split(",")[0].strip(" .*") or "localhost" # by another name it would answer 400
host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
until = time.monotonic() + 30
while time.monotonic() < until:
    time.sleep(0.1)
    try:
        os.kill(server, 0)
        site = http.client.HTTPConnection(host, port, timeout=5)
        site.request("GET", "/healthz", headers={"Host": name})
        if site.getresponse().status < 500:
            sys.exit(print(f"Bouncebook is ready: http://{f'[{host}]' if ':' in host else host}:{port}/"))
    except ProcessLookupError: sys.exit()
    except (OSError, http.client.HTTPException): pass
os.kill(server, signal.SIGTERM)
END
}

serve() {
    # Few threads: Python runs one at a time. --backpressure stays high: it counts connections, so idle browsers would
    # lock others out; they are dropped after 10 s instead. No access log: it would keep readers' addresses.
    "$venv" -m granian --interface wsgi --http 1 --no-ws --host "$HOST" --port "$PORT" --workers 1 --blocking-threads 8 \
        --backpressure 1024 --http1-header-read-timeout 10000 --workers-kill-timeout 10 \
        --log-level error --no-access-log kb.wsgi:application &
    server=$! stopped=''
    # HUP too: granian takes a closed terminal for a wish to reload and would live on.
    trap 'stopped=yes; kill "$server" 2>/dev/null || :' INT TERM HUP
    announce "$server" &
    while kill -0 "$server" 2>/dev/null; do wait "$server" || :; done # signals end `wait` first
    [ -n "$stopped" ] || fail "The server stopped, or gave no proper answer for 30 seconds: see above."
}

check() { "$@" || failed="$failed${failed:+, }$*"; }

run_tests() {
    prepare
    install_packages requirements-dev.txt
    export DEBUG=0 HTTPS=0 # whatever this machine's .env says
    failed=''
    check "$venv" -m ruff check .
    check "$venv" -m ruff format --check .
    check "$venv" -m mypy
    check "$venv" manage.py makemigrations --check --dry-run
    check env HTTPS=1 "$venv" manage.py check --deploy --fail-level WARNING
    "$venv" -m pytest "$@" || exit $?
    [ -z "$failed" ] || fail "The tests passed, but these checks did not: $failed."
}

PORT=$(setting PORT 8000) HOST=$(setting HOST 127.0.0.1) && export PORT HOST
case ${1:-} in
run)
    find_python
    check_port # here to say so at once; again below, as the first start takes a minute
    prepare
    renew
    check_port
    serve
    ;;
upgrade) prepare && renew && say "Everything is up to date: restart the site if it is running." ;;
install) prepare && install_packages requirements-scale.txt ;;
test) shift && run_tests "$@" ;;
editor) shift && prepare && make_tables && exec "$venv" manage.py editor "$@" ;;
help) say "$usage" ;;
*) say "$usage" >&2 && exit 2 ;;
esac
