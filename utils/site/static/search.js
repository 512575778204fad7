// The excerpt of a result is running text: no formulas, code, drawings or labels of widgets.
addEventListener("DOMContentLoaded", () => {
  const whole = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of page.querySelectorAll("pre, svg, .math, .frugal-widget, .record")) part.remove();
    return whole(page.documentElement.outerHTML, anchor);
  };
});
