// Draws every formula of the page with KaTeX. A display that is wider than the screen scrolls, also from the keyboard.
const options = { output: "htmlAndMathml", throwOnError: false, strict: false };

for (const formula of document.querySelectorAll("span.math")) {
  katex.render(formula.textContent, formula, { ...options, displayMode: false });
}

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
for (const display of document.querySelectorAll("div.math > .tex")) {
  katex.render(display.textContent, display, { ...options, displayMode: true });
  resized.observe(display);
}
