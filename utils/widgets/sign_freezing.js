import { COLORS, axes, evenPairs, integer, line, mean, number, percent, svg, text, twoHigh, twoPanels, widget } from "./common.js";
import { LATENTS, NARROWEST, WIDEST, controls } from "./sign_freezing.py";

/** The same arithmetic as compute() in sign_freezing.py. */
export function compute({ sigma, step, steps }) {
  const walk = step * Math.sqrt(steps);
  const pairs = evenPairs(LATENTS);
  const starts = pairs.map(([first]) => sigma * first);
  const ends = pairs.map(([first, second]) => sigma * first + walk * second);
  return {
    share: Math.atan2(walk, sigma) / Math.PI,
    counted: mean(starts.map((start, i) => Number(start < 0 !== ends[i] < 0))),
    walk,
    half: (sigma / step) ** 2,
    starts,
    ends,
  };
}

function drawCurve(canvas, box, { walk, share }, { sigma }) {
  const to = axes(canvas, box, {
    x: { domain: [NARROWEST, WIDEST], log: true },
    y: { domain: [0, 0.55], ticks: [0, 0.25, 0.5], format: (value) => percent(value) },
    xLabel: "standard deviation of the latents at the start",
    yLabel: "signs that flip",
  });
  const curve = Array.from({ length: 81 }, (_, i) => NARROWEST * (WIDEST / NARROWEST) ** (i / 80));
  canvas.append(
    line(curve.map((at) => [to.x(at), to.y(Math.atan2(walk, at) / Math.PI)]), { stroke: COLORS[0] }),
    svg("circle", { cx: to.x(sigma), cy: to.y(share), r: 5, fill: COLORS[0] }),
  );
}

/** Every latent as a point: start across, end upward; flipped signs lie in the upper left and lower right. */
function drawLatents(canvas, box, { starts, ends, walk }, { sigma }) {
  const reachX = 3 * sigma;
  const reachY = 3 * Math.hypot(sigma, walk);
  const to = axes(canvas, box, { x: { domain: [-reachX, reachX] }, y: { domain: [-reachY, reachY] }, xLabel: "start", yLabel: "end" });
  const marks = { true: "", false: "" };
  starts.forEach((start, i) => {
    if (Math.abs(start) > reachX || Math.abs(ends[i]) > reachY) return;
    marks[start < 0 !== ends[i] < 0] += `M${(to.x(start) - 1).toFixed(1)} ${to.y(ends[i]).toFixed(1)}h2`;
  });
  canvas.append(
    svg("path", { d: `M${to.x(0)} ${box.top}V${box.bottom}M${box.left} ${to.y(0)}H${box.right}`, class: "axis" }),
    svg("path", { d: marks.false, stroke: COLORS[0], "stroke-width": 2 }),
    svg("path", { d: marks.true, stroke: COLORS[1], "stroke-width": 3 }),
    text(box.left + 6, box.top + 12, "flipped"),
    text(box.right - 6, box.bottom - 6, "flipped", { "text-anchor": "end" }),
  );
}

export default widget({
  title: "Which signs can still flip",
  height: twoHigh,
  controls,
  compute,
  draw(canvas, { width, height }, result, state) {
    const [left, right] = twoPanels(width, height);
    drawCurve(canvas, left, result, state);
    drawLatents(canvas, right, result, state);
  },
  readouts: (result) => [
    ["share", "Signs that flip", result.share, percent(result.share)],
    ["counted", `Counted among ${LATENTS}`, result.counted, percent(result.counted)],
    ["walk", "Standard deviation of the walk", result.walk, number(result.walk)],
    ["half", "Steps to half of all flips", result.half, number(result.half)],
  ],
  describe: ({ share, walk, half }, { sigma, steps }) =>
    `Latents that start with standard deviation ${number(sigma)} and walk ${number(walk)} in ${integer(steps)} steps: ` +
    `${percent(share)} of the signs flip; more than 50 % never can. Half of that takes ${number(half)} steps.`,
});
