import { COLORS, number, svg, text, widget } from "./common.js";
import { SWITCHES, controls } from "./switch_ladder.py";

const NAMES = ["sign", "first switch", "second switch", "third switch"];
const WEIGHTS = [-8, -4, -2, -1, 1, 2, 4, 8];

/** The same arithmetic as compute() in switch_ladder.py. */
export function compute({ sign, first, second, third, gradient, wanted, rate }) {
  const latents = [sign, first, second, third];
  const counts = [0];
  for (const u of latents.slice(1)) counts.push(u >= 0 ? counts.at(-1) + 1 : 0);
  const exponent = counts.at(-1);
  const s = sign >= 0 ? 1 : -1;
  const root = Math.sqrt(exponent + 1);
  const [toSign, toExponent] = gradient === "true" ? [2 ** exponent, 2 ** exponent * Math.LN2] : [root, 0.5 / root];
  const chain = Array.from({ length: SWITCHES }, (_, k) => (latents.slice(k + 2).every((u) => u >= 0) ? counts[k] + 1 : 0));
  const gradients = [toSign, ...chain.map((factor) => s * toExponent * factor)];
  const slope = wanted === "smaller" ? 1 : -1;
  const steps = latents.map((u, i) => stepsOf(u, slope * gradients[i], rate));
  const finite = steps.filter((value) => value !== null);
  const soonest = finite.length ? steps.indexOf(Math.min(...finite)) : -1;
  return { counts: counts.slice(1), exponent, weight: s * 2 ** exponent, gradients, steps, soonest };
}

function stepsOf(u, slope, rate) {
  if (slope === 0 || u >= 0 !== slope > 0) return null;
  return Math.abs(u) / (rate * Math.abs(slope));
}

const words = (steps) => (steps === null ? "never flips" : `flips in ${number(steps, 2)}`);

/** A box per latent: on or off, the count behind it, its gradient, and the steps until it flips. */
function drawLadder(canvas, width, { counts, gradients, steps, soonest }, state) {
  const latents = [state.sign, state.first, state.second, state.third];
  const wide = (width - 24) / NAMES.length;
  latents.forEach((u, i) => {
    const left = 12 + i * wide;
    const middle = left + wide / 2 - 6;
    const on = u >= 0;
    const center = { "text-anchor": "middle" };
    canvas.append(
      svg("rect", { x: left, y: 30, width: wide - 12, height: 54, fill: on ? COLORS[0] : "none", "fill-opacity": 0.25, class: "axis" }),
      text(middle, 20, NAMES[i], center),
      text(middle, 52, i ? (on ? "on" : "off: resets") : on ? "plus" : "minus", center),
      text(middle, 74, i ? `count ${counts[i - 1]}` : number(u), center),
      text(middle, 130, gradients[i] ? `gradient ${number(gradients[i], 2)}` : "no gradient", center),
      text(middle, 150, `${i === soonest ? "▸ " : ""}${words(steps[i])}`, center),
    );
    if (gradients[i]) canvas.append(svg("path", { d: `M${middle} 114v-24m-5 7l5 -7l5 7`, stroke: COLORS[1], "stroke-width": 1 + Math.min(6, Math.abs(gradients[i])), fill: "none" }));
  });
}

function drawWeights(canvas, width, { weight }) {
  const at = (value) => width / 2 + (value / 8.6) * (width / 2 - 16);
  canvas.append(svg("path", { d: `M12 204H${width - 12}`, class: "axis" }));
  for (const value of WEIGHTS) {
    const here = value === weight;
    canvas.append(
      svg("circle", { cx: at(value), cy: 204, r: here ? 8 : 4, fill: here ? COLORS[1] : COLORS[0] }),
      text(at(value), 230, String(value).replace("-", "−"), { "text-anchor": "middle" }),
    );
  }
}

const soonestWords = ({ steps, soonest }) => (soonest < 0 ? "none: every latent moves away from zero" : `the ${NAMES[soonest]}, after ${number(steps[soonest], 2)} steps`);

export default widget({
  title: "The switch ladder",
  height: () => 244,
  controls,
  compute,
  draw(canvas, { width }, result, state) {
    drawLadder(canvas, width, result, state);
    drawWeights(canvas, width, result);
  },
  readouts: (result) => [
    ["exponent", "Exponent S", result.exponent, String(result.exponent)],
    ["weight", "Weight", result.weight, String(result.weight).replace("-", "−")],
    ["soonest", "Flips first", result.soonest, soonestWords(result)],
  ],
  describe: (result) =>
    `The counts after the three switches are ${result.counts.join(", ")}, so the weight is ${result.weight}. ` +
    `Gradients reach ${NAMES.filter((_, i) => result.gradients[i]).join(", ")}. Flips first: ${soonestWords(result)}.`,
});
