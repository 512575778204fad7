import { COLORS, number, svg, text, widget } from "./common.js";
import { SWITCHES, controls } from "./switch_ladder.py";

const NAMES = ["sign", "first switch", "second switch", "third switch"];
const SHORT = ["sign", "switch 1", "switch 2", "switch 3"];
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

const stepsWords = (steps) => (steps === null ? "never" : number(steps, 3));

/** A box per latent: on or off and the count behind it; below, the gradient that arrives and the steps until it flips. */
function drawLadder(canvas, width, { counts, gradients, steps, soonest }, state) {
  const latents = [state.sign, state.first, state.second, state.third];
  const wide = (width - 16) / NAMES.length;
  canvas.append(text(12, 134, "gradient that arrives:"), text(12, 178, "steps until it flips:"));
  latents.forEach((u, i) => {
    const left = 12 + i * wide;
    const middle = left + wide / 2 - 4;
    const frame = { x: left, y: 28, width: wide - 8, height: 54 };
    const middled = (y, words) => text(middle, y, words, { "text-anchor": "middle" });
    if (u >= 0) canvas.append(svg("rect", { ...frame, fill: COLORS[0], "fill-opacity": 0.25 }));
    canvas.append(
      svg("path", { d: `M${left} 28h${wide - 8}v54h${8 - wide}Z`, class: "axis" }),
      middled(18, SHORT[i]),
      middled(50, i ? (u >= 0 ? "on" : "off") : u >= 0 ? "plus" : "minus"),
      middled(72, i ? `count ${counts[i - 1]}` : number(u)),
      middled(154, gradients[i] ? number(gradients[i], 3) : "none"),
      middled(198, `${i === soonest ? "▸ " : ""}${stepsWords(steps[i])}`),
    );
    const thick = 1 + Math.min(6, Math.abs(gradients[i]));
    if (gradients[i]) canvas.append(svg("path", { d: `M${middle} 112v-24m-5 7l5 -7l5 7`, stroke: COLORS[1], "stroke-width": thick, fill: "none" }));
  });
}

function drawWeights(canvas, width, { weight }) {
  const at = (value) => width / 2 + (value / 8.6) * (width / 2 - 16);
  canvas.append(svg("path", { d: `M12 234H${width - 12}`, class: "axis" }));
  WEIGHTS.forEach((value, i) => {
    const here = value === weight;
    canvas.append(
      svg("circle", { cx: at(value), cy: 234, r: here ? 8 : 4, fill: here ? COLORS[1] : COLORS[0] }),
      text(at(value), i % 2 ? 260 : 276, String(value).replace("-", "−"), { "text-anchor": "middle" }),
    );
  });
}

const soonestWords = ({ steps, soonest }) => (soonest < 0 ? "none: every latent moves away from zero" : `the ${NAMES[soonest]}, after ${number(steps[soonest], 3)} steps`);

export default widget({
  title: "The switch ladder",
  height: () => 284,
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
