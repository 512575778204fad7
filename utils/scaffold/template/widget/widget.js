import { COLORS, axes, line, number, onePanel, oneHigh, svg, widget } from "./common.js";
import { LARGEST, POINTS, RULES, controls } from "./{{stem}}.py";

const rounded = (x, rule, step) => step * Math.floor(x / step + (rule === "nearest" ? 0.5 : 0));
const place = (i) => (LARGEST * i) / (POINTS - 1);

/** The same arithmetic as compute() in {{stem}}.py. */
export function compute({ rule, x, step }) {
  const multiple = rounded(x, rule, step);
  const curve = Array.from({ length: POINTS }, (_, i) => rounded(place(i), rule, step));
  return { multiple, error: Math.abs(multiple - x), curve };
}

function draw(canvas, { width, height }, { curve, multiple }, { x }) {
  const to = axes(canvas, onePanel(width, height), {
    x: { domain: [0, LARGEST] },
    y: { domain: [0, LARGEST + 1] },
    xLabel: "number",
    yLabel: "its multiple",
  });
  canvas.append(
    line(curve.map((value, i) => [to.x(place(i)), to.y(value)]), { stroke: COLORS[0] }),
    svg("circle", { cx: to.x(x), cy: to.y(multiple), r: 5, fill: COLORS[1] }),
  );
}

export default widget({
  title: "Multiples of a step",
  height: oneHigh,
  controls,
  compute,
  draw,
  readouts: ({ multiple, error }) => [
    ["multiple", "Multiple", multiple, number(multiple)],
    ["error", "Error", error, number(error)],
  ],
  describe: ({ multiple, error }, { rule, x, step }) =>
    `${number(x)}, rounded ${RULES[rule]} to a multiple of ${number(step)}, is ${number(multiple)}: an error of ${number(error)}.`,
});
