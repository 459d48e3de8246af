#!/bin/bash
# Installs what is missing: system packages, fonts, the virtual environment with the locked wheels.
# usage: setup.sh run|dev    A second call costs a few hundredths of a second.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-run}
data_dir=$(realpath -m "${DATA_DIR:-var}")
say() { printf '%s\n' "$*" >&2; }

# --- system packages ------------------------------------------------------------------------------------------------
packages=(python3-venv tzdata libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig
          fonts-noto-cjk fonts-lxgw-wenkai fonts-babelstone-han)
if [ "$kind" = dev ]; then
    packages+=(postgresql-15 nginx chromium poppler-utils libatomic1)  # libatomic1: the driver of the browser tests
fi

as_root=()
can_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] && return 0
    sudo -n true 2>/dev/null && as_root=(sudo -n) && return 0
    return 1
}

missing=()
if command -v dpkg-query >/dev/null; then
    present=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "${packages[@]}" 2>/dev/null | sed -n 's/^ii *//p' || true)
    for package in "${packages[@]}"; do
        grep -qx -- "$package" <<<"$present" || missing+=("$package")
    done
else
    say "注意：这不是 Debian 系统，无法核对系统组件。需要：${packages[*]}。可用 make doctor 查看缺什么。"
fi

if [ ${#missing[@]} -gt 0 ]; then
    line="apt-get install -y --no-install-recommends ${missing[*]}"
    if ! can_install; then
        say "缺少系统组件：${missing[*]}"
        say "请由管理员执行下面一行，然后重新运行："
        say "    sudo $line"
        exit 1
    fi
    say "安装系统组件：${missing[*]}"
    log=$(mktemp)
    quiet=(env DEBIAN_FRONTEND=noninteractive)
    "${as_root[@]}" "${quiet[@]}" apt-get update -q </dev/null >"$log" 2>&1 || say "注意：apt-get update 没有成功，按现有软件目录继续。"
    if ! "${as_root[@]}" "${quiet[@]}" $line -q </dev/null >>"$log" 2>&1; then
        tail -20 "$log" >&2
        rm -f "$log"
        say "系统组件没有装上。请检查软件源后执行："
        say "    sudo $line"
        exit 1
    fi
    rm -f "$log"
fi

# --- fonts of official documents --------------------------------------------------------------------------------------
# 仿宋 and 楷体 come out of a Debian package without installing it (it would bring TeX). Without them PDFs are set in
# the next font of each role, so a failure is no reason to stop. A customer's own fonts go into the same folder.
fonts=$data_dir/fonts
fetch_fonts() (
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    apt-get download -q texlive-lang-chinese >/dev/null 2>&1 || {
        can_install && "${as_root[@]}" apt-get update -q >/dev/null 2>&1 </dev/null
        apt-get download -q texlive-lang-chinese >/dev/null 2>&1
    } || return 1
    dpkg-deb --fsys-tarfile texlive-lang-chinese*.deb |
        tar -x --wildcards --transform 's|.*/||' '*/fandol/Fandol[FK]*.otf' && install -m 644 Fandol*.otf "$fonts/"
)
if [ ! -e "$fonts/FandolFang-Regular.otf" ] && [ ! -e "$fonts/.no-fandol" ]; then
    mkdir -p "$fonts" 2>/dev/null || {
        say "设置 DATA_DIR 所指目录 $data_dir 不能建立。请由管理员建好并把属主改为运行本系统的用户，或另指目录。"
        exit 2
    }
    if command -v apt-get >/dev/null && say "提取公文字体（仿宋、楷体），约 49 MB……" && fetch_fonts; then
        :
    else
        say "注意：没有取到 Fandol 仿宋、楷体，公文先用霞鹜文楷代替。可将单位自有的仿宋、楷体字体文件放入 $fonts。"
        date >"$fonts/.no-fandol"  # asked once; delete this file to try again
    fi
fi

# --- virtual environment ----------------------------------------------------------------------------------------------
lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock
python=
for candidate in ${PYTHON3:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "需要 Python 3.11 至 3.13。Debian 12 请执行： sudo apt-get install -y python3 python3-venv"
    exit 1
fi

stamp_of() { sha256sum "$1" | cut -c1-64; }
fresh() { [ -x .venv/bin/python ] && [ "$(cat ".venv/.locked-$1" 2>/dev/null)" = "$(stamp_of "$2")" ]; }
if fresh "$kind" "$lock" || { [ "$kind" = run ] && fresh run-by-dev "$lock"; }; then
    exit 0
fi

if ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        say "不能建立 Python 虚拟环境。请由管理员执行： sudo apt-get install -y python3-venv"
        exit 1
    fi
fi

say "安装 $lock 所列软件包……"
source=()
[ -d wheels ] && source=(--no-index --find-links wheels)
if ! .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-input \
        --only-binary :all: --require-hashes "${source[@]}" -r "$lock" >&2; then
    say "软件包没有装上。内网机器请先在能联网的机器上执行"
    say "    python3 -m pip download --only-binary :all: --require-hashes -r $lock -d wheels"
    say "再把 wheels 文件夹放到 $PWD 下，重新运行。"
    exit 1
fi
stamp_of "$lock" >".venv/.locked-$kind"
# The development lock holds every package of the run lock at the same version.
if [ "$kind" = dev ]; then stamp_of requirements.lock >.venv/.locked-run-by-dev; fi
