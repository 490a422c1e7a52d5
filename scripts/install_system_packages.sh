#!/bin/sh
# Install what the tests need of the system: Chromium, which opens the map and the site as a
# reader's browser does (letters joined, nothing sent over a network), and PostgreSQL with
# PostGIS, which the tests start for themselves and throw away. Nothing of it is needed at run
# time: a city is planned, and a site served on SQLite, without this script.
#
# Asks before it uses root. Where CI is set it does not ask.
set -eu

find_chromium() {
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

find_postgis() {
    for folder in "$(pg_config --sharedir 2>/dev/null || true)" /usr/share/postgresql/*; do
        if [ -n "$folder" ] && [ -e "$folder/extension/postgis.control" ]; then
            echo "$folder"
            return 0
        fi
    done
    return 1
}

refuse() {
    echo "$1" >&2
    echo "Without Chromium the tests in a browser, without PostGIS those on PostgreSQL are skipped, and say so; all others run." >&2
    echo "To install them yourself on Debian or Ubuntu: sudo apt-get install $packages" >&2
    exit "${2:-0}"
}

packages=""
if found=$(find_chromium); then
    echo "Chromium is installed: $found"
else
    packages="chromium"
fi
if found=$(find_postgis); then
    echo "PostgreSQL with PostGIS is installed: $found"
else
    packages="${packages:+$packages }postgresql postgresql-postgis"
fi
[ -n "$packages" ] || exit 0

command -v apt-get >/dev/null 2>&1 ||
    refuse "This system has no apt-get: install Chromium, and PostgreSQL with PostGIS, with its own tool." "${CI:+1}"

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || refuse "Installing $packages needs root, and there is no sudo." "${CI:+1}"
    as_root="sudo"
fi

echo "Some tests need $packages. To install it, this would be run as root:"
echo "    ${as_root:+$as_root }apt-get update"
echo "    ${as_root:+$as_root }apt-get install --yes --no-install-recommends $packages"
if [ -z "${CI:-}" ]; then
    [ -t 0 ] || refuse "Nobody is here to ask, so nothing was installed."
    printf 'Install it now? [y/N] '
    read -r answer
    case "$answer" in
        [yY] | [yY][eE][sS]) ;;
        *) refuse "Nothing was installed." ;;
    esac
fi

$as_root apt-get update
# shellcheck disable=SC2086 # several packages, a word each
$as_root apt-get install --yes --no-install-recommends $packages
find_chromium >/dev/null || refuse "apt-get ended without an error, yet no Chromium was found." 1
find_postgis >/dev/null || refuse "apt-get ended without an error, yet no PostGIS was found." 1
