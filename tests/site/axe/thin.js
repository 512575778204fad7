// What stands in equal form many times, on one page or on several, is judged once: axe takes ten times as long for
// all. Before it runs, paragraphs, items of lists, rows of tables, colored words of code and signs of formulas go
// where others with the same tags and classes, inside and around, were seen. What can be used or is referred to stays,
// but for links, whose texts test_links.py reads.
// Takes the forms that were seen on other pages, as numbers, and gives those that came.
(known) => {
  const USED = "audio, button, input, select, summary, textarea, video, [id], [role], [tabindex], [aria-label]";
  const seen = new Set(document.querySelector("article style") ? [] : known); // a page may have colors of its own
  const came = [];

  const look = (it) => {
    const style = it.getAttribute("style") ?? "";
    return `${it.localName}.${it.getAttribute("class") ?? ""}${/color|background/.test(style) ? style : ""}`;
  };
  const around = (it) => (it ? `${look(it)} ${around(it.parentElement)}` : "");
  const inside = (it) => [...it.querySelectorAll("*")].map(look).join(" ");
  const number = (text) => [...text].reduce((sum, sign) => (Math.imul(sum, 31) + sign.charCodeAt(0)) | 0, 7);
  const again = (it) => {
    const form = number(`${inside(it)} in ${around(it)}`);
    if (seen.has(form)) return true;
    seen.add(form);
    came.push(form);
    return false;
  };

  for (const drawing of document.querySelectorAll("article svg"))
    if (!drawing.querySelector("a, [tabindex]"))
      for (const it of [...drawing.children]) if (!it.matches("title, desc")) it.remove();
  for (const it of document.querySelectorAll("nav li")) if (!it.querySelector("li") && again(it)) it.remove();
  for (const it of document.querySelectorAll("article :is(p, li, tr)"))
    if (it.parentElement.childElementCount > 1 && !it.matches(USED) && !it.querySelector(USED) && again(it))
      it.remove();
  const words = document.querySelectorAll("article :is(span, code, em, strong, sub, sup, math *)");
  for (const it of [...words].reverse()) // the inner ones first
    if (!it.firstElementChild && !it.matches(USED) && again(it)) it.replaceWith(it.textContent);
  return came;
}
