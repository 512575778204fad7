// Brings widgets to life on a page without a kernel: <div class="frugal-widget" data-widget="STEM"> holds its state
// as JSON and a sentence for readers without scripts. Modules are fetched when their widget comes near the screen.

const HOME = new URL(".", import.meta.url);

/** State as the module sees it in a notebook: bytes arrive as a DataView. */
export function decode(state) {
  const value = (item) => (item && item.base64 !== undefined ? bytes(item.base64) : item);
  return Object.fromEntries(Object.entries(state).map(([name, item]) => [name, value(item)]));
}

function bytes(text) {
  return new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

/** The part of anywidget's model that a module uses, without a kernel behind it. */
export function createModel(state) {
  const values = { ...state };
  const listeners = {};
  const tell = (name) => listeners[name]?.forEach((callback) => callback());
  return {
    get: (name) => values[name],
    set(name, value) {
      if (Object.is(values[name], value)) return;
      values[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    save_changes() {},
    on: (name, callback) => (listeners[name] ??= new Set()).add(callback),
    off: (name, callback) => listeners[name]?.delete(callback),
  };
}

/** Draw one widget. The model stays on the element, so that a page's own script can move it. */
export async function start(element) {
  const state = decode(JSON.parse(element.querySelector("script").textContent));
  const module = await import(new URL(`${element.dataset.widget}.js`, HOME));
  await styled;
  element.model = createModel(state);
  element.replaceChildren();
  await module.default.render({ model: element.model, el: element });
  element.dataset.alive = "";
}

function addStyle() {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("common.css", HOME) });
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

const elements = document.querySelectorAll(".frugal-widget[data-widget]");
const styled = elements.length ? addStyle() : null;
const watch = new IntersectionObserver(
  (entries) => {
    for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
      watch.unobserve(target);
      start(target);
    }
  },
  { rootMargin: "300px" },
);
elements.forEach((element) => watch.observe(element));
