"""Walking access of a large city within its time, and the nearest facility against pandana.

    python benchmarks/access.py                      the town of 750,000 parcels
    python benchmarks/access.py --parcels 20000      another size
    python benchmarks/access.py --peer pandana       the nearest facilities of every node

Without a peer: the network, every parcel joined to it and the way of each to the nearest
place of 8 services, from the layers as they were read; the ratio is its time over
``TARGET_S``. With a peer both get one network and the same facilities, at nodes, and find
the nearest of 8 services for every node within ``LIMIT_M``; the ratio is the peer's time over
ours for the queries alone, without what pandana prepares beforehand. The distances must agree.
"""

from __future__ import annotations

import argparse
import resource
import time
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bazafarin.analysis.walking_network import (
    Joined,
    WalkingNetwork,
    distance_to_nearest,
    join,
    walking_network,
)
from bazafarin.domain.solar_hijri import parse_as_of
from bazafarin.standards import Standards
from bazafarin.studies.walking_access import radii
from bazafarin.studies.walking_access_places import join_places, service_places
from towns import AS_OF, quiet, town_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TARGET_S = 60.0
LIMIT_M = 2_000.0
"""The longest radius: pandana is asked no further."""
REACH_M, TOLERANCE_M = 40.0, 0.5


def main() -> None:
    """Measure what was asked for and print the ratio."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--parcels", type=int, default=750_000)
    words.add_argument("--peer", choices=["pandana"])
    options = words.parse_args()
    path = town_file(options.parcels)
    print(f"{options.parcels:,} parcels; {quiet()}")
    if options.peer:
        _against_pandana(path)
    else:
        _within_time(path)


def _within_time(path: Path) -> None:
    """Measure the network, the joining and the ways to 8 services."""
    parcels = gpd.read_file(path, layer="parcels", columns=["parcel_id", "use"])
    facilities = gpd.read_file(path, layer="facilities")
    passages = gpd.read_file(path, layer="passages", columns=["passage_id"])
    as_of = parse_as_of(AS_OF)
    radius = radii(Standards.national(), as_of=as_of)
    uses = Standards.national().value("services.uses", as_of=as_of)
    began = last = time.perf_counter()
    steps = {}

    def step(name: str) -> None:
        nonlocal last
        steps[name], last = time.perf_counter() - last, time.perf_counter()

    network = walking_network(passages.geometry, node_tolerance_m=TOLERANCE_M)
    step("network")
    joined = join(network, parcels.geometry, reach_m=REACH_M)
    step("joining")
    places = service_places(parcels, facilities, uses=uses, services=radius)
    at_places = join_places(network, places, joined, reach_m=REACH_M)
    step("places")
    within = {}
    for service, most in radius.items():
        is_place = (places["service"] == service).to_numpy()
        way = distance_to_nearest(network, joined, at_places.chosen(is_place))
        within[service] = float((way <= most).mean())
    step("ways")
    whole = time.perf_counter() - began
    print(f"{len(network.edge_length_m):,} edges, {len(network.node_xy):,} nodes")
    print(f"{len(places):,} places; parcels joined: {joined.is_joined.mean():.1%}")
    print(", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.items()))
    print("parcels within the radius: " + ", ".join(f"{n} {s:.1%}" for n, s in within.items()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{whole:.1f} s of {TARGET_S:.0f} s; peak memory {peak:.1f} GiB, layers included")
    print(f"ratio: {whole / TARGET_S:.3f}")


def _against_pandana(path: Path) -> None:
    """Find the nearest facility of 8 services for every node, with both."""
    import pandana  # noqa: PLC0415 - only where it is the peer

    passages = gpd.read_file(path, layer="passages", columns=["passage_id"])
    network = walking_network(passages.geometry, node_tolerance_m=TOLERANCE_M)
    facilities = _facility_nodes(network, path)
    began = time.perf_counter()
    peer = pandana.Network(
        pd.Series(network.node_xy[:, 0]),
        pd.Series(network.node_xy[:, 1]),
        pd.Series(network.edge_ends[:, 0]),
        pd.Series(network.edge_ends[:, 1]),
        pd.DataFrame({"m": network.edge_length_m}),
    )
    prepared = time.perf_counter() - began
    theirs, their_s = _timed(lambda: _pandana_nearest(peer, network, facilities))
    every = _at_nodes(network, np.arange(len(network.node_xy)))
    ours, our_s = _timed(
        lambda: [
            distance_to_nearest(network, every, _at_nodes(network, nodes)) for nodes in facilities
        ]
    )
    differ = [
        np.abs(np.minimum(one, LIMIT_M) - np.minimum(other, LIMIT_M)).max()
        for one, other in zip(ours, theirs, strict=True)
    ]
    print(f"{len(network.node_xy):,} nodes × {len(facilities)} services")
    print(f"pandana {their_s:.2f} s, after {prepared:.1f} s of preparing; ours {our_s:.2f} s")
    print(f"largest difference {max(differ):.3f} m (pandana rounds each edge)")
    assert max(differ) < 1.0
    print(f"ratio: {their_s / our_s:.2f}")


def _facility_nodes(network: WalkingNetwork, path: Path) -> list[NDArray[np.intp]]:
    """Return, for each of 8 services, a node at which each of its facilities stands."""
    found = gpd.read_file(path, layer="facilities")
    counts = found["service"].value_counts().index[:8]
    nodes = []
    for service in counts:
        points = found.geometry[found["service"] == service]
        at = join(network, points, reach_m=200.0)
        at = at.chosen(at.is_joined)
        nearer = np.argmin(at.along_m, axis=1)
        nodes.append(np.unique(network.edge_ends[at.edge, nearer]))
    return nodes


def _at_nodes(network: WalkingNetwork, nodes: NDArray[np.intp]) -> Joined:
    """Return things that stand at nodes, as joined at the end of an edge of each."""
    edge = np.zeros(len(network.node_xy), dtype=np.intp)
    side = np.zeros(len(network.node_xy), dtype=np.intp)
    for end in (0, 1):
        edge[network.edge_ends[:, end]] = np.arange(len(network.edge_ends))
        side[network.edge_ends[:, end]] = end
    edge, side = edge[nodes], side[nodes]
    length = network.edge_length_m[edge]
    along = np.column_stack([np.where(side == 0, 0.0, length), np.where(side == 0, length, 0.0)])
    return Joined(pd.RangeIndex(len(nodes)), edge, along, np.zeros(len(nodes)))


def _pandana_nearest(
    peer: Any,  # noqa: ANN401 - pandana has no types
    network: WalkingNetwork,
    facilities: list[NDArray[np.intp]],
) -> list[NDArray[np.float64]]:
    found = []
    for number, nodes in enumerate(facilities):
        at = network.node_xy[nodes]
        peer.set_pois(str(number), LIMIT_M, 1, pd.Series(at[:, 0]), pd.Series(at[:, 1]))
        found.append(peer.nearest_pois(LIMIT_M, str(number), num_pois=1)[1].to_numpy())
    return found


def _timed(run: Any) -> tuple[Any, float]:  # noqa: ANN401 - whatever is measured
    """Return what a run gives and the least seconds of two."""
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        found = run()
        seconds.append(time.perf_counter() - began)
    return found, min(seconds)


if __name__ == "__main__":
    main()
