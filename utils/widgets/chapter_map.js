import { COLORS, Problem, html, labeled, path, svg, text, widget } from "./common.js";

/** Every chapter that this one rests on, directly or through others. */
function before(number, prerequisites) {
  const found = new Set();
  const open = [...prerequisites.get(number)];
  while (open.length) {
    const one = open.pop();
    if (found.has(one)) continue;
    found.add(one);
    open.push(...prerequisites.get(one));
  }
  return ascending([...found]);
}
const ascending = (numbers) => numbers.sort((a, b) => a - b);

/** The same arithmetic as compute() in chapter_map.py. */
export function compute({ chapters, chapter, read }) {
  const prerequisites = new Map(chapters.map((entry) => [entry.number, entry.prerequisites]));
  if (!prerequisites.has(chapter)) throw new Problem("The map has no such chapter: choose one from the list.");
  const written = chapters.filter((entry) => entry.url).map((entry) => entry.number);
  const missing = (number) => before(number, prerequisites).filter((one) => written.includes(one) && !read.includes(one));
  const lacking = missing(chapter);
  return {
    before: before(chapter, prerequisites),
    missing: lacking,
    after: ascending(chapters.filter((entry) => entry.prerequisites.includes(chapter)).map((entry) => entry.number)),
    next: ascending(written.filter((number) => !read.includes(number) && !missing(number).length)),
    written: written.length,
    read_count: chapters.filter((entry) => read.includes(entry.number)).length,
    missing_count: lacking.length,
  };
}

const ROW = 44;
const RADIUS = 14;
const partsOf = (chapters) => [...new Map(chapters.map((entry) => [entry.part, entry.part_title]))];

/** Rows of circles, a row a part; on a phone the part's title stands above its circles. */
function draw(canvas, { width }, { before: rests }, { chapters, chapter, read }, set) {
  const wide = width > 560;
  const places = new Map();
  partsOf(chapters).forEach(([part, title], row) => {
    const y = row * (wide ? ROW : ROW + 22) + (wide ? 24 : 40);
    canvas.append(text(0, wide ? y + 4 : y - 22, `${part} ${title}`));
    const own = chapters.filter((entry) => entry.part === part);
    own.forEach(({ number }, i) => places.set(number, [wide ? 300 + 52 * i : 20 + 52 * i, y]));
  });
  for (const number of rests.filter((one) => directly(chapters, chapter).includes(one))) {
    canvas.append(svg("path", { d: path([places.get(number), places.get(chapter)]), stroke: COLORS[0], "stroke-width": 2 }));
  }
  for (const entry of chapters) canvas.append(circle(entry, places.get(entry.number), { chapter: chapter, rests, read }, set));
}
const directly = (chapters, chapter) => chapters.find((entry) => entry.number === chapter).prerequisites;

/** Filled when read, thick when it belongs to the chosen one, dashed while it is only planned. */
function circle({ number, title, url }, [x, y], { chapter, rests, read }, set) {
  const chosen = number === chapter;
  const done = read.includes(number);
  const look = {
    stroke: chosen ? COLORS[1] : rests.includes(number) ? COLORS[0] : "currentColor",
    "stroke-width": chosen || rests.includes(number) ? 3 : 1,
    "stroke-dasharray": url ? null : "3 3",
    style: `fill: ${done ? COLORS[2] : "var(--pst-color-background, Canvas)"}`,
  };
  const group = svg("g", { style: "cursor: pointer" }, svg("circle", { cx: x, cy: y, r: RADIUS, ...look }));
  group.append(text(x, y + 4, String(number), { "text-anchor": "middle" }), svg("title", {}, title));
  group.addEventListener("click", () => set("chapter", number));
  return group;
}

const list = (numbers) => numbers.join(", ") || "none";

/** The chosen chapter in words, with a link where it is written. */
function below(panel, { missing, next }, { chapters, chapter }) {
  const entry = chapters.find(({ number }) => number === chapter);
  const link = (number) => {
    const { title, url } = chapters.find((other) => other.number === number);
    return url ? html("a", { href: url }, `${number}. ${title}`) : `${number}. ${title} (planned)`;
  };
  const line = (words, numbers) => html("p", {}, words, ...numbers.flatMap((number, i) => [i ? ", " : " ", link(number)]));
  panel.replaceChildren(line("Chosen:", [entry.number]));
  if (missing.length) panel.append(line("Read before it:", missing));
  if (next.length) panel.append(line("Ready for you now:", next));
}

/** A box for the chosen chapter: its tick puts the number on the list of what is read. */
const readBox = {
  name: "read",
  check(value) {
    if (!Array.isArray(value)) throw new Problem("What you have read must be a list of chapter numbers.");
  },
  build(set) {
    const input = html("input", { type: "checkbox" });
    let now = {};
    const others = () => now.read.filter((number) => number !== now.chapter);
    input.addEventListener("change", () => set(input.checked ? [...others(), now.chapter] : others()));
    const show = (value, state) => {
      now = state;
      input.checked = Array.isArray(value) && value.includes(state.chapter);
    };
    return { element: labeled("read", "I have read it", input), show };
  },
};

const titles = ({ chapters }) => chapters.map(({ number, title }) => [number, `${number}. ${title}`]);

export default widget({
  title: "The map of the book",
  height: (width) => 8 * (width > 560 ? ROW : ROW + 22) + 8,
  controls: { chapter: { kind: "choice", label: "Chapter", choices: titles }, read: readBox },
  data: ["chapters"],
  remember: ["read"],
  compute,
  draw,
  below,
  readouts: ({ written, read_count, missing_count }) => [
    ["written", "Written", written, written],
    ["read_count", "Read", read_count, read_count],
    ["missing_count", "To read before it", missing_count, missing_count],
  ],
  describe: ({ before: rests, after, missing, next }, { chapter }) =>
    `Chapter ${chapter} rests on: ${list(rests)}. Of these you have yet to read: ${list(missing)}. ` +
    `Chapters that rest on it: ${list(after)}. Ready for you now: ${list(next)}.`,
});
