// On paper every fold is open, and closed again afterwards.
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
