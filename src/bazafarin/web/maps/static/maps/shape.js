// An area being drawn: its rings, what is done to them, and the way back.
"use strict";

const FEWEST_CORNERS = 3;

class Shape {
  constructor(geometry = null) {
    // parts of rings of corners; a ring's last corner is not written twice here
    this.parts = geometry === null ? [[[]]]
      : (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).map((rings) => rings.map((ring) => ring.slice(0, -1).map((corner) => corner.slice(0, 2))));
    this.past = [];
  }

  get rings() { return this.parts.flat(); }

  get isClosed() { return this.rings.every((ring) => ring.length >= FEWEST_CORNERS); }

  remember() { this.past.push(JSON.stringify(this.parts)); }

  undo() {
    if (this.past.length) this.parts = JSON.parse(this.past.pop());
  }

  move(ring, place, corner) { this.rings[ring][place] = corner; }

  insert(ring, place, corner) { this.rings[ring].splice(place, 0, corner); }

  // A hole that would lose its third corner goes as a whole; an outline keeps three.
  remove(ring, place) {
    const corners = this.rings[ring];
    if (corners.length > FEWEST_CORNERS) corners.splice(place, 1);
    else for (const rings of this.parts) if (rings.indexOf(corners) > 0) rings.splice(rings.indexOf(corners), 1);
  }

  // Where a new corner goes: into the middle of the longest edge; while there is no area, at the end.
  nearestEdge(map, point) {
    let best = { distance: Infinity, ring: 0, place: 0 };
    this.rings.forEach((corners, ring) => corners.forEach((corner, n) => {
      const distance = toEdge(point, map.project(corner), map.project(corners[(n + 1) % corners.length])).distance;
      if (distance < best.distance) best = { distance, ring, place: n + 1 };
    }));
    return best;
  }

  asGeometry() {
    const closed = this.parts.map((rings) => rings.map((ring) => [...ring, ring[0]]));
    return closed.length === 1 ? { type: "Polygon", coordinates: closed[0] } : { type: "MultiPolygon", coordinates: closed };
  }

  // What is seen before there is an area, too: a line of the corners so far.
  asSeen() {
    return this.isClosed ? this.asGeometry() : { type: "LineString", coordinates: this.rings[0].length > 1 ? this.rings[0] : [] };
  }
}
