if ("noModule" in HTMLScriptElement.prototype) {
  // Before the page is drawn: tell the style sheet that scripts run, so that nothing moves when they do.
  document.documentElement.classList.add("js-enabled", "govuk-frontend-supported");

  // Fields in which the user types before the other scripts have loaded: those scripts get the event when they listen.
  // htmx begins to listen in a timer that it set when it ran, so this takes the place in the queue behind it.
  const early = new Set();
  const remember = (event) => early.add(event.target);
  addEventListener("input", remember, true);
  addEventListener("DOMContentLoaded", () => setTimeout(() => {
    removeEventListener("input", remember, true);
    for (const box of early) box.dispatchEvent(new Event("input", { bubbles: true }));
  }));
}
