// What htmx does not do: move the focus when a part of the page was replaced, and announce the result.

const main = () => document.getElementById("main-content");

// what was pressed, and the nearest thing with a name around it: that is still there when the button is gone
let link = null;
let around = null;
let scrolled = 0;

// Sending a whole form leaves the page. A pending in-place request would be answered too late, and the cookie of that
// response would replace the newer one.
let leaving = null;

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  leaving = event.target;
  leaving.dispatchEvent(new Event("htmx:abort"));
});

addEventListener("pageshow", () => {
  leaving = null;
});

document.addEventListener("htmx:before:request", (event) => {
  const source = event.detail.ctx.sourceElement;
  if (source === leaving) {
    event.preventDefault();
    return;
  }
  document.getElementById("not-sent").textContent = "";
  link = source.getAttribute("href");
  around = source.closest("main [id]")?.id ?? null;
});

document.addEventListener("htmx:before:swap", () => {
  scrolled = scrollY;
  // htmx copies styles over to what takes a thing's place, and the policy has no place for a style in a tag
  for (const one of main().querySelectorAll("[style]")) one.removeAttribute("style");
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target?.id !== "main-content") return;
  const problem = main().querySelector(".govuk-error-summary");
  if (problem) {
    problem.focus();
    return;
  }
  // while its content was being exchanged the page was too short to stay where it was
  scrollTo({ top: scrolled, behavior: "instant" });
  document.getElementById("said").textContent =
    [...main().querySelectorAll(".c-done")].map((one) => one.textContent.trim()).join(" ");
  if (main().contains(document.activeElement)) return;
  const place = (link && main().querySelector(`a[href="${CSS.escape(link)}"]`)) ||
    (around && document.getElementById(around)) || main();
  if (!place.matches("a, button, input, select, textarea")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
});

document.addEventListener("htmx:error", () => {
  const alert = document.getElementById("not-sent");
  alert.textContent = alert.dataset.words;
});
