import { COLORS, integer, normals, number, percent, svg, text, twoHigh, twoPanels, uniforms, widget } from "./common.js";
import { CELLS, DROPPED, END, GROWN, KEPT, METHODS, OFF, RATE, ROUNDS, SEED, SIDE, controls } from "./method_ladder.py";

const FAR = 1e9; // beyond every score
const NAMES = Object.keys(METHODS);

const halfUp = (value) => Math.floor(value + 0.5);
const countOf = (density) => Math.max(1, halfUp(density * CELLS));

// The chance of every round, drawn once: neither depends on a control.
const noises = Array.from({ length: ROUNDS + 1 }, (_, i) => normals(SEED + 1000 * i, CELLS));
const draws = Array.from({ length: ROUNDS + 1 }, (_, i) => uniforms(SEED + 1000 * i, CELLS));
const values = normals(SEED + CELLS, CELLS);
const places = uniforms(SEED, CELLS);
const starts = uniforms(SEED + 1, CELLS);

/** 1 at the `count` largest scores, else 0; of equal ones the first. */
function maskOf(scores, count) {
  const mask = new Float64Array(CELLS);
  if (count === 0) return mask;
  const border = scores.slice().sort()[CELLS - count]; // a typed array sorts numbers without a comparison function
  let left = count;
  for (let i = 0; i < CELLS; i++) if (scores[i] > border) left -= mask[i] = 1;
  for (let i = 0; left > 0; i++) if (scores[i] === border) left -= mask[i] = 1;
  return mask;
}

function truthOf(share) {
  const mask = maskOf(places, countOf(share));
  return values.map((value, i) => value * mask[i]);
}

function total(values) {
  let result = 0;
  for (const value of values) result += value;
  return result;
}

/** `scores` with their sign, where the mask is `kept`; out of reach elsewhere. */
function among(mask, kept, scores, sign) {
  const result = new Float64Array(CELLS);
  for (let i = 0; i < CELLS; i++) result[i] = mask[i] === kept ? sign * Math.abs(scores[i]) : -FAR;
  return result;
}

/** The mask after a round's update. */
function moved(method, round, mask, weights, pull, count, drop) {
  if (method === "pruned") return round === ROUNDS ? maskOf(among(mask, 1, weights, 1), count) : mask;
  if (method === "gradual") {
    const kept = halfUp(count + (CELLS - count) * Math.max(0, 1 - round / END) ** 3);
    return maskOf(among(mask, 1, weights, 1), kept);
  }
  if (method === "static" || round > END) return mask;
  const share = (drop / 2) * (1 + Math.cos((Math.PI * round) / END));
  const moves = Math.min(halfUp(share * count), CELLS - count);
  const dropped = maskOf(among(mask, 1, weights, -1), moves);
  const grown = maskOf(among(mask, 0, method === "rigl" ? pull : draws[round], 1), moves);
  return mask.map((value, i) => value - dropped[i] + grown[i]);
}

/** States after rounds 0 to ROUNDS, as run() in method_ladder.py; plain loops, because a slider waits for them. */
function run(method, target, { density, noise, drop }) {
  const count = countOf(density);
  let mask = method === "pruned" || method === "gradual" ? new Float64Array(CELLS).fill(1) : maskOf(starts, count);
  let weights = new Float64Array(CELLS);
  const ever = mask.slice();
  const pull = new Float64Array(CELLS);
  const states = [{ weights, mask, events: mask, ever: total(ever) / CELLS }];
  for (let round = 1; round <= ROUNDS; round++) {
    const before = mask;
    weights = weights.slice();
    for (let i = 0; i < CELLS; i++) {
      pull[i] = target[i] - weights[i] + noise * noises[round][i];
      weights[i] += RATE * before[i] * pull[i];
    }
    mask = moved(method, round, before, weights, pull, count, drop);
    const events = new Float64Array(CELLS);
    for (let i = 0; i < CELLS; i++) {
      weights[i] *= mask[i];
      if (mask[i]) ever[i] = 1;
      events[i] = mask[i] > before[i] ? GROWN : mask[i] < before[i] ? DROPPED : mask[i] ? KEPT : OFF;
    }
    states.push({ weights, mask, events, ever: total(ever) / CELLS });
  }
  return states;
}

function billOf(method, density, every) {
  const kept = countOf(density) / CELLS;
  if (method === "pruned") return 1;
  if (method === "gradual") return (END * (kept + (1 - kept) / 4) + (ROUNDS - END) * kept) / ROUNDS;
  return method === "rigl" ? (3 * kept * every + 2 * kept + 1) / (3 * (every + 1)) : kept;
}

function errorOf(weights, target) {
  let [distance, all] = [0, 0];
  target.forEach((value, i) => {
    distance += (weights[i] - value) ** 2;
    all += value ** 2;
  });
  return distance / all;
}

