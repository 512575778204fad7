// Shared by all widgets: controls bound to traits, axes, number formatting, announcements.
// A widget's module calls widget({...}) and draws with svg(), axes(), line(); base.py puts this file in front of it.

/** A sentence for the reader: thrown where a state cannot be shown, printed in the picture's place. */
export class Problem extends Error {}

// ---------------------------------------------------------------- numbers

const formats = new Map();
function formatter(options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat("en-US", options));
  return formats.get(key);
}
export const number = (value, digits = 3) =>
  value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)
    ? value.toExponential(digits - 1).replace("e+", "e")
    : formatter({ maximumSignificantDigits: digits }).format(value);
export const integer = (value) => formatter({ maximumFractionDigits: 0 }).format(value);
export const percent = (value, digits = 1) => `${formatter({ maximumFractionDigits: digits }).format(100 * value)} %`;

/** Rounds halves to even, as NumPy and PyTorch do; Math.round rounds them up. */
export function roundEven(value) {
  const nearest = Math.round(value);
  return Math.abs(value % 1) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}
export const sum = (values) => values.reduce((total, value) => total + value, 0);
export const mean = (values) => sum(values) / values.length;
/** The float32 values that Python's pack() stored. */
export function floats(view) {
  return Float64Array.from({ length: (view?.byteLength ?? 0) / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

// ---------------------------------------------------------------- elements

const SVG = "http://www.w3.org/2000/svg";
export const COLORS = ["--frugal-blue", "--frugal-orange", "--frugal-green", "--frugal-purple"].map((name) => `var(${name})`);

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) if (value != null) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
export const html = (tag, attributes = {}, ...children) => build(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) => build(document.createElementNS(SVG, tag), attributes, children);
export const text = (x, y, string, attributes = {}) => svg("text", { x, y, ...attributes }, string);
export const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
export const line = (points, attributes = {}) => svg("path", { d: path(points), fill: "none", "stroke-width": 2, ...attributes });

let serial = 0;
const newId = () => `frugal-${++serial}-${Math.random().toString(36).slice(2, 7)}`;

// ---------------------------------------------------------------- axes

const STEPS = [1, 2, 2.5, 5, 10];
function linearTicks([low, high], count) {
  const power = 10 ** Math.floor(Math.log10((high - low) / count));
  const step = power * STEPS.find((factor) => factor * power * count >= high - low);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}
function logTicks([low, high], count) {
  const powers = linearTicks([Math.log10(low), Math.log10(high)], count).filter(Number.isInteger);
  return powers.length > 1 ? powers.map((power) => 10 ** power) : [low, high];
}

/** One direction of a plot: {domain: [low, high], log, ticks, format} onto pixels [from, to]. */
export function scale({ domain, log = false }, [from, to]) {
  const place = log ? Math.log : (value) => value;
  const [low, high] = domain.map(place);
  return (value) => from + ((place(value) - low) / (high - low)) * (to - from);
}

/** Draw two labeled axes in `box` {left, right, top, bottom}; returns {x, y}, the maps from values to pixels. */
export function axes(canvas, box, { x, y, xLabel, yLabel }) {
  const toX = scale(x, [box.left, box.right]);
  const toY = scale(y, [box.bottom, box.top]);
  const ticks = (axis, count) => axis.ticks ?? (axis.log ? logTicks : linearTicks)(axis.domain, count);
  const show = (axis) => axis.format ?? ((value) => number(value, 3));
  for (const value of ticks(x, Math.max(4, (box.right - box.left) / 80))) {
    canvas.append(
      svg("path", { d: `M${toX(value)} ${box.bottom}v5`, class: "axis" }),
      text(toX(value), box.bottom + 18, show(x)(value), { "text-anchor": "middle" }),
    );
  }
  for (const value of ticks(y, 4)) {
    canvas.append(
      svg("path", { d: `M${box.left} ${toY(value)}H${box.right}`, class: "grid" }),
      text(box.left - 6, toY(value) + 4, show(y)(value), { "text-anchor": "end" }),
    );
  }
  canvas.append(
    svg("path", { d: `M${box.left} ${box.bottom}H${box.right}`, class: "axis" }),
    text((box.left + box.right) / 2, box.bottom + 36, xLabel, { "text-anchor": "middle" }),
    text(box.left, box.top - 8, yLabel, { "text-anchor": "start" }),
  );
  return { x: toX, y: toY };
}

const WIDE = 560; // px from which two panels fit side by side
export const oneHigh = () => 280;
export const twoHigh = (width) => (width >= WIDE ? 280 : 560);

/** Boxes for one plot that fills the picture, or for two: side by side where the screen is wide enough. */
export const onePanel = (width, height) => ({ left: 48, right: width - 12, top: 36, bottom: height - 44 });
export function twoPanels(width, height) {
  if (width < WIDE) return [onePanel(width, height / 2), shift(onePanel(width, height / 2), 0, height / 2)];
  return [onePanel(width / 2, height), shift(onePanel(width / 2, height), width / 2, 0)];
}
const shift = ({ left, right, top, bottom }, x, y) => ({ left: left + x, right: right + x, top: top + y, bottom: bottom + y });

// ---------------------------------------------------------------- numbers without chance, as in samples.py

const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Pairs of independent standard Gaussians, spread evenly: Box and Muller on a Kronecker sequence. */
export function evenPairs(count) {
  return Array.from({ length: count }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log((i + 0.5) / count));
    const angle = 2 * Math.PI * ((i * GOLDEN) % 1);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}
/** A law of unit standard deviation ("gaussian" or "laplace") spread evenly. */
export function evenSample(law, count) {
  if (law === "gaussian") return Float64Array.from(evenPairs(count), ([first]) => first);
  return Float64Array.from({ length: count }, (_, i) => {
    const u = (i + 0.5) / count;
    return (Math.sign(u - 0.5) * -Math.log(1 - 2 * Math.abs(u - 0.5))) / Math.SQRT2;
  });
}
/** Pseudo-random numbers in [0, 1): mulberry32, counted from `seed`. */
export function uniforms(seed, count) {
  return Float64Array.from({ length: count }, (_, i) => {
    let z = Math.imul(seed + i + 1, 0x6d2b79f5);
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  });
}
/** Pseudo-random standard Gaussians. */
export function normals(seed, count) {
  const u = uniforms(seed, 2 * count);
  return Float64Array.from({ length: count }, (_, i) => Math.sqrt(-2 * Math.log(1 - u[2 * i])) * Math.cos(2 * Math.PI * u[2 * i + 1]));
}

// ---------------------------------------------------------------- controls

export function labeled(name, label, input, output) {
  const id = newId();
  // Without the last attribute JupyterLab would take the arrow keys for itself.
  build(input, { id, "data-control": name, "data-lm-suppress-shortcuts": "" }, []);
  return html("div", { class: "control" }, html("label", { for: id }, label), ...(output ? [output] : []), input);
}

const FORMATS = { number, integer, percent, percent2: (value) => percent(value, 2) };

/** A slider over the stops that Python lists; where it is not `exact`, Python may also set numbers between them. */
function slider({ name, label, stops, exact, format }) {
  const words = (value) => FORMATS[format](value);
  const [low, high] = [stops[0], stops.at(-1)];
  const good = (value) => (exact ? stops.includes(value) : Number.isFinite(value) && value >= low && value <= high);
  const rule = exact ? `one of ${stops.map(words).join(", ")}` : `a number from ${words(low)} to ${words(high)}`;
  const distance = (value) => (stop) => Math.abs(stop - value);
  const nearest = (value) => stops.map(distance(value)).reduce((best, gap, i, gaps) => (gap < gaps[best] ? i : best), 0);
  return {
    name,
    check(value) {
      if (!good(value)) throw new Problem(`${label} must be ${rule}; move the slider to choose one.`);
    },
    build(set) {
      const input = html("input", { type: "range", min: 0, max: stops.length - 1, step: 1 });
      const output = html("output", { "aria-hidden": "true" });
      input.addEventListener("input", () => set(stops[Number(input.value)]));
      const show = (value) => {
        if (good(value)) input.value = nearest(value);
        output.textContent = good(value) ? words(value) : "?";
        input.setAttribute("aria-valuetext", output.textContent);
      };
      return { element: labeled(name, label, input, output), show };
    },
  };
}

/** A choice among pairs [value, words], or among those that a function of the state returns. */
function choice({ name, label, choices }) {
  const offered = typeof choices === "function" ? choices : () => choices;
  return {
    name,
    check(value, state) {
      const pairs = offered(state);
      if (!pairs.some(([key]) => key === value)) {
        throw new Problem(`${label} must be one of: ${pairs.map(([, words]) => words).join(", ") || "none"}.`);
      }
    },
    build(set) {
      const input = html("select");
      let pairs = [];
      input.addEventListener("change", () => set(pairs.find(([key]) => String(key) === input.value)[0]));
      const show = (value, state) => {
        const now = offered(state);
        if (JSON.stringify(now) !== JSON.stringify(pairs)) {
          input.replaceChildren(...now.map(([key, words]) => html("option", { value: key }, words)));
        }
        pairs = now;
        input.value = value;
      };
      return { element: labeled(name, label, input), show };
    },
  };
}

/** A box to tick. */
function check({ name, label }) {
  return {
    name,
    check() {},
    build(set) {
      const input = html("input", { type: "checkbox" });
      input.addEventListener("change", () => set(input.checked));
      return { element: labeled(name, label, input), show: (value) => (input.checked = value) };
    },
  };
}

/** What a control of Python's becomes; one that a module made itself (it can `build`) stays as it is. */
const KINDS = { slider, choice, check };
const controlOf = ([name, spec]) => (spec.build ? spec : KINDS[spec.kind]({ name, ...spec }));

// ---------------------------------------------------------------- what this browser remembers

/** Storage may be forbidden or full, and hold what somebody else wrote: then nothing is remembered. */
function keep(name, value) {
  try {
    localStorage.setItem(`frugal-${name}`, JSON.stringify(value));
  } catch {}
}
function recall(model, name) {
  try {
    const value = JSON.parse(localStorage.getItem(`frugal-${name}`));
    const now = model.get(name);
    if (value !== null && typeof value === typeof now && Array.isArray(value) === Array.isArray(now)) model.set(name, value);
  } catch {}
}

// ---------------------------------------------------------------- the widget

const PADDING = 32; // px left and right of the picture, as in common.css
const PAUSE = 400; // ms without a move before the new state is announced

/**
 * A widget from its parts: `title`; `controls` by name, as Python describes them (`import { controls } from
 * "./STEM.py"`; a module may replace one, such as its `choices` by a function of the state); `data` (names of other
 * traits that compute needs); `height`, pixels from a width; `compute(state)`; `draw(canvas, {width, height}, result,
 * state, set)`; `readouts(result, state)`, a list of [key, label, value, shown]; `describe(result, state)`, the text
 * alternative; `below(panel, result, state, set)`, which keeps elements under the picture up to date (optional);
 * `remember` (names of traits that this browser keeps from visit to visit where there is no kernel, optional).
 */
export function widget({ title, controls, data = [], height, compute, draw, readouts, describe, below = () => {}, remember = [] }) {
  const all = Object.entries(controls).map(controlOf);
  function render({ model, el }) {
    const kept = model.widget_manager ? [] : remember;
    const start = { ...Object.fromEntries(all.map(({ name }) => [name, model.get(name)])), ...model.get("_start") };
    for (const name of remember) delete start[name]; // what a reader noted is no setting
    for (const name of kept) recall(model, name);
    const ids = { title: newId(), text: newId() };
    const canvas = svg("svg", { role: "img", "aria-labelledby": ids.title, "aria-describedby": ids.text });
    const numbers = html("dl");
    const words = html("p", { id: ids.text, class: "words", "aria-live": "polite" });
    const problem = html("p", { class: "problem", role: "alert" });
    const bound = all.map((control) => ({ ...control, ...control.build((value) => set(control.name, value)) }));
    const root = html("div", { class: "frugal", role: "group", "aria-labelledby": ids.title });
    const reset = html("button", { type: "button", class: "reset" }, "Reset");
    reset.addEventListener("click", () => {
      for (const [name, value] of Object.entries(start)) model.set(name, value);
      model.save_changes();
    });
    const panel = html("div", { class: "controls" }, ...bound.map((control) => control.element), reset);
    const under = html("div", { class: "below", role: "group", "aria-labelledby": ids.title });
    root.append(html("p", { id: ids.title, class: "title" }, title), panel, canvas, problem, numbers, words, under);
    el.append(root);

    const names = [...all.map((control) => control.name), ...data];
    const state = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
    function set(name, value) {
      model.set(name, value);
      model.save_changes();
      if (kept.includes(name)) keep(name, value);
    }

    let timer = 0;
    function update() {
      const now = state();
      for (const control of bound) control.show(now[control.name], now);
      canvas.replaceChildren();
      numbers.replaceChildren();
      problem.textContent = "";
      clearTimeout(timer);
      try {
        show(now);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        problem.textContent = error.message;
        words.textContent = "";
      }
      canvas.style.display = under.style.display = problem.textContent ? "none" : "";
    }
    function show(now) {
      for (const control of bound) control.check(now[control.name], now);
      const result = compute(now);
      const width = root.clientWidth - PADDING || 640;
      canvas.setAttribute("height", height(width));
      draw(canvas, { width, height: height(width) }, result, now, set);
      below(under, result, now, set);
      under.tabIndex = under.scrollWidth > under.clientWidth ? 0 : -1; // a wide table scrolls from the keyboard too
      for (const [key, label, value, shown] of readouts(result, now)) {
        const item = html("data", { value, "data-key": key }, shown);
        numbers.append(html("div", {}, html("dt", {}, label), html("dd", {}, item)));
      }
      timer = setTimeout(() => (words.textContent = describe(result, now)), words.textContent ? PAUSE : 0);
    }

    const events = names.map((name) => `change:${name}`);
    for (const event of events) model.on(event, update);
    let width = 0;
    const watch = new ResizeObserver(() => {
      if (width !== (width = root.clientWidth)) update();
    });
    watch.observe(root);
    update();
    return () => {
      watch.disconnect();
      clearTimeout(timer);
      for (const event of events) model.off(event, update);
    };
  }
  return { render };
}
