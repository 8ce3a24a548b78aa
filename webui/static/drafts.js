// A long form keeps what is typed in it: a second after the last key, on leaving the page, and when its button says so.
// The button works without this; the server says in words what it did.
const PAUSE = 1000;

for (const button of document.querySelectorAll('button[name="draft"][value="keep"]')) follow(button.form, button);

function follow(form, button) {
  const said = form.querySelector(".c-keep__said");
  let waiting = null;
  let going = null;
  let over = false;

  async function keep(leaving = false) {
    clearTimeout(waiting);
    waiting = null;
    going?.abort();
    going = new AbortController();
    const typed = new URLSearchParams(new FormData(form));
    typed.set("draft", "keep");
    try {
      const answer = await fetch(form.getAttribute("action") || location.href, {
        method: "POST", body: typed, headers: { "X-Draft": "1" }, signal: going.signal, keepalive: leaving,
      });
      say(answer.ok ? await answer.text() : said.dataset.failed);
    } catch (problem) {
      if (problem.name !== "AbortError") say(said.dataset.failed);
    }
  }

  function say(words) {
    if (!over && said.textContent !== words) said.textContent = words;
  }

  form.addEventListener("input", () => {
    over = false;
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter === button) {
      event.preventDefault();
      keep();
      return;
    }
    over = true;
    clearTimeout(waiting);
    going?.abort();
  });
  addEventListener("pagehide", () => {
    if (waiting !== null && !over) keep(true);
  });
}
