import { COLORS, Problem, axes, line, number, sum, svg, text, widget } from "./common.js";
import { TIE, controls } from "./adaptive_weights.py";

const ROW = 124; // px for each node
const BELOW = 20; // px more for the label of the last axis

/** The same arithmetic as compute() in adaptive_weights.py. */
export function compute({ smoothness, nodes, neighbors, temperature }) {
  const steps = smoothness?.[0]?.length;
  const whole = [smoothness, nodes, neighbors].every((list) => list?.length === 3) && smoothness.every((row) => row?.length === steps);
  if (!whole || !(steps > 1) || !smoothness.flat().every(Number.isFinite)) {
    throw new Problem("There is nothing to weigh: pass three nodes, each with as many finite smoothing levels.");
  }
  const weights = smoothness.map((scores) => {
    const top = Math.max(...scores);
    const powers = scores.map((score) => Math.exp((score - top) / temperature));
    const total = sum(powers);
    return powers.map((power) => power / total);
  });
  const largest = weights.map((row) => Math.max(...row));
  const equal = weights.map((row, i) => row.map((weight) => weight >= (1 - TIE) * largest[i]));
  const named = (name, values) => Object.fromEntries(values.map((value, i) => [`${name}_${i}`, value]));
  return {
    weights,
    at: equal.map((row) => row.indexOf(true)),
    ties: equal.map((row) => row.filter(Boolean).length),
    uniform: 1 / steps,
    middle: (steps - 1) / 2,
    ...named("largest", largest),
    ...named("depth", weights.map((row) => sum(row.map((weight, k) => k * weight)))),
  };
}

const count = (neighbors) => (neighbors === 1 ? "1 neighbor" : `${neighbors || "no"} neighbors`);

/** One node: a bar for each step, the equal weight as a dashed line, a triangle at the mean step. */
function drawNode(canvas, box, weights, { label, color, uniform, depth, xLabel }) {
  const last = weights.length - 1;
  const every = Math.ceil((last + 1) / 11);
  const to = axes(canvas, box, {
    x: { domain: [-0.5, last + 0.5], ticks: weights.map((_, k) => k).filter((k) => k % every === 0) },
    y: { domain: [0, 1], ticks: [0, 0.5, 1] },
    xLabel,
    yLabel: label,
  });
  const half = 0.35 * (to.x(1) - to.x(0));
  weights.forEach((weight, k) => {
    canvas.append(svg("rect", { x: to.x(k) - half, y: to.y(weight), width: 2 * half, height: box.bottom - to.y(weight), fill: color }));
  });
  canvas.append(
    line([[box.left, to.y(uniform)], [box.right, to.y(uniform)]], { class: "axis", "stroke-width": 1, "stroke-dasharray": "4 3" }),
    svg("path", { d: `M${to.x(depth)} ${box.top + 9}l-5 -9h10Z`, fill: "currentColor" }),
    text(box.right, box.top - 8, `▾ mean k ${number(depth)}`, { "text-anchor": "end" }),
  );
}

function draw(canvas, { width }, result, { nodes, neighbors }) {
  result.weights.forEach((weights, i) => {
    const box = { left: 48, right: width - 12, top: i * ROW + 24, bottom: (i + 1) * ROW - 24 };
    const label = `${nodes[i]}: ${count(neighbors[i])}`;
    drawNode(canvas, box, weights, { label, color: COLORS[i], uniform: result.uniform, depth: result[`depth_${i}`], xLabel: i === 2 ? "step k (bars: weight, dashes: if equal)" : "" });
  });
}

function where({ weights, at, ties }, i) {
  if (ties[i] === weights[i].length) return "at every k";
  return ties[i] > 1 ? `at ${ties[i]} of the k` : `at k = ${at[i]}`;
}

const largest = (result, i) => `${number(result[`largest_${i}`])} ${where(result, i)}`;

export default widget({
  title: "Which step a node listens to",
  height: () => 3 * ROW + BELOW,
  controls,
  data: ["smoothness", "nodes", "neighbors"],
  compute,
  draw,
  readouts: (result, { nodes }) => [
    ["uniform", "Weight if equal", result.uniform, number(result.uniform)],
    ...nodes.map((name, i) => [`largest_${i}`, `Largest, ${name}`, result[`largest_${i}`], largest(result, i)]),
    ["middle", "Mean k if equal", result.middle, number(result.middle)],
    ...nodes.map((name, i) => [`depth_${i}`, `Mean k, ${name}`, result[`depth_${i}`], number(result[`depth_${i}`])]),
  ],
  describe: (result, { nodes, temperature }) =>
    `At temperature ${number(temperature)} the largest weight and the mean step are: ` +
    nodes.map((name, i) => `${name}, ${largest(result, i)} and ${number(result[`depth_${i}`])}`).join("; ") +
    `. Equal weights would be ${number(result.uniform)} and ${number(result.middle)}.`,
});
