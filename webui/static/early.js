// Before the page is drawn: the style sheet learns that scripts run, so that nothing jumps when they do.
if ("noModule" in HTMLScriptElement.prototype) {
  document.documentElement.classList.add("js-enabled", "govuk-frontend-supported");
}
