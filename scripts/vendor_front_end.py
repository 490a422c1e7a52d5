"""Fetch the fonts and front-end libraries that ship in the package, from npm's published packages.

Run by a developer when a version changes, never at install or run time:
``python scripts/vendor_front_end.py``. What ships is the table ``PACKAGES``; beside each
package's files lie its licence and a ``VERSION-<package>.txt`` that says where they came from.
"""
# ruff: noqa: INP001 - a folder of programs, not a package

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "bazafarin"


@dataclass(frozen=True, slots=True)
class Package:
    """One published package and the few of its files that ship.

    Attributes:
        name: the package's name.
        version: the exact version.
        integrity: the archive's ``sha512`` in base64, as the lock files of npm write it.
        files: paths inside the package, each to the name it ships under.
        licence: the licence's file inside the package, to the name it ships under.
        licence_id: the licence's SPDX id.
        target: the folder of the package that the files go to.
    """

    name: str
    version: str
    integrity: str
    files: dict[str, str]
    licence: tuple[str, str]
    licence_id: str
    target: str


PACKAGES = (
    Package(
        name="vazirmatn",
        version="33.0.3",
        integrity="fbjNc0CMjazZpIegWzz9OHGzI1APFboT+x7ZecXlUCtDe/nkyx7gtCTZnWS/+eeXG7fbfXymCPKJI8EsnM3iqw==",
        files={
            f"fonts/ttf/Vazirmatn-{weight}.ttf": f"Vazirmatn-{weight}.ttf"
            for weight in ("Regular", "Medium", "Bold")
        },
        licence=("OFL.txt", "OFL.txt"),
        licence_id="OFL-1.1",
        target="adapters/fonts",
    ),
    Package(
        name="maplibre-gl",
        # The last release that is a classic script: a page opened from disk may load no modules.
        version="5.24.1",
        integrity="HyiYBwtsbk3L1n1EPLJHWqdoyMiF80n7tEYXFZyu2m1TjvaNx6KMLiFeDdmszt1/mq2zvsR1TJuX/NMu5BonXQ==",
        files={
            "dist/maplibre-gl-csp.js": "maplibre-gl-csp.js",
            "dist/maplibre-gl-csp-worker.js": "maplibre-gl-csp-worker.js",
            "dist/maplibre-gl.css": "maplibre-gl.css",
        },
        licence=("dist/LICENSE.txt", "LICENSE-maplibre-gl.txt"),
        licence_id="BSD-3-Clause",
        target="adapters/web_map/vendor",
    ),
    Package(
        name="@mapbox/mapbox-gl-rtl-text",
        # The last release without WebAssembly, which the page's security policy refuses.
        version="0.2.3",
        integrity="RaCYfnxULUUUxNwcUimV9C/o2295ktTyLEUzD/+VWkqXqvaVfFcZ5slytGzb2Sd/Jj4MlbxD0DCZbfa6CzcmMw==",
        files={"mapbox-gl-rtl-text.min.js": "mapbox-gl-rtl-text.min.js"},
        licence=("LICENSE.md", "LICENSE-mapbox-gl-rtl-text.txt"),
        licence_id="BSD-2-Clause AND ICU",
        target="adapters/web_map/vendor",
    ),
    Package(
        name="htmx.org",
        version="2.0.8",
        integrity="fm297iru0iWsNJlBrjvtN7V9zjaxd+69Oqjh4F/Vq9Wwi2kFisLcrLCiv5oBX0KLfOX/zG8AUo9ROMU5XUB44Q==",
        files={"dist/htmx.min.js": "htmx.min.js"},
        licence=("LICENSE", "LICENSE-htmx.txt"),
        licence_id="0BSD",
        target="web/office/static/office/vendor",
    ),
)


def download(package: Package, folder: Path) -> Path:
    """Return the package's archive, fetched into ``folder`` and checked against its hash."""
    command = ["npm", "pack", f"{package.name}@{package.version}", "--silent"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - words of the table above
    (archive,) = folder.glob("*.tgz")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.integrity:
        sys.exit(f"{package.name} {package.version}: sha512 is {found}, not {package.integrity}")
    return archive


def unpack(package: Package, archive: Path) -> None:
    """Write the package's files, its licence and its version into the target folder."""
    target = PACKAGE / package.target
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as bundle:
        for inside, name in (*package.files.items(), package.licence):
            member = bundle.extractfile(f"package/{inside}")
            if member is None:
                sys.exit(f"{package.name} {package.version} holds no file {inside}")
            (target / name).write_bytes(member.read())
    origin = f"{package.name} {package.version} (npm, {package.licence_id})\n"
    (target / f"VERSION-{package.name.rsplit('/', maxsplit=1)[-1]}.txt").write_text(origin, "utf-8")


def main() -> None:
    """Fetch every package of the table."""
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            unpack(package, download(package, Path(folder)))


if __name__ == "__main__":
    main()
