import { COLORS, Problem, axes, html, integer, line, number, onePanel, sum, svg, text, widget } from "./common.js";
import { COSTS, controls } from "./arena.py";

/** The same arithmetic as compute() in arena.py. */
export function compute({ points, cost }) {
  if (!points.length) throw new Problem("Nobody has entered the arena yet: its points come from `frugal arena` and the chapters.");
  const costs = points.map((point) => point[cost]);
  if (points.some((point) => !point.accuracy?.length) || costs.some((value) => !(value > 0))) {
    throw new Problem("A point of the arena has no accuracy, or a cost that is not positive.");
  }
  const means = points.map(({ accuracy }) => sum(accuracy) / accuracy.length);
  const order = points.map((_, i) => i).sort((i, j) => costs[i] - costs[j] || means[j] - means[i] || i - j);
  const frontier = [];
  for (const i of order) if (means[i] > (means[frontier.at(-1)] ?? -Infinity)) frontier.push(i);
  const { accuracy } = points[frontier.at(-1)];
  return {
    means,
    costs,
    frontier,
    on_frontier: frontier.length,
    best: Math.max(...means),
    smallest: Math.min(...costs),
    tied: points.filter((point) => Math.max(...point.accuracy) >= Math.min(...accuracy)).length,
  };
}

const chapters = (points) => [...new Set(points.map((point) => point.chapter))];
const MARKS = [
  (x, y) => `M${x - 5} ${y - 5}h10v10h-10Z`,
  (x, y) => `M${x} ${y - 6}l6 6l-6 6l-6 -6Z`,
  (x, y) => `M${x} ${y - 6}l6 11h-12Z`,
  (x, y) => `M${x} ${y + 6}l6 -11h-12Z`,
];
const source = (chapter) => (chapter ? `chapter ${Number(chapter)}` : "plain");
const name = ({ technique, width }) => `${technique}, width ${width}`;

function draw(canvas, { width, height }, { means, costs, frontier }, { points, cost }) {
  const all = points.flatMap((point) => point.accuracy);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const room = Math.max((Math.max(...all) - Math.min(...all)) / 10, 0.1);
  const box = onePanel(width, height);
  const to = axes(canvas, box, {
    x: { domain: [low / 1.3, high * 1.3], log: true, ticks: spread(low, high) },
    y: { domain: [Math.min(...all) - room, Math.max(...all) + room] },
    xLabel: COSTS[cost],
    yLabel: "test accuracy (%)",
  });
  const place = (i) => [to.x(costs[i]), to.y(means[i])];
  canvas.append(line(frontier.map(place), { stroke: "currentColor", "stroke-dasharray": "5 4" }));
  const groups = chapters(points);
  points.forEach((point, i) => {
    const [x, y] = place(i);
    const group = groups.indexOf(point.chapter);
    const [worst, top] = [Math.min(...point.accuracy), Math.max(...point.accuracy)].map(to.y);
    const color = COLORS[group % COLORS.length];
    canvas.append(
      svg("path", { d: `M${x} ${worst}V${top}`, stroke: color, "stroke-width": 2 }),
      svg("path", { d: MARKS[group % MARKS.length](x, y), fill: color }, svg("title", {}, name(point))),
    );
  });
  groups.forEach((chapter, group) => {
    const y = box.bottom - 12 - 18 * (groups.length - 1 - group);
    canvas.append(
      svg("path", { d: MARKS[group % MARKS.length](box.right - 90, y - 4), fill: COLORS[group % COLORS.length] }),
      text(box.right - 78, y, source(chapter)),
    );
  });
}

/** Four ticks at equal factors, which fit between the ends wherever these lie. */
const spread = (low, high) => (low === high ? [low] : Array.from({ length: 4 }, (_, i) => Number((low * (high / low) ** (i / 3)).toPrecision(2))));
const whole = (value) => (value >= 1000 ? integer(value) : number(value));

/** The table of all points by cost; "yes" marks the frontier. */
function below(panel, { means, costs, frontier }, { points, cost }) {
  const order = points.map((_, i) => i).sort((i, j) => costs[i] - costs[j] || means[j] - means[i]);
  const cells = (kind, values) => html("tr", {}, ...values.map((value) => html(kind, kind === "th" ? { scope: "col" } : {}, String(value))));
  const rows = order.map((i) => {
    const { accuracy } = points[i];
    const seeds = `${number(means[i])} (${number(Math.min(...accuracy))} to ${number(Math.max(...accuracy))})`;
    return cells("td", [name(points[i]), source(points[i].chapter), whole(costs[i]), seeds, frontier.includes(i) ? "yes" : ""]);
  });
  const head = cells("th", ["technique", "from", COSTS[cost], "accuracy, % (seeds)", "on the frontier"]);
  panel.replaceChildren(html("table", {}, html("thead", {}, head), html("tbody", {}, ...rows)));
}

export default widget({
  title: "The arena",
  height: () => 340,
  controls,
  data: ["points"],
  compute,
  draw,
  below,
  readouts: ({ best, smallest, tied, on_frontier }) => [
    ["best", "Best accuracy", best, `${number(best)} %`],
    ["smallest", "Lowest cost", smallest, whole(smallest)],
    ["tied", "Within the best one's seeds", tied, tied],
    ["on_frontier", "On the frontier", on_frontier, on_frontier],
  ],
  describe: ({ means, costs, frontier }, { points, cost }) =>
    `${points.length} points; no other beats these, by rising cost (${COSTS[cost]}): ` +
    frontier.map((i) => `${name(points[i])} at ${whole(costs[i])} with ${number(means[i])} %`).join("; ") +
    ".",
});
