if ("noModule" in HTMLScriptElement.prototype) {
  // Before the page is drawn: the style sheet learns that scripts run, so that nothing moves when they do.
  document.documentElement.classList.add("js-enabled", "govuk-frontend-supported");

  // Boxes in which somebody types before the other scripts have arrived: those scripts hear of it once they listen.
  const early = new Set();
  const remember = (event) => early.add(event.target);
  addEventListener("input", remember, true);
  addEventListener("DOMContentLoaded", () => {
    removeEventListener("input", remember, true);
    for (const box of early) box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
