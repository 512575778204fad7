import { COLORS, axes, evenSample, line, number, sum, svg, text, twoHigh, twoPanels, widget } from "./common.js";
import { FAMILIES, REACHES, SAMPLES, controls } from "./shift_levels.py";

function positiveLevels(family, bits) {
  const count = 2 ** (bits - 1);
  if (family === "uniform") return Array.from({ length: count }, (_, i) => (2 * i + 1) / (2 * count - 1));
  const powers = Array.from({ length: count }, (_, i) => 2 ** i);
  const levels = family === "powers" ? powers : [0, ...powers.slice(0, count - 1)];
  return levels.map((level) => level / levels.at(-1));
}

/** Relative squared error of rounding sizes, in ascending order, to the nearest level. */
function errorOf(sizes, power, levels) {
  let total = 0;
  let at = 0;
  for (const size of sizes) {
    while (at < levels.length - 1 && size > (levels[at] + levels[at + 1]) / 2) at++;
    total += (size - levels[at]) ** 2;
  }
  return total / power;
}

/** The same arithmetic as compute() in shift_levels.py. */
export function compute({ law, family, bits, reach }) {
  const sizes = evenSample(law, SAMPLES).map(Math.abs).sort();
  const power = sum(sizes.map((size) => size ** 2));
  const ours = positiveLevels(family, bits);
  const even = positiveLevels("uniform", bits);
  const error = (levels, at) => errorOf(sizes, power, levels.map((level) => level * at));
  const errors = REACHES.map((at) => error(ours, at));
  const uniforms = REACHES.map((at) => error(even, at));
  return {
    error: error(ours, reach),
    uniform: error(even, reach),
    best: Math.min(...errors),
    best_uniform: Math.min(...uniforms),
    errors,
    uniforms,
    levels: ours.map((level) => level * reach),
  };
}

const DENSITIES = {
  gaussian: (value) => Math.exp(-(value ** 2) / 2) / Math.sqrt(2 * Math.PI),
  laplace: (value) => Math.exp(-Math.SQRT2 * Math.abs(value)) / Math.SQRT2,
};

/** Density of the weights with the two rulers under it: triangles point at the levels. */
function drawRulers(canvas, box, { levels }, { law, bits, reach }) {
  const density = DENSITIES[law];
  const to = axes(canvas, box, {
    x: { domain: [-4, 4] },
    y: { domain: [-0.3 * density(0), density(0) * 1.1], ticks: [] },
    xLabel: "weight, in standard deviations",
    yLabel: "density of the weights",
  });
  const curve = Array.from({ length: 161 }, (_, i) => -4 + i / 20);
  canvas.append(line(curve.map((at) => [to.x(at), to.y(density(at))]), { stroke: "currentColor" }));
  const rulers = [levels, positiveLevels("uniform", bits).map((level) => level * reach)];
  rulers.forEach((ruler, row) => {
    const marks = ruler.flatMap((level) => [level, -level]).filter((level) => Math.abs(level) <= 4);
    const y = to.y(0) + 8 + 22 * row;
    canvas.append(svg("path", { d: marks.map((at) => `M${to.x(at)} ${y}l-4 10h8Z`).join(""), fill: COLORS[row] }));
  });
}

function drawErrors(canvas, box, result, { reach }) {
  const to = axes(canvas, box, {
    x: { domain: [REACHES[0], REACHES.at(-1)], log: true, ticks: [0.25, 0.5, 1, 2, 4, 8] },
    y: { domain: [0, 1] },
    xLabel: "largest level, in standard deviations",
    yLabel: "relative squared error",
  });
  for (const [row, errors] of [result.errors, result.uniforms].entries()) {
    const points = REACHES.map((at, i) => [at, errors[i]]).filter(([, value]) => value <= 1);
    canvas.append(line(points.map(([at, value]) => [to.x(at), to.y(value)]), { stroke: COLORS[row], "stroke-dasharray": row ? "6 4" : null }));
  }
  for (const [row, value] of [result.error, result.uniform].entries()) {
    if (value <= 1) canvas.append(svg("circle", { cx: to.x(reach), cy: to.y(value), r: 5, fill: COLORS[row] }));
  }
  canvas.append(
    text(box.right, box.top + 4, "powers of two: solid", { "text-anchor": "end" }),
    text(box.right, box.top + 20, "uniform: dashed", { "text-anchor": "end" }),
  );
}

export default widget({
  title: "Powers of two against equal distances",
  height: twoHigh,
  controls,
  compute,
  draw(canvas, { width, height }, result, state) {
    const [left, right] = twoPanels(width, height);
    drawRulers(canvas, left, result, state);
    drawErrors(canvas, right, result, state);
  },
  readouts: (result) => [
    ["error", "Error, powers of two", result.error, number(result.error)],
    ["uniform", "Error, uniform", result.uniform, number(result.uniform)],
    ["best", "Best reach, powers of two", result.best, number(result.best)],
    ["best_uniform", "Best reach, uniform", result.best_uniform, number(result.best_uniform)],
  ],
  describe: (result, { family, bits, reach }) =>
    `${FAMILIES[family]}, ${bits} bits, largest level ${number(reach)} standard deviations: relative squared error ` +
    `${number(result.error)}, against ${number(result.uniform)} for ${2 ** bits} uniform levels. With the largest level ` +
    `chosen best for each: ${number(result.best)} against ${number(result.best_uniform)}.`,
});
