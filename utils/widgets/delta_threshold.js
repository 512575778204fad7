import { COLORS, axes, floats, integer, line, mean, normals, number, percent, sum, svg, text, twoHigh, twoPanels, widget } from "./common.js";
import { BASE, SEED, TOKENS, WIDTH, controls } from "./delta_threshold.py";

/** Keys and queries as arrays of rows: autoregressive, then rotated pair by pair as by RoPE. */
function generated(stickiness) {
  const noise = normals(SEED, 2 * TOKENS * WIDTH);
  const fresh = Math.sqrt(1 - stickiness ** 2);
  return [0, 1].map((which) => {
    const rows = [];
    for (let t = 0; t < TOKENS; t++) {
      const start = (which * TOKENS + t) * WIDTH;
      const now = Array.from(noise.subarray(start, start + WIDTH));
      rows.push(t ? now.map((value, c) => stickiness * rows[t - 1][c] + fresh * value) : now);
    }
    return rows.map((row, t) => rotate(row, t));
  });
}

function rotate(row, t) {
  return row.map((value, c) => {
    const pair = c >> 1;
    const angle = t * BASE ** (-pair / (WIDTH / 2));
    return c % 2 ? row[c - 1] * Math.sin(angle) + value * Math.cos(angle) : value * Math.cos(angle) - row[c + 1] * Math.sin(angle);
  });
}

const rowsOf = (values, width) => Array.from({ length: values.length / width }, (_, t) => Array.from(values.subarray(t * width, (t + 1) * width)));

/** Sample and hold: references and which entries were sent. */
function hold(keys, theta) {
  const held = [keys[0]];
  const sent = [keys[0].map(() => true)];
  for (let t = 1; t < keys.length; t++) {
    sent.push(keys[t].map((value, c) => Math.abs(value - held[t - 1][c]) > theta));
    held.push(keys[t].map((value, c) => (sent[t][c] ? value : held[t - 1][c])));
  }
  return { held, sent };
}

/** The trap: differences between neighbors that exceed theta, summed without a reference. */
function drift(keys, theta) {
  const rows = [keys[0]];
  for (let t = 1; t < keys.length; t++) {
    rows.push(keys[t].map((value, c) => rows[t - 1][c] + (Math.abs(value - keys[t - 1][c]) > theta ? value - keys[t - 1][c] : 0)));
  }
  return rows;
}

function dot(a, b) {
  let total = 0;
  for (let c = 0; c < a.length; c++) total += a[c] * b[c];
  return total;
}

/** Row i of the causal attention weights, exact in the last window + 1 columns. */
function attentionRow(i, query, keys, exact, window) {
  const scores = Array.from({ length: i + 1 }, (_, j) => dot(query, j >= i - window ? exact[j] : keys[j]) / Math.sqrt(query.length));
  const top = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - top));
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}

const deviationOf = (values) => {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
};
const furthest = (a, b) => Math.max(...a.map((row, t) => Math.max(...row.map((value, c) => Math.abs(value - b[t][c])))));

/** The same arithmetic as compute() in delta_threshold.py. */
export function compute({ key_rows, query_rows, width, stickiness, threshold, window, channel }) {
  const own = key_rows?.byteLength > 0;
  const [K, Q] = own ? [key_rows, query_rows].map((view) => rowsOf(floats(view), width)) : generated(stickiness);
  const near = Math.floor(window);
  const at = Math.min(Math.floor(channel), K[0].length - 1);
  const deviation = deviationOf(K.flat());
  const theta = threshold * deviation;
  const { held, sent } = hold(K, theta);
  const wandering = drift(K, theta);
  const counts = sent.map((row) => row.filter(Boolean).length);
  let used = 0;
  const errors = Q.map((query, i) => {
    const exact = attentionRow(i, query, K, K, near);
    const ours = attentionRow(i, query, held, K, near);
    for (let j = 0; j <= i; j++) used += j >= i - near ? K[0].length : counts[j];
    return sum(exact.map((weight, j) => Math.abs(weight - ours[j])));
  });
  return {
    zeros: 1 - sum(counts.slice(1)) / ((K.length - 1) * K[0].length),
    skipped: 1 - used / ((K[0].length * K.length * (K.length + 1)) / 2),
    largest: furthest(K, held) / deviation,
    drift: furthest(K, wandering) / deviation,
    error: mean(errors) / 2,
    theta,
    key: K.map((row) => row[at]),
    held: held.map((row) => row[at]),
    wandering: wandering.map((row) => row[at]),
    sent: counts,
    width: K[0].length,
  };
}

