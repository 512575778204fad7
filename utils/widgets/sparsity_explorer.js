import { COLORS, axes, integer, line, normals, number, percent, sum, svg, text, twoHigh, twoPanels, widget } from "./common.js";
import { DENSITIES, PATTERNS, SEED, SIDE, VALUE, controls } from "./sparsity_explorer.py";

const halfUp = (value) => Math.floor(value + 0.5);

/** Indices of the `count` largest scores. */
const largest = (scores, count) =>
  Array.from(scores.keys())
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, count);

function maskOf(energy, pattern, density, group) {
  const mask = new Float64Array(SIDE * SIDE);
  if (pattern === "weights") largest(energy, Math.max(1, halfUp(density * energy.length))).forEach((i) => (mask[i] = 1));
  if (pattern === "n:m") {
    for (let start = 0; start < energy.length; start += group) {
      const part = energy.subarray(start, start + group);
      largest(part, Math.max(1, halfUp(density * group))).forEach((i) => (mask[start + i] = 1));
    }
  }
  if (pattern === "blocks") keepTiles(mask, energy, density, group, group);
  if (pattern === "rows") keepTiles(mask, energy, density, 1, SIDE);
  return mask;
}

/** Keep the tiles of `high` x `wide` weights with the largest energy. */
function keepTiles(mask, energy, density, high, wide) {
  const across = SIDE / wide;
  const tileOf = (i) => Math.floor(Math.floor(i / SIDE) / high) * across + Math.floor((i % SIDE) / wide);
  const totals = new Float64Array((SIDE / high) * across);
  energy.forEach((value, i) => (totals[tileOf(i)] += value));
  const kept = new Set(largest(totals, Math.max(1, halfUp(density * totals.length))));
  energy.forEach((_, i) => (mask[i] = Number(kept.has(tileOf(i)))));
}

function storedBytes(pattern, density, group, size) {
  const count = density * size ** 2;
  const index = {
    weights: 2 * count + 4 * (size + 1),
    "n:m": (count * Math.log2(group)) / 8,
    blocks: (4 * count) / group ** 2 + 4 * (size / group + 1),
    rows: 2 * density * size,
  };
  return VALUE * count + index[pattern];
}

function speedupOf(stored, density, { size, batch, ridge, rate }) {
  const moved = 2 * VALUE * size * batch;
  const dense = Math.max(VALUE * size ** 2 + moved, (2 * size ** 2 * batch) / ridge);
  return dense / Math.max(stored + moved, (2 * density * size ** 2 * batch) / (ridge * rate));
}

/** The same arithmetic as compute() in sparsity_explorer.py. */
export function compute(state) {
  const { pattern, density, group, size } = state;
  const energy = normals(SEED, SIDE * SIDE).map((weight) => weight ** 2);
  const mask = maskOf(energy, pattern, density, group);
  const kept = sum(mask) / mask.length;
  const ratio = (share) => speedupOf(storedBytes(pattern, share, group, size), share, state);
  const curve = DENSITIES.map(ratio);
  return {
    mask,
    kept,
    energy: sum(energy.filter((_, i) => mask[i])) / sum(energy),
    bytes: storedBytes(pattern, kept, group, size),
    dense: VALUE * size ** 2,
    speedup: ratio(kept),
    curve,
    break_even: DENSITIES.filter((_, i) => curve[i] >= 1).at(-1) ?? null,
  };
}

function drawMatrix(canvas, box, { mask }) {
  const side = Math.min(box.right - box.left, box.bottom - box.top + 40);
  const cell = side / SIDE;
  const left = (box.left + box.right - side) / 2;
  let d = "";
  mask.forEach((kept, i) => {
    if (kept) d += `M${(left + (i % SIDE) * cell).toFixed(2)} ${(box.top + Math.floor(i / SIDE) * cell).toFixed(2)}h${cell - 0.5}v${cell - 0.5}h${0.5 - cell}Z`;
  });
  canvas.append(
    text(left, box.top - 8, `${SIDE} × ${SIDE} weights that stay`),
    svg("rect", { x: left, y: box.top, width: side, height: side, class: "grid" }),
    svg("path", { d, fill: COLORS[0] }),
  );
}

function drawSpeed(canvas, box, { curve, kept, speedup }) {
  const [low, high] = [Math.min(0.5, ...curve, speedup) / 1.2, Math.max(2, ...curve, speedup) * 1.2];
  const to = axes(canvas, box, {
    x: { domain: [DENSITIES[0], 1], log: true, ticks: [0.005, 0.05, 0.5], format: (value) => percent(value) },
    y: { domain: [low, high], log: true },
    xLabel: "density",
    yLabel: "speed-up over dense (model)",
  });
  canvas.append(
    line([[box.left, to.y(1)], [box.right, to.y(1)]], { stroke: COLORS[1], "stroke-dasharray": "6 4" }),
    text(box.left + 6, to.y(1) - 6, "as fast as dense"),
    line(curve.map((value, i) => [to.x(DENSITIES[i]), to.y(value)]), { stroke: COLORS[0] }),
    svg("circle", { cx: to.x(Math.max(kept, DENSITIES[0])), cy: to.y(speedup), r: 5, fill: COLORS[0] }),
  );
}

export default widget({
  title: "Four shapes of sparsity",
  height: twoHigh,
  controls,
  compute,
  draw(canvas, { width, height }, result) {
    const [left, right] = twoPanels(width, height);
    drawMatrix(canvas, left, result);
    drawSpeed(canvas, right, result);
  },
  readouts: (result) => [
    ["kept", "Weights kept", result.kept, percent(result.kept)],
    ["energy", "Squares kept", result.energy, percent(result.energy)],
    ["bytes", "Bytes with index", result.bytes, integer(result.bytes)],
    ["dense", "Bytes dense", result.dense, integer(result.dense)],
    ["speedup", "Speed-up (model)", result.speedup, number(result.speedup)],
    ["break_even", "Break-even density", result.break_even, result.break_even === null ? "none" : percent(result.break_even)],
  ],
  describe: (result, { pattern }) =>
    `${PATTERNS[pattern]}: ${percent(result.kept)} of the weights stay and ${percent(result.energy)} of their squares. ` +
    `${integer(result.bytes)} bytes instead of ${integer(result.dense)}. The model gives ${number(result.speedup)} times the dense speed; ` +
    (result.break_even === null ? "no density is as fast as dense." : `dense is faster above a density of ${percent(result.break_even)}.`),
});
