// Judges a claim again as its reader wishes, and filters the scoreboard. Without this script all claims are shown.

// The rule of utils/evidence/verdict.py: from an interval to a word.
function decide(relation, low, high, d) {
  if (relation === "better") {
    if (low >= d) return "supported";
    if (high <= -d) return "contradicted";
    return high < d ? "not supported" : "undecided";
  }
  if (relation === "as good") {
    if (low > -d) return "supported";
    return high <= -d ? "contradicted" : "undecided";
  }
  if (-d < low && high < d) return "supported";
  return low >= d || high <= -d ? "contradicted" : "undecided";
}

// Student's interval of the mean difference.
function interval(values, quantiles) {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  const half = quantiles[n - 2] * Math.sqrt(variance / n);
  return [mean, mean - half, mean + half];
}

const signed = (x) => (x > 0 ? "+" : "") + Number(x.toPrecision(3));

function judged(rule, values, smallest) {
  if (values.length < 2) return "An interval needs at least two seeds.";
  if (values.length > rule.quantiles.length + 1) return "That is as many values as this page can judge.";
  if (!(smallest > 0)) return "The smallest effect that counts must be above zero.";
  const [mean, low, high] = interval(values, rule.quantiles);
  let word = decide(rule.relation, low, high, smallest);
  if (rule.prediction) word = word === "supported" ? "prediction holds" : "prediction fails";
  return `${word}: ${signed(mean)} ${rule.unit} (${signed(low)} to ${signed(high)}), ${values.length} seeds`;
}

function labeled(text, input) {
  return make("label", {}, make("span", {}, text), input);
}

function judge(place) {
  const rule = JSON.parse(place.dataset.rule);
  const boxes = rule.seeds.map(() => make("input", { type: "checkbox", checked: true }));
  const smallest = make("input", { type: "number", min: 0, step: "any", value: rule.smallest });
  const added = make("input", { type: "text", inputMode: "decimal", placeholder: "0.1 -0.2" });
  const word = make("output", {});
  const seeds = boxes.map((box, i) => labeled(`${rule.seeds[i]}: ${signed(rule.differences[i])}`, box));
  const show = () => {
    const kept = rule.differences.filter((_, i) => boxes[i].checked);
    const more = added.value.split(/[\s;]+/).filter(Boolean).map(Number);
    word.value = more.every(Number.isFinite)
      ? judged(rule, [...kept, ...more], Number(smallest.value))
      : "Write the added values as numbers with spaces between them.";
  };
  const fields = make(
    "fieldset",
    {},
    make("legend", {}, "Judge it yourself"),
    labeled(`Smallest effect that counts (${rule.unit || "no unit"})`, smallest),
    labeled("Add differences of your own seeds (positive: as claimed)", added),
    make("p", {}, word),
    make("div", { className: "judge-seeds" }, ...seeds),
  );
  fields.addEventListener("input", show);
  place.replaceChildren(fields);
  show();
}

for (const fold of document.querySelectorAll("details.claim-more"))
  fold.addEventListener("toggle", () => fold.querySelectorAll(".judge:empty").forEach(judge));

// A link to a claim opens its fold.
function open() {
  const target = location.hash.startsWith("#claim-") && document.getElementById(location.hash.slice(1));
  const fold = target && target.querySelector("details");
  if (fold) fold.open = true;
}
addEventListener("hashchange", open);
open();

function choices(values, every) {
  return [make("option", { value: "" }, every), ...values.map((it) => make("option", { value: it[0] }, it[1]))];
}

function filters(board) {
  const items = [...board.children];
  const numbers = [...new Set(items.map((it) => it.dataset.chapter))].map((it) => [it, `chapter ${it}`]);
  const words = [...new Set(items.flatMap((it) => it.dataset.words.split(" ")))].filter(Boolean);
  const named = words.map((it) => [it, it.replace("word-", "").replaceAll("-", " ")]);
  const owners = [["paper", "the paper's claims"], ["ours", "our questions"]];
  const selects = [
    [make("select", {}, ...choices(numbers, "all")), "Chapter", (it, value) => it.dataset.chapter === value],
    [make("select", {}, ...choices(named, "all")), "Verdict", (it, value) => it.dataset.words.split(" ").includes(value)],
    [make("select", {}, ...choices(owners, "all")), "Asked by", (it, value) => it.dataset.owner === value],
  ];
  const count = make("output", {});
  const show = () => {
    for (const it of items) it.hidden = selects.some(([select, , fits]) => select.value && !fits(it, select.value));
    count.value = `${items.filter((it) => !it.hidden).length} of ${items.length} claims`;
  };
  const form = make("div", { className: "claim-filters" }, ...selects.map(([select, text]) => labeled(text, select)), count);
  form.addEventListener("input", show);
  board.before(form);
  show();
}

document.querySelectorAll(".board > ol").forEach(filters);
