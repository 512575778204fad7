import { COLORS, axes, integer, line, mean, normals, number, percent, sum, svg, twoHigh, twoPanels, widget } from "./common.js";
import { DEEPEST, GLOROT, HALF, HIDDEN, NEIGHBORS, SEED, controls } from "./graph_smoothing.py";

const classOf = (i) => (i < HALF ? 0 : 1);
const squared = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;

/** Positions of two communities and, for each node, its neighbors with itself. */
function graph(spread) {
  const noise = normals(SEED, 4 * HALF);
  const points = Array.from({ length: 2 * HALF }, (_, i) => [spread * noise[2 * i] + (classOf(i) ? 1 : -1), spread * noise[2 * i + 1]]);
  const links = points.map(() => new Set());
  points.forEach((point, i) => {
    const distances = points.map((other) => squared(point, other));
    const order = [...points.keys()].sort((a, b) => distances[a] - distances[b] || a - b);
    for (const j of order.slice(0, NEIGHBORS + 1)) {
      links[i].add(j);
      links[j].add(i);
    }
  });
  return { points, links: links.map((set) => [...set]) };
}

/** The graph of the last move: most moves leave the spread alone. */
let last = {};
function graphOf(spread) {
  if (last.spread !== spread) last = { spread, ...graph(spread) };
  return last;
}

function propagate(points, links) {
  return links.map((near, i) => {
    const moved = [0, 0];
    for (const j of near) {
      const share = 1 / Math.sqrt(near.length * links[j].length);
      moved[0] += share * points[j][0];
      moved[1] += share * points[j][1];
    }
    return moved;
  });
}

/** Frobenius norm of the Jacobian of a random ReLU network after each layer, over that of the identity. */
function gainsOfLayers() {
  const weights = normals(SEED + 1, DEEPEST * HIDDEN ** 2).map((value) => value * Math.sqrt(GLOROT / HIDDEN));
  let signal = Array.from(normals(SEED + 999999, HIDDEN));
  let jacobian = Array.from({ length: HIDDEN }, (_, i) => Array.from({ length: HIDDEN }, (_, j) => Number(i === j)));
  return Array.from({ length: DEEPEST }, (_, layer) => {
    const rows = Array.from({ length: HIDDEN }, (_, i) => weights.subarray((layer * HIDDEN + i) * HIDDEN, (layer * HIDDEN + i + 1) * HIDDEN));
    const before = rows.map((row) => sum(signal.map((value, j) => row[j] * value)));
    jacobian = rows.map((row, i) => {
      const product = new Array(HIDDEN).fill(0);
      if (before[i] > 0) row.forEach((value, k) => jacobian[k].forEach((entry, j) => (product[j] += value * entry)));
      return product;
    });
    signal = before.map((value) => Math.max(value, 0));
    return Math.sqrt(sum(jacobian.flat().map((value) => value ** 2)) / HIDDEN);
  });
}

let gainsOnce; // ReLU passes a factor on, so another variance multiplies each layer's gain by its root
const gainsOf = (variance) => (gainsOnce ??= gainsOfLayers()).map((gain, i) => gain * (variance / GLOROT) ** ((i + 1) / 2));

const centersOf = (points) => [0, 1].map((group) => [0, 1].map((axis) => mean(points.filter((_, i) => classOf(i) === group).map((point) => point[axis]))));
const withinOf = (points, centers) => Math.sqrt(mean(points.map((point, i) => squared(point, centers[classOf(i)]))));

/** The same arithmetic as compute() in graph_smoothing.py. */
export function compute({ propagation, transformation, variance, spread }) {
  const { points: start, links } = graphOf(spread);
  let points = start;
  for (let step = 0; step < Math.floor(propagation); step++) points = propagate(points, links);
  const centers = centersOf(points);
  const within = withinOf(points, centers);
  const right = points.map((point, i) => Number(squared(point, centers[classOf(i)]) < squared(point, centers[1 - classOf(i)])));
  const gains = gainsOf(variance);
  return {
    points,
    separation: Math.sqrt(squared(...centers)) / within,
    accuracy: mean(right),
    within: within / withinOf(start, centersOf(start)),
    gains,
    gain: gains[Math.floor(transformation) - 1],
  };
}

function drawGraph(canvas, box, { points }, { spread }) {
  const to = axes(canvas, box, { x: { domain: [-3, 3] }, y: { domain: [-2.5, 2.5] }, xLabel: "first feature", yLabel: "second feature" });
  const inside = ([x, y]) => Math.abs(x) <= 3 && Math.abs(y) <= 2.5;
  let edges = "";
  graphOf(spread).links.forEach((near, i) => {
    for (const j of near) {
      if (j <= i || !inside(points[i]) || !inside(points[j])) continue;
      edges += `M${to.x(points[i][0]).toFixed(1)} ${to.y(points[i][1]).toFixed(1)}L${to.x(points[j][0]).toFixed(1)} ${to.y(points[j][1]).toFixed(1)}`;
    }
  });
  canvas.append(svg("path", { d: edges, class: "grid" }));
  points.forEach((point, i) => {
    if (!inside(point)) return;
    const [x, y] = [to.x(point[0]), to.y(point[1])];
    const shape = classOf(i) ? svg("rect", { x: x - 3, y: y - 3, width: 6, height: 6 }) : svg("circle", { cx: x, cy: y, r: 3.5 });
    shape.setAttribute("fill", COLORS[classOf(i)]);
    canvas.append(shape);
  });
}

function drawGain(canvas, box, { gains, gain }, { transformation }) {
  const to = axes(canvas, box, {
    x: { domain: [1, DEEPEST], ticks: [1, 4, 8, 12, 16] },
    y: { domain: [1e-5, 1e3], log: true },
    xLabel: "transformation depth",
    yLabel: "signal left (norm of the Jacobian)",
  });
  const path = (values) => values.map((value, i) => [to.x(i + 1), to.y(value)]);
  canvas.append(
    line(path(gainsOf(GLOROT)), { class: "axis", "stroke-width": 1, "stroke-dasharray": "4 3" }),
    line(path(gains), { stroke: COLORS[0] }),
    svg("circle", { cx: to.x(Math.floor(transformation)), cy: to.y(gain), r: 5, fill: COLORS[0] }),
  );
}

export default widget({
  title: "Two depths that are not the same",
  height: twoHigh,
  controls,
  compute,
  draw(canvas, { width, height }, result, state) {
    const [left, right] = twoPanels(width, height);
    drawGraph(canvas, left, result, state);
    drawGain(canvas, right, result, state);
  },
  readouts: (result) => [
    ["separation", "Separation of the classes", result.separation, number(result.separation)],
    ["accuracy", "Nearest to own mean", result.accuracy, percent(result.accuracy)],
    ["within", "Spread left in a class", result.within, percent(result.within)],
    ["gain", "Signal left after the layers", result.gain, number(result.gain)],
  ],
  describe: (result, { propagation, transformation, variance }) =>
    `After ${integer(propagation)} steps of propagation the classes are ${number(result.separation)} spreads apart and ` +
    `${percent(result.accuracy)} of the nodes lie nearest to their own class; ${percent(result.within)} of the spread is left. ` +
    `After ${integer(transformation)} random layers whose weights have the variance ${number(variance)} over their inputs, ` +
    `the signal is ${number(result.gain)} times as large; the dashed line has the variance ${number(GLOROT)}.`,
});
