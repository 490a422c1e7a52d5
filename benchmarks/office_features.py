"""Two hundred thousand parcels of a large city, paged out of ``/ogc/`` as QGIS does it.

    python benchmarks/office_features.py --parcels 750000

The ratio is the time over 20 s; at most 1.
"""

from __future__ import annotations

import argparse
import json
import time
from urllib.parse import urlsplit

from office_site import Visitor, served
from towns import quiet

PORT = 8095
FEATURES = 200_000
PAGE = 10_000
TARGET_S = 20.0


def main() -> None:
    """Serve the site, page, print the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--parcels", type=int, default=750_000)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = arguments.parse_args()
    with served(options.parcels, options.database, workers=1, port=PORT) as data:
        visitor = Visitor(data, PORT)
        address = f"/ogc/collections/city-1-parcels/items?limit={PAGE}"
        seen: set[object] = set()
        took = size = 0.0
        while address and len(seen) < FEATURES:
            began = time.perf_counter()
            status, body = visitor.get(address)
            took += time.perf_counter() - began
            assert status == 200, f"{address} answered {status}"
            page = json.loads(body)
            size += len(body) / 2**20
            seen.update(feature["id"] for feature in page["features"])
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            parts = urlsplit(following[0]) if following else None
            address = f"{parts.path}?{parts.query}" if parts else ""
    print(f"{len(seen):,} features, each once, {size:.0f} MiB, in {took:.1f} s of {TARGET_S:.0f} s")
    print(f"  {options.parcels:,} parcels on {options.database}, pages of {PAGE:,}; {quiet()}")
    share = len(seen) / FEATURES
    print(f"ratio: {took / (TARGET_S * share):.2f}")


if __name__ == "__main__":
    main()
