// A displayed equation that is wider than the screen scrolls, also from the keyboard.
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

const displays = [...document.querySelectorAll("div.math > .tex")];
const resized = new ResizeObserver((entries) => entries.forEach((entry) => watch(entry.target)));
displays.forEach((display) => resized.observe(display));
// A font that arrives late changes the width of a formula, but not that of its box.
document.fonts.addEventListener("loadingdone", () => displays.forEach(watch));
