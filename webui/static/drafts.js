// A long form keeps what is typed in it: a second after the last key, on leaving the page, and when its button says so.
// The button works without this; the server says in words what it did. One listener for all: a form may be swapped.
const PAUSE = 1000;
const BUTTON = 'button[name="draft"][value="keep"]';
const states = new WeakMap();

const stateOf = (form) => {
  if (!states.has(form)) states.set(form, { waiting: null, going: null, over: false });
  return states.get(form);
};

async function keep(form, leaving = false) {
  const state = stateOf(form);
  const said = form.querySelector(".c-keep__said");
  const say = (words) => {
    if (!state.over && said.textContent !== words) said.textContent = words;
  };
  clearTimeout(state.waiting);
  state.waiting = null;
  state.going?.abort();
  state.going = new AbortController();
  const typed = new URLSearchParams(new FormData(form));
  typed.set("draft", "keep");
  try {
    const answer = await fetch(form.getAttribute("action") || location.href, {
      method: "POST", body: typed, headers: { "X-Draft": "1" }, signal: state.going.signal, keepalive: leaving,
    });
    say(answer.ok ? await answer.text() : said.dataset.failed);
  } catch (problem) {
    if (problem.name !== "AbortError") say(said.dataset.failed);
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.querySelector(BUTTON)) return;
  const state = stateOf(form);
  state.over = false;
  clearTimeout(state.waiting);
  state.waiting = setTimeout(() => keep(form), PAUSE);
});

// before other listeners get the event
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.submitter?.matches(BUTTON)) {
    event.preventDefault();
    event.stopPropagation();
    keep(form);
    return;
  }
  if (!states.has(form)) return;
  const state = stateOf(form);
  state.over = true;
  clearTimeout(state.waiting);
  state.waiting = null;
  state.going?.abort();
}, true);

addEventListener("pagehide", () => {
  for (const button of document.querySelectorAll(BUTTON)) {
    if (states.get(button.form)?.waiting) keep(button.form, true);
  }
});
