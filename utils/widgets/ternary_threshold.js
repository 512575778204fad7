import {
  COLORS, Problem, axes, evenSample, floats, integer, number, onePanel, oneHigh, percent, roundEven, sum, svg, text, widget,
} from "./common.js";
import { LAWS, MEASURES, OUTLIER, SAMPLES, SMALLEST_SCALE, controls } from "./ternary_threshold.py";

/** The laws, "trained" among them only where there are trained weights. */
const laws = ({ trained }) => Object.entries(LAWS).filter(([law]) => law !== "trained" || trained?.byteLength);

function sample(law, outliers) {
  const values = evenSample(law, SAMPLES);
  const count = roundEven(outliers * SAMPLES);
  const spacing = Math.floor(SAMPLES / Math.max(count, 1));
  for (let i = 0; i < count; i++) values[i * spacing] = i % 2 ? -OUTLIER : OUTLIER;
  return values;
}

const codeRange = (bits) => (bits < 2 ? [-1, 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]);

function measureOf(values, measure) {
  const size = values.map(Math.abs).sort();
  const chosen = { mean: sum(size) / size.length, median: size[(size.length - 1) >> 1], max: size.at(-1) };
  return Math.max(chosen[measure], SMALLEST_SCALE);
}

const packedBytes = (count, bits) => Math.ceil(bits === 1.58 ? count / 5 : (count * bits) / 8) + 4;

function entropyOf(codes) {
  const counts = new Map();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return -sum([...counts.values()].map((count) => (count / codes.length) * Math.log2(count / codes.length)));
}

/** The same arithmetic as compute() in ternary_threshold.py. */
export function compute({ weights, measure, bits, outliers, trained }) {
  const values = weights === "trained" ? floats(trained) : sample(weights, outliers);
  const power = sum(values.map((value) => value ** 2));
  if (!(Number.isFinite(power) && power > 0)) {
    throw new Problem("There are no finite weights other than zero; choose another kind of weights.");
  }
  const scale = measureOf(values, measure);
  const [low, high] = codeRange(bits);
  const factor = Math.max(-low, high) / scale;
  const rounded = values.map((value) => (bits === 1 ? (value < 0 ? -1 : 1) : roundEven(value * factor)));
  const codes = rounded.map((code) => Math.min(Math.max(code, low), high));
  const share = (test) => codes.filter(test).length / codes.length;
  return {
    scale,
    zeros: share((code) => code === 0),
    clipped: share((code, i) => code !== rounded[i]),
    error: sum(values.map((value, i) => (value - codes[i] / factor) ** 2)) / power,
    entropy: entropyOf(codes),
    bytes: packedBytes(values.length, bits),
    factor,
    codes,
    values,
  };
}

// ---------------------------------------------------------------- the picture

const BINS = 81;

/** Six medians of |W| to either side: four standard deviations of a Gaussian, whatever the outliers do. */
const reach = (values) => 6 * measureOf(values, "median");

function histogram(values, limit) {
  const counts = new Float64Array(BINS);
  for (const value of values) {
    const bin = Math.floor(((value + limit) / (2 * limit)) * BINS);
    if (bin >= 0 && bin < BINS) counts[bin] += 1 / values.length;
  }
  return counts;
}

function draw(canvas, { width, height }, { values, factor, codes }, { bits }) {
  const limit = reach(values);
  const counts = histogram(values, limit);
  const box = { ...onePanel(width, height), top: 44 };
  const to = axes(canvas, box, {
    x: { domain: [-limit, limit] },
    y: { domain: [0, Math.max(...counts) * 1.05], format: (value) => percent(value) },
    xLabel: "weight",
    yLabel: "share of weights",
  });
  const [low, high] = codeRange(bits);
  const codeAt = (value) => (bits === 1 ? (value < 0 ? -1 : 1) : Math.min(Math.max(roundEven(value * factor), low), high));
  const paths = { "-1": "", 0: "", 1: "" };
  counts.forEach((count, i) => {
    const left = -limit + (2 * limit * i) / BINS;
    const sign = Math.sign(codeAt(left + limit / BINS));
    paths[sign] += `M${to.x(left)} ${box.bottom}V${to.y(count)}H${to.x(left + (2 * limit) / BINS) - 1}V${box.bottom}Z`;
  });
  const fills = { "-1": COLORS[0], 0: "currentColor", 1: COLORS[1] };
  for (const [sign, d] of Object.entries(paths)) {
    canvas.append(svg("path", { d, fill: fills[sign], "fill-opacity": sign === "0" ? 0.35 : 1 }));
  }
  drawLevels(canvas, box, to, { low, high, factor, bits, limit });
  const outside = values.filter((value) => Math.abs(value) > limit).length;
  if (outside) canvas.append(text(box.right, box.top - 26, `${integer(outside)} beyond the edges`, { "text-anchor": "end" }));
}

/** Thresholds as dashed lines while they can be told apart, and a triangle under each level that is stored. */
function drawLevels(canvas, box, to, { low, high, factor, bits, limit }) {
  const levels = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((code) => bits !== 1 || code !== 0);
  const inside = (value) => Math.abs(value) <= limit;
  const thresholds = bits === 1 ? [0] : levels.slice(1).map((code) => (code - 0.5) / factor);
  for (const at of levels.length <= 16 ? thresholds.filter(inside) : []) {
    canvas.append(svg("path", { d: `M${to.x(at)} ${box.top}V${box.bottom}`, class: "axis", "stroke-dasharray": "4 3" }));
  }
  for (const code of levels.filter((code) => inside(code / factor))) {
    const at = to.x(code / factor);
    canvas.append(svg("path", { d: `M${at} ${box.top}l-4 -7h8Z`, fill: "currentColor" }));
    if (levels.length <= 4) canvas.append(text(at, box.top - 10, code > 0 ? `+${code}` : code, { "text-anchor": "middle" }));
  }
}

function describe(result, { weights, measure, bits }) {
  const zero = bits === 1.58 ? ` Weights smaller than ${number(result.scale / 2)} become zero:` : " Zeros:";
  return (
    `${integer(result.values.length)} ${LAWS[weights]} weights in ${bits} bits. ` +
    `The scale, ${MEASURES[measure]}, is ${number(result.scale)}.${zero} ${percent(result.zeros)}. ` +
    `Relative squared error ${number(result.error)}; ${integer(result.bytes)} bytes ` +
    `instead of ${integer(2 * result.values.length)} in 16-bit floats.`
  );
}

export default widget({
  title: "Where the thresholds fall",
  height: oneHigh,
  controls: { ...controls, weights: { ...controls.weights, choices: laws } },
  data: ["trained"],
  compute,
  draw,
  readouts: (result) => [
    ["scale", "Scale", result.scale, number(result.scale)],
    ["zeros", "Zeros", result.zeros, percent(result.zeros)],
    ["clipped", "Clipped", result.clipped, percent(result.clipped)],
    ["error", "Relative squared error", result.error, number(result.error)],
    ["entropy", "Entropy a weight", result.entropy, `${number(result.entropy)} bits`],
    ["bytes", "Bytes stored", result.bytes, integer(result.bytes)],
  ],
  describe,
});
