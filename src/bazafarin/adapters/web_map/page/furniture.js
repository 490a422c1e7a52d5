// The scale bar; north is always up, for the map does not turn.

const EARTH_M = 40075016.686;
const TILE_PX = 512;
const LONGEST_BAR_PX = 110;

function metresAPixel(map) {
  const latitude = (map.getCenter().lat * Math.PI) / 180;
  return (EARTH_M * Math.cos(latitude)) / (TILE_PX * 2 ** map.getZoom());
}

// The longest round length (1, 2 or 5 and zeros) that the bar holds.
function roundLength(mostMetres) {
  const power = 10 ** Math.floor(Math.log10(mostMetres));
  return [5, 2, 1].map((digit) => digit * power).find((length) => length <= mostMetres);
}

function drawScale(map) {
  const scale = metresAPixel(map);
  const length = roundLength(LONGEST_BAR_PX * scale);
  byId("scale-bar").style.inlineSize = `${length / scale}px`;
  byId("scale-words").textContent = length < 1000
    ? words("map.furniture.metres", { length: number(length, 2) })
    : words("map.furniture.kilometres", { length: number(length / 1000, 1) });
}
