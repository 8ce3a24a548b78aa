// A long form keeps what is typed in it: a second after the last key, on leaving the page, and when its button says so.
// The button works without this; the server says in words what it did. One listener for all: a form may be swapped.
// What could not be saved is tried again until it is, and the page is not left meanwhile without a question.
const PAUSE = 1000;
const AGAIN = 5000;
const LOOK = 15000;
const BUTTON = 'button[name="draft"][value="keep"]';
const states = new WeakMap();
const shown = new WeakMap();

const stateOf = (form) => {
  if (!states.has(form)) states.set(form, { waiting: null, going: null, over: false, unsaved: false });
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
    if (answer.ok) {
      if (!state.waiting) state.unsaved = false;
      const version = answer.headers.get("X-Draft-Version");
      if (version && form.elements.text_version) form.elements.text_version.value = version;
    } else if (answer.status >= 500) {
      tryAgain(form, state);
    }
  } catch (problem) {
    if (problem.name === "AbortError") return;
    say(said.dataset.failed);
    tryAgain(form, state);
  }
}

function tryAgain(form, state) {
  if (state.over || !form.isConnected) return;
  clearTimeout(state.waiting);
  state.waiting = setTimeout(() => keep(form), AGAIN);
}

addEventListener("online", () => {
  for (const button of document.querySelectorAll(BUTTON)) {
    if (states.get(button.form)?.unsaved) keep(button.form);
  }
});

// what was sent did not arrive: it is still typed, and is saved as a draft once there is a connection
document.addEventListener("htmx:error", () => {
  for (const button of document.querySelectorAll(BUTTON)) {
    const state = states.get(button.form);
    if (!state?.over) continue;
    state.over = false;
    state.unsaved = true;
    tryAgain(button.form, state);
  }
});

addEventListener("beforeunload", (event) => {
  for (const button of document.querySelectorAll(BUTTON)) {
    const state = states.get(button.form);
    if (state?.unsaved && !state.over && !navigator.onLine) event.preventDefault();
  }
});

// what others typed about the same thing, kept up to date beside the form
setInterval(async () => {
  const place = document.getElementById("texts-of-others");
  if (!place || document.hidden || place.contains(document.activeElement)) return;
  try {
    const answer = await fetch(place.dataset.address);
    const text = answer.ok && !answer.redirected ? (await answer.text()).trim() : null;
    // only what came from this service's own template, which escapes what people typed
    if (text !== null && shown.get(place) !== text) {
      place.innerHTML = text;
      shown.set(place, text);
    }
  } catch {
    // the connection is lost: looked at again later
  }
}, LOOK);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.querySelector(BUTTON)) return;
  const state = stateOf(form);
  state.over = false;
  state.unsaved = true;
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
