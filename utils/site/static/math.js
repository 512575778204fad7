// Draws every formula of the page with KaTeX, in slices shorter than a frame, so that the page answers meanwhile.
// A display that is wider than the screen scrolls, also from the keyboard.
const options = { output: "htmlAndMathml", throwOnError: false, strict: false };
const SLICE = 8; // milliseconds

function watch(display) {
  const wide = display.scrollWidth > display.clientWidth;
  if (wide) {
    display.tabIndex = 0;
    display.setAttribute("role", "group");
    display.setAttribute("aria-label", "Equation, scrolls sideways");
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) display.removeAttribute(name);
  }
}

const resized = new ResizeObserver((entries) => entries.forEach((entry) => watch(entry.target)));
// A font that arrives late changes the width of a formula, but not that of its box.
document.fonts.addEventListener("loadingdone", () => document.querySelectorAll("div.math > .tex").forEach(watch));

function draw(formula) {
  const displayMode = formula.classList.contains("tex");
  katex.render(formula.textContent, formula, { ...options, displayMode });
  if (displayMode) resized.observe(formula);
}

async function drawAll() {
  let end = performance.now() + SLICE;
  for (const formula of document.querySelectorAll("span.math, div.math > .tex")) {
    if (performance.now() > end) {
      await new Promise((done) => setTimeout(done));
      end = performance.now() + SLICE;
    }
    draw(formula);
  }
  document.documentElement.dataset.math = "drawn";
}

drawAll();
