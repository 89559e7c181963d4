#!/bin/sh
# Makes sure that what the browser and database tests need is there: a Chromium, a font with Chinese, a PostgreSQL
# server program. Installs what is missing where it may, says so, and otherwise says which tests are skipped.
# With CI=true something missing is a failure. PostgreSQL is never started here: the tests start their own.
set -eu

has_browser() {
    command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null
}

has_chinese() {
    [ -n "$(find /usr/share/fonts -name '*CJK*' -print -quit 2> /dev/null)" ] ||
        { command -v fc-list > /dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
}

has_postgresql() {
    command -v initdb > /dev/null && return
    for program in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$program" ] && return
    done
    return 1
}

missing() {
    has_browser || echo chromium
    has_chinese || echo fonts-noto-cjk
    has_postgresql || echo postgresql
}

skipped() {
    case $1 in
        chromium) echo "no Chromium here: the browser tests will be skipped" ;;
        fonts-noto-cjk) echo "no font with Chinese here: tests that look at Chinese pages will be skipped" ;;
        postgresql) echo "no PostgreSQL server here: the database tests will run on SQLite only" ;;
    esac
}

packages=$(missing)
[ -n "$packages" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    echo "for the browser and database tests, installing:" $packages
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # one word is one package
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } > /dev/null < /dev/null ||
        echo "the installation failed" >&2
    packages=$(missing)
fi

for package in $packages; do
    skipped "$package" >&2
done
if [ -n "$packages" ] && [ "${CI:-}" = true ]; then
    echo "CI=true: nothing is skipped here, so this is a failure" >&2
    exit 1
fi
