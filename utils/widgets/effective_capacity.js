import { COLORS, Problem, axes, line, mean, number, onePanel, oneHigh, slider, sum, svg, text, widget } from "./common.js";

const WIDEST_SHIFT = 4;

/** The value at `at` of the curve through (xs, ys), straight in log-log; null outside. xs ascend. */
function between(at, xs, ys) {
  if (!(at >= xs[0] * (1 - 1e-12) && at <= xs.at(-1) * (1 + 1e-12))) return null;
  const i = Math.min(Math.max(xs.findIndex((x) => x >= at), 1), xs.length - 1);
  const share = Math.min(Math.max(Math.log(at / xs[i - 1]) / Math.log(xs[i] / xs[i - 1]), 0), 1);
  return Math.exp(Math.log(ys[i - 1]) + share * Math.log(ys[i] / ys[i - 1]));
}

function deviation(values) {
  const center = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - center) ** 2)) / (values.length - 1));
}

/** The same arithmetic as compute() in effective_capacity.py. */
export function compute({ widths, reference, treatment, factor }) {
  if (widths.length < 2 || widths.length !== reference.length || widths.length !== treatment.length) {
    throw new Problem("There are no measurements yet: they appear here once the chapter's notebook has run.");
  }
  const [float, ternary] = [reference, treatment].map((rows) => rows.map(mean));
  if (![...float, ...ternary].every((loss) => loss > 0) || float.some((loss, i) => i && !(loss < float[i - 1]))) {
    throw new Problem("The reference losses must be positive and fall with the width.");
  }
  const moved = widths.map((width) => between(width / factor, widths, float));
  const gaps = ternary.map((loss, i) => (moved[i] === null ? null : loss - moved[i])).filter((gap) => gap !== null);
  const inRange = (loss) => loss >= float.at(-1) && loss <= float[0];
  const equal = ternary.map((loss) => (inRange(loss) ? between(loss, [...float].reverse(), [...widths].reverse()) : null));
  const worth = widths.map((width, i) => (equal[i] === null ? null : width / equal[i]));
  const known = worth.filter((value) => value !== null);
  return {
    means: [float, ternary],
    deviations: [reference, treatment].map((rows) => rows.map(deviation)),
    gap: gaps.length ? mean(gaps) : null,
    inside: gaps.length,
    worth,
    mean_worth: known.length ? Math.exp(mean(known.map(Math.log))) : null,
  };
}

function draw(canvas, { width, height }, { means, deviations }, { widths, factor }) {
  const all = means.flat();
  const to = axes(canvas, onePanel(width, height), {
    x: { domain: [widths[0] / WIDEST_SHIFT / 1.1, widths.at(-1) * 1.1], log: true, ticks: widths },
    y: { domain: [Math.min(...all) / 1.2, Math.max(...all) * 1.2], log: true, ticks: [Math.min(...all), Math.max(...all)] },
    xLabel: "width",
    yLabel: "excess loss (nats)",
  });
  const points = (losses, by) => losses.map((loss, i) => [to.x(widths[i] / by), to.y(loss)]);
  canvas.append(line(points(means[1], 1), { stroke: COLORS[1], "stroke-dasharray": "2 4" }));
  [means[0], means[1]].forEach((losses, arm) => {
    const by = arm ? factor : 1;
    canvas.append(line(points(losses, by), { stroke: COLORS[arm] }));
    losses.forEach((loss, i) => {
      const [x, y] = points(losses, by)[i];
      const bar = [loss + deviations[arm][i], Math.max(loss - deviations[arm][i], loss / 10)].map(to.y);
      canvas.append(svg("circle", { cx: x, cy: y, r: 4, fill: COLORS[arm] }), svg("path", { d: `M${x} ${bar[0]}V${bar[1]}`, stroke: COLORS[arm] }));
    });
    const [x, y] = points(losses, by)[0];
    canvas.append(text(x + 8, y - 8, arm ? "ternary, moved" : "float"));
  });
}

const shown = (value) => (value === null ? "outside" : number(value));

export default widget({
  title: "What a ternary width is worth",
  height: oneHigh,
  controls: [slider("factor", "Ternary widths divided by", { min: 1, max: WIDEST_SHIFT, step: 0.05 })],
  data: ["widths", "reference", "treatment"],
  compute,
  draw,
  readouts: (result) => [
    ["gap", "Gap (nats)", result.gap, shown(result.gap)],
    ["inside", "Points compared", result.inside, result.inside],
    ["mean_worth", "Factor at equal loss", result.mean_worth, shown(result.mean_worth)],
  ],
  describe: ({ gap, inside, mean_worth }, { factor }) =>
    `With its widths divided by ${number(factor)}, the ternary curve lies ` +
    (gap === null ? "nowhere over the float one. " : `${number(Math.abs(gap))} nats ${gap > 0 ? "above" : "below"} the float one at ${inside} points. `) +
    (mean_worth === null ? "No ternary loss falls within the float ones." : `Losses are equal at a factor of ${number(mean_worth)}.`),
});
