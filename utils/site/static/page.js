// Lays a long page out section by section, so that a phone answers meanwhile; lets the keyboard scroll what is
// larger than its box; on paper every fold is open.

// Words that were searched for are marked in the page that a result opens, and in no other.
if (!new URL(document.referrer || location.href).pathname.endsWith("/search.html"))
  localStorage.removeItem("sphinx_highlight_terms");

// An element with properties and children; quiz.js and claims.js, which come after this script, call it too.
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const root = document.documentElement;
let moved = false;
for (const kind of ["wheel", "touchmove", "keydown"]) addEventListener(kind, () => (moved = true), { once: true });

function showNext(sections) {
  const section = sections.shift();
  if (section) {
    section.classList.add("laid-out");
    setTimeout(() => showNext(sections), 16);
  } else {
    root.dataset.whole = "";
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && !moved) target.scrollIntoView();
  }
}

addEventListener("load", () => showNext([...document.querySelectorAll(".bd-article section section")]));

const scrolling = "pre, .cell_output > .output, .pst-scrollable-table-container";
const measured = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const larger = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (larger) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(scrolling)) measured.observe(box);

const folds = [];

addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open])")) {
    folds.push([fold, fold.hidden]);
    fold.open = true;
    fold.hidden = false;
  }
});

addEventListener("afterprint", () => {
  for (const [fold, hidden] of folds.splice(0)) {
    fold.open = false;
    fold.hidden = hidden;
  }
});
