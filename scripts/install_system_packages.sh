#!/bin/sh
# Install what the tests need of the system: Chromium, which opens map.html as a reader's
# browser does (letters joined, nothing sent over a network). Nothing else is needed, and
# nothing of it at run time: a city is planned without this script.
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

refuse() {
    echo "$1" >&2
    echo "Without Chromium the tests of map.html are skipped, and say so; all others run." >&2
    echo "To install it yourself on Debian or Ubuntu: sudo apt-get install chromium" >&2
    exit "${2:-0}"
}

if found=$(find_chromium); then
    echo "Chromium is installed: $found"
    exit 0
fi

command -v apt-get >/dev/null 2>&1 ||
    refuse "This system has no apt-get: install Chromium or Google Chrome with its own tool." "${CI:+1}"

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || refuse "Installing Chromium needs root, and there is no sudo." "${CI:+1}"
    as_root="sudo"
fi

echo "The tests of map.html need Chromium. To install it, this would be run as root:"
echo "    ${as_root:+$as_root }apt-get update"
echo "    ${as_root:+$as_root }apt-get install --yes --no-install-recommends chromium"
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
$as_root apt-get install --yes --no-install-recommends chromium
find_chromium >/dev/null || refuse "apt-get ended without an error, yet no Chromium was found." 1
