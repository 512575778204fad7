// Draws the formulas of all slides, then starts the presentation.
renderMathInElement(document.querySelector(".slides"), {
  delimiters: [
    { left: "$$", right: "$$", display: true },
    { left: "$", right: "$", display: false },
  ],
  ignoredTags: ["script", "noscript", "style", "textarea", "pre", "code"],
  throwOnError: false,
});
Reveal.initialize({ hash: true, slideNumber: "c/t", width: 1100, height: 760, plugins: [RevealNotes] });
