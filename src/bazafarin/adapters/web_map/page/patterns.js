// Patterns that say in shape what colour says: drawn here, used on the map and in the legend.

const TILE = 16;

const SLANTED = [[[0, 16], [16, 0]], [[-4, 4], [4, -4]], [[12, 20], [20, 12]]];

const inks = { hatch: "unknown", hatch_white: "white", plus: "ink", minus: "ink" };

const strokes = {
  hatch: SLANTED,
  hatch_white: SLANTED,
  plus: [[[4, 8], [12, 8]], [[8, 4], [8, 12]]],
  minus: [[[4, 8], [12, 8]]],
};

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function drawPattern(canvas, pattern, originX = 0, originY = 0) {
  const pen = canvas.getContext("2d");
  pen.strokeStyle = token(inks[pattern]);
  pen.lineWidth = strokes[pattern] === SLANTED ? 2 : 1.6;
  for (const [[x1, y1], [x2, y2]] of strokes[pattern]) {
    pen.beginPath();
    pen.moveTo(originX + x1, originY + y1);
    pen.lineTo(originX + x2, originY + y2);
    pen.stroke();
  }
}

// One tile of a pattern, for MapLibre; two picture points to one of the screen.
function patternTile(pattern) {
  const canvas = element("canvas", { width: TILE, height: TILE });
  drawPattern(canvas, pattern);
  return canvas.getContext("2d").getImageData(0, 0, TILE, TILE);
}

function addPatterns(map) {
  for (const pattern of Object.keys(strokes)) {
    if (!map.hasImage(pattern)) map.addImage(pattern, patternTile(pattern), { pixelRatio: 2 });
  }
}

// A legend's sample of a class: its colour, with its pattern over it.
function swatch({ colour, pattern }) {
  const canvas = element("canvas", { width: 48, height: 32, class: "swatch", "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 48, 32);
  if (pattern !== null) {
    for (let x = 0; x < 48; x += TILE) for (let y = 0; y < 32; y += TILE) drawPattern(canvas, pattern, x, y);
  }
  return canvas;
}
