// The order of search results: chapters, then the glossary, other pages, notebooks, labs, kernels, functions last.
const KINDS = [
  [/^book\/\d\d_/, 60],
  [/^book\/glossary$/, 50],
  [/^book\/functions$/, -30],
  [/^book\/kernels\//, 0],
  [/^book\//, 40],
  [/^notebooks\//, 20],
  [/^labs\//, 10],
];

var Scorer = {
  score: ([docname, , , , score]) => score + (KINDS.find(([pattern]) => pattern.test(docname))?.[1] ?? 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
