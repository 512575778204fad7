import { COLORS, axes, integer, line, number, svg, text, twoHigh, twoPanels, widget } from "./common.js";
import { EXACT, HORIZON, POINTS, controls } from "./noise_schedule.py";

/** The same arithmetic as compute() in noise_schedule.py. */
export function compute({ rate, eta, gamma, start, steps, fan_in, layers }) {
  const spaced = Array.from({ length: POINTS }, (_, i) => Math.floor(HORIZON ** (i / (POINTS - 1)) + 1e-9));
  const times = [...new Set(spaced)];
  const step = Math.round(steps);
  const target = Math.sqrt(2 / fan_in);
  const deviationAt = (count) => Math.sqrt(start ** 2 + rate ** 2 * eta * total(count, gamma));
  return {
    times,
    deviations: times.map(deviationAt),
    noises: times.map((time) => Math.sqrt(eta * time ** -gamma)),
    noise: Math.sqrt(eta * step ** -gamma),
    deviation: deviationAt(step),
    target,
    arrival: arrivalAt(target ** 2 - start ** 2, rate ** 2 * eta, gamma),
    gain: layers * Math.log10(Math.max(deviationAt(step), 1e-300) / target),
  };
}

/** Sum of k^-gamma for k from 1 to count: exact terms, then the midpoint rule's integral. */
function total(count, gamma) {
  let head = 0;
  for (let k = 1; k <= Math.min(count, EXACT); k++) head += k ** -gamma;
  return head + (count > EXACT ? area(count + 0.5, gamma) - area(EXACT + 0.5, gamma) : 0);
}

/** Integral of x^-gamma from 1 to x. */
const area = (x, gamma) => (gamma === 1 ? Math.log(x) : (x ** (1 - gamma) - 1) / (1 - gamma));

/** First count of steps with `strength` times its total at least `gap`; null beyond the horizon. */
function arrivalAt(gap, strength, gamma) {
  let [low, high] = [0, HORIZON];
  if (strength * total(high, gamma) < gap) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (strength * total(middle, gamma) < gap) low = middle;
    else high = middle;
  }
  return high;
}

function draw(canvas, { width, height }, result, state) {
  const [left, right] = twoPanels(width, height);
  drawWalk(canvas, left, result, state);
  drawSignal(canvas, right, result, state);
}

function drawWalk(canvas, box, { times, deviations, noises, deviation, target }, { steps }) {
  const top = Math.max(target * 1.6, deviation * 1.2);
  const to = axes(canvas, box, {
    x: { domain: [1, HORIZON], log: true, ticks: [1, 100, 10000], format: integer },
    y: { domain: [0, top] },
    xLabel: "step",
    yLabel: "standard deviation: weight —, noise ···",
  });
  const curve = (values) =>
    times.map((time, i) => [time, values[i]]).filter(([, value]) => value <= top).map(([time, value]) => [to.x(time), to.y(value)]);
  canvas.append(
    line([[box.left, to.y(target)], [box.right, to.y(target)]], { stroke: COLORS[1], "stroke-dasharray": "6 4" }),
    text(box.left + 6, to.y(target) - 6, "He: the signal passes"),
    line(curve(noises), { stroke: COLORS[2], "stroke-dasharray": "2 4" }),
    line(curve(deviations), { stroke: COLORS[0] }),
    svg("circle", { cx: to.x(steps), cy: to.y(deviation), r: 5, fill: COLORS[0] }),
  );
}

/** log10 of the signal's root mean square after each layer, cut at six powers of ten to either side. */
function drawSignal(canvas, box, { gain }, { layers }) {
  const limit = 6;
  const to = axes(canvas, box, {
    x: { domain: [0, layers] },
    y: { domain: [-limit, limit], ticks: [-6, -3, 0, 3, 6], format: (value) => `1e${value}` },
    xLabel: "layer",
    yLabel: "signal",
  });
  const last = Math.abs(gain) > limit ? (layers * limit) / Math.abs(gain) : layers;
  const end = [to.x(last), to.y((gain * last) / layers)];
  canvas.append(line([[to.x(0), to.y(0)], end], { stroke: COLORS[0] }), svg("circle", { cx: end[0], cy: end[1], r: 5, fill: COLORS[0] }));
}

const verdict = (gain) => (gain < -3 ? "dead" : gain > 3 ? "exploding" : "alive");

export default widget({
  title: "Noise walks a dead network to life",
  height: twoHigh,
  controls,
  data: ["fan_in", "layers"],
  compute,
  draw,
  readouts: (result) => [
    ["noise", "Standard deviation of the noise", result.noise, number(result.noise)],
    ["deviation", "Standard deviation of a weight", result.deviation, number(result.deviation)],
    ["target", "He standard deviation", result.target, number(result.target)],
    ["gain", "log10 of the signal", result.gain, number(result.gain)],
  ],
  describe: ({ deviation, target, arrival, gain }, { steps, layers }) =>
    `After ${integer(Math.round(steps))} steps the weights have standard deviation ${number(deviation)}; the signal passes at ${number(target)}. ` +
    `Through ${layers} layers it changes by a factor of 10 to the ${number(gain)}: the network is ${verdict(gain)}. ` +
    (arrival ? `The noise gets there at step ${integer(arrival)}.` : `The noise does not get there in ${integer(HORIZON)} steps.`),
});