/** All methods' runs; the last ones are kept, because round and method leave them as they are. */
let kept = { key: "" };
function runsOf(target, { density, share, noise, drop }) {
  const key = [density, share, noise, drop].join();
  if (kept.key !== key) kept = { key, runs: Object.fromEntries(NAMES.map((name) => [name, run(name, target, { density, noise, drop })])) };
  return kept.runs;
}

/** The same arithmetic as compute() in method_ladder.py. */
export function compute(state) {
  const { method, density, share, every, step } = state;
  const target = truthOf(share);
  const runs = runsOf(target, state);
  const now = runs[method][Math.floor(step)];
  const inTruth = Array.from(target, (value) => Number(value !== 0));
  const needed = total(inTruth);
  return {
    truth: inTruth,
    events: Array.from(now.events),
    error: errorOf(now.weights, target),
    found: total(now.mask.map((value, i) => value * inTruth[i])) / needed,
    explored: now.ever,
    bill: billOf(method, density, every),
    errors: NAMES.map((name) => errorOf(runs[name].at(-1).weights, target)),
    bills: NAMES.map((name) => billOf(name, density, every)),
  };
}

/** Squares stay, plus signs were just grown, crosses just dropped; a ring marks a place that the truth uses. */
function drawLayer(canvas, box, { truth, events }) {
  const side = Math.min(box.right - box.left, box.bottom - box.top + 40);
  const cell = side / SIDE;
  const left = (box.left + box.right - side) / 2;
  const paths = { [KEPT]: "", [GROWN]: "", [DROPPED]: "", truth: "" };
  const half = cell * 0.3;
  events.forEach((event, i) => {
    const x = left + ((i % SIDE) + 0.5) * cell;
    const y = box.top + (Math.floor(i / SIDE) + 0.5) * cell;
    if (event === KEPT) paths[KEPT] += `M${x - half} ${y - half}h${2 * half}v${2 * half}h${-2 * half}Z`;
    if (event === GROWN) paths[GROWN] += `M${x - half} ${y}h${2 * half}M${x} ${y - half}v${2 * half}`;
    if (event === DROPPED) paths[DROPPED] += `M${x - half} ${y - half}l${2 * half} ${2 * half}m0 ${-2 * half}l${-2 * half} ${2 * half}`;
    if (truth[i]) paths.truth += `M${x - cell / 2 + 1} ${y - cell / 2 + 1}h${cell - 2}v${cell - 2}h${2 - cell}Z`;
  });
  canvas.append(
    text(left, box.top - 8, "frame: the truth; + grown, × dropped"),
    svg("rect", { x: left, y: box.top, width: side, height: side, class: "grid" }),
    svg("path", { d: paths.truth, class: "axis" }),
    svg("path", { d: paths[KEPT], fill: COLORS[0] }),
    svg("path", { d: paths[GROWN], stroke: COLORS[2], "stroke-width": 3, fill: "none" }),
    svg("path", { d: paths[DROPPED], stroke: COLORS[1], "stroke-width": 2, fill: "none" }),
  );
}

/** A rung a method: its error as a bar and in words, and its bill. */
function drawLadder(canvas, box, { errors, bills }, { method }) {
  const high = (box.bottom + 30 - box.top) / NAMES.length;
  const left = box.left - 30;
  const most = Math.max(1, ...errors);
  canvas.append(text(left, box.top - 8, "error at the end, training bill"));
  NAMES.forEach((name, i) => {
    const y = box.top + i * high;
    const chosen = name === method;
    canvas.append(
      text(left, y + 14, `${chosen ? "▸ " : ""}${METHODS[name]}: ${number(errors[i], 2)}, bill ${percent(bills[i])}`),
      svg("rect", { x: left, y: y + 20, width: (box.right - left) * (errors[i] / most), height: high - 28, fill: COLORS[chosen ? 0 : 3] }),
    );
  });
}

export default widget({
  title: "The ladder of methods",
  height: twoHigh,
  controls,
  compute,
  draw(canvas, { width, height }, result, state) {
    const [left, right] = twoPanels(width, height);
    drawLayer(canvas, left, result);
    drawLadder(canvas, right, result, state);
  },
  readouts: (result) => [
    ["error", "Error now", result.error, number(result.error)],
    ["found", "Truth's places active", result.found, percent(result.found)],
    ["explored", "Ever active (R)", result.explored, percent(result.explored)],
    ["bill", "Training bill, dense = 100 %", result.bill, percent(result.bill)],
  ],
  describe: (result, { method, step }) =>
    `${METHODS[method]} after round ${integer(step)}: error ${number(result.error)}, ${percent(result.found)} of the truth's places are active, ` +
    `${percent(result.explored)} of all places were ever active. At the end: ` +
    NAMES.map((name, i) => `${METHODS[name]} ${number(result.errors[i], 2)} for ${percent(result.bills[i])} of the dense bill`).join("; ") + ".",
});
