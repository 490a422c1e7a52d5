// Corners sit on their neighbours' corners and edges: the shapes about the view, and the nearest.
"use strict";

const CORNER_PX = 12;
const EDGE_PX = 8;

let neighbours = [];

// The outlines about the view, but not the one that is being corrected.
async function fetchNeighbours(map, layer, id) {
  const box = map.getBounds();
  const query = new URLSearchParams({ west: box.getWest(), south: box.getSouth(), east: box.getEast(), north: box.getNorth() });
  const answer = await fetch(`${given.about}?${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(words("fault"));
  const { features } = await answer.json();
  neighbours = features
    .filter((feature) => !(feature.properties.layer === layer && feature.id === id))
    .flatMap(({ geometry }) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates))
    .flat();
}

// The point of an edge that is nearest, on the screen.
function toEdge(point, a, b) {
  const [x, y] = [b.x - a.x, b.y - a.y];
  const length = x * x + y * y;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - a.x) * x + (point.y - a.y) * y) / length));
  return { along, distance: Math.hypot(point.x - a.x - along * x, point.y - a.y - along * y) };
}

// A corner where it snaps: a neighbour's corner first, then its edge, else as it is.
function snapped(map, corner) {
  const point = map.project(corner);
  let nearest = { distance: CORNER_PX, corner: null };
  let onEdge = { distance: EDGE_PX, corner: null };
  for (const ring of neighbours) {
    const seen = ring.map((one) => map.project(one));
    for (let n = 0; n < ring.length - 1; n += 1) {
      const distance = Math.hypot(point.x - seen[n].x, point.y - seen[n].y);
      if (distance < nearest.distance) nearest = { distance, corner: ring[n] };
      const edge = toEdge(point, seen[n], seen[n + 1]);
      if (edge.distance < onEdge.distance) {
        onEdge = { distance: edge.distance, corner: [0, 1].map((side) => ring[n][side] + edge.along * (ring[n + 1][side] - ring[n][side])) };
      }
    }
  }
  return nearest.corner ?? onEdge.corner ?? corner;
}
