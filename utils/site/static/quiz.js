// Asks for a prediction before the answer shows. Without this script a quiz is its question, its choices and a fold.

function choice(item, name) {
  const box = make("input", { type: "radio", name, required: true, value: item.classList.contains("right") ? "right" : "" });
  const text = make("span", {}, ...(item.querySelector("p") ?? item).childNodes);
  return make("label", { className: "quiz-choice" }, box, text);
}

function words(name) {
  const box = make("textarea", { name, required: true, rows: 2 });
  return make("label", { className: "quiz-words" }, make("span", {}, "Your prediction"), box);
}

function verdict(form, name) {
  const picked = form.querySelector("input:checked");
  if (!picked) return "Compare your prediction with the answer:";
  return picked.value === "right" ? "Your prediction is right." : "Your prediction is not right.";
}

function ask(quiz, number) {
  const name = `quiz-${number}`;
  const question = quiz.querySelector(".quiz-question");
  const list = quiz.querySelector(".quiz-choices");
  const answer = quiz.querySelector(".quiz-answer");
  const legend = make("legend", {}, ...question.childNodes);
  const fields = list ? [...list.children].map((item) => choice(item, name)) : [words(name)];
  const button = make("button", { type: "submit" }, "Commit, then compare");
  const set = make("fieldset", {}, legend, ...fields, button);
  const status = make("p", { className: "quiz-verdict" });
  status.setAttribute("role", "status");
  const form = make("form", { className: "quiz-form" }, set, status);
  answer.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = verdict(form, name);
    answer.hidden = false;
    answer.open = true;
    set.disabled = true;
    answer.querySelector("summary").focus();
  });
  question.replaceWith(form);
  list?.remove();
}

document.querySelectorAll(".quiz").forEach(ask);
