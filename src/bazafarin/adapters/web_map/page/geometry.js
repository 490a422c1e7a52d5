// Unfolds the packed geometries: whole steps of a degree, each point the difference from the last.

function pointReader(points) {
  let place = 0;
  let x = 0;
  let y = 0;
  return (count) => {
    const read = new Array(count);
    for (let n = 0; n < count; n += 1) {
      x += points[place];
      y += points[place + 1];
      place += 2;
      read[n] = [x / plan.steps_a_degree, y / plan.steps_a_degree];
    }
    return read;
  };
}

function unfoldPolygons({ points, rings, parts, features }) {
  const read = pointReader(points);
  let ring = 0;
  let part = 0;
  const readRing = () => {
    const open = read(rings[ring++]);
    open.push(open[0]);
    return open;
  };
  const readPolygon = () => Array.from({ length: parts[part++] }, readRing);
  return features.map((count) => ({
    type: "MultiPolygon",
    coordinates: Array.from({ length: count }, readPolygon),
  }));
}

function unfoldLines({ points, parts, features }) {
  const read = pointReader(points);
  let part = 0;
  return features.map((count) => ({
    type: "MultiLineString",
    coordinates: Array.from({ length: count }, () => read(parts[part++])),
  }));
}

const unfolded = {};

// Every row's geometry of a layer, unfolded once.
function geometries(layer) {
  if (!(layer in unfolded)) {
    const { shape } = plan.layers[layer];
    unfolded[layer] = "rings" in shape ? unfoldPolygons(shape) : unfoldLines(shape);
  }
  return unfolded[layer];
}

function labelPoints(layer) {
  const points = plan.layers[layer].label_points;
  return pointReader(points)(points.length / 2);
}

function collection(shapes, properties = () => ({})) {
  return {
    type: "FeatureCollection",
    features: shapes.map((geometry, row) => ({ type: "Feature", id: row, geometry, properties: properties(row) })),
  };
}

// The west, south, east and north of some geometries.
function bounds(shapes) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const widen = (coordinates) => {
    if (typeof coordinates[0] !== "number") return coordinates.forEach(widen);
    box[0] = Math.min(box[0], coordinates[0]);
    box[1] = Math.min(box[1], coordinates[1]);
    box[2] = Math.max(box[2], coordinates[0]);
    box[3] = Math.max(box[3], coordinates[1]);
    return undefined;
  };
  shapes.forEach((shape) => widen(shape.coordinates));
  return box;
}
