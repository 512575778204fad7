// What stands on a page many times in equal form is judged once: axe takes ten times as long for the rest.
// Before it runs, of paragraphs, items of lists, rows of tables, colored words of code and signs of formulas with
// the same tags and classes, inside and around, one is left. What can be used or is referred to stays.
() => {
  const USED = "a, audio, button, input, select, summary, textarea, video, [id], [role], [tabindex], [aria-label]";
  const seen = new Set();

  const look = (it) => {
    const style = it.getAttribute("style") ?? "";
    return `${it.localName}.${it.getAttribute("class") ?? ""}${/color|background/.test(style) ? style : ""}`;
  };
  const around = (it) => (it ? `${look(it)} ${around(it.parentElement)}` : "");
  const inside = (it) => [...it.querySelectorAll("*")].map(look).join(" ");
  const again = (it) => {
    const key = `${inside(it)} in ${around(it)}`;
    const known = seen.has(key);
    seen.add(key);
    return known;
  };

  for (const drawing of document.querySelectorAll("article svg"))
    if (!drawing.querySelector("a, [tabindex]"))
      for (const it of [...drawing.children]) if (!it.matches("title, desc")) it.remove();
  for (const it of document.querySelectorAll("article :is(p, li, tr)"))
    if (it.parentElement.childElementCount > 1 && !it.matches(USED) && !it.querySelector(USED) && again(it))
      it.remove();
  const words = document.querySelectorAll("article :is(span, code, em, strong, sub, sup, math *)");
  for (const it of [...words].reverse()) // the inner ones first
    if (!it.firstElementChild && !it.matches(USED) && again(it)) it.replaceWith(it.textContent);
}