function drawTrace(canvas, box, { key, held, wandering }) {
  const all = [...key, ...held, ...wandering];
  const to = axes(canvas, box, {
    x: { domain: [0, key.length - 1] },
    y: { domain: [Math.min(...all), Math.max(...all)] },
    xLabel: "token",
    yLabel: "one channel of the keys",
  });
  const points = (values) => values.map((value, t) => [to.x(t), to.y(value)]);
  const steps = held.flatMap((value, t) => (t ? [[to.x(t), to.y(held[t - 1])], [to.x(t), to.y(value)]] : [[to.x(0), to.y(value)]]));
  canvas.append(
    line(points(key), { stroke: "currentColor", "stroke-width": 1 }),
    line(points(wandering), { stroke: COLORS[1], "stroke-width": 1.5, "stroke-dasharray": "4 3" }),
    line(steps, { stroke: COLORS[0] }),
  );
}

const SHADES = 4;
/** One cell for each query and key: full in the window, else as dark as the share of channels that was sent. */
function drawMap(canvas, box, { sent, width }, { window }) {
  const tokens = sent.length;
  const side = Math.min(box.right - box.left, box.bottom - box.top + 40);
  const cell = side / tokens;
  const left = (box.left + box.right - side) / 2;
  const shades = Array.from({ length: SHADES + 2 }, () => "");
  for (let i = 0; i < tokens; i++) {
    for (let j = 0; j <= i; j++) {
      const shade = j >= i - Math.floor(window) ? SHADES + 1 : Math.ceil((SHADES * sent[j]) / width);
      shades[shade] += `M${(left + j * cell).toFixed(1)} ${(box.top + i * cell).toFixed(1)}h${cell.toFixed(1)}v${cell.toFixed(1)}h${(-cell).toFixed(1)}Z`;
    }
  }
  canvas.append(text(left, box.top - 8, "multiplied: query down, key across"));
  shades.forEach((d, shade) => {
    if (d) canvas.append(svg("path", { d, fill: COLORS[shade > SHADES ? 2 : 0], "fill-opacity": shade > SHADES ? 1 : shade / SHADES }));
  });
  canvas.append(svg("rect", { x: left, y: box.top, width: side, height: side, class: "grid" }));
}

export default widget({
  title: "Send a key only when it has moved",
  height: twoHigh,
  controls,
  data: ["key_rows", "query_rows", "width"],
  compute,
  draw(canvas, { width, height }, result, state) {
    const [left, right] = twoPanels(width, height);
    drawTrace(canvas, left, result);
    drawMap(canvas, right, result, state);
  },
  readouts: (result) => [
    ["zeros", "Entries not sent", result.zeros, percent(result.zeros)],
    ["skipped", "Score products skipped", result.skipped, percent(result.skipped)],
    ["error", "Attention moved", result.error, percent(result.error, 2)],
    ["largest", "Largest key error", result.largest, number(result.largest)],
    ["drift", "Same without reference", result.drift, number(result.drift)],
  ],
  describe: (result, { threshold, window }) =>
    `Threshold ${number(threshold)} standard deviations, window ${integer(window)} tokens: ${percent(result.zeros)} of the key entries are not sent and ` +
    `${percent(result.skipped)} of the score multiplications are skipped; ${percent(result.error, 2)} of the attention moves to other keys. No key is ` +
    `off by more than ${number(result.largest)} standard deviations; without a reference the error reaches ${number(result.drift)}.`,
});
