import { Button, CharacterCount, ErrorSummary, PasswordInput, ServiceNavigation, SkipLink, createAll } from "./govuk/govuk-frontend.js";
import "./drafts.js";
import "./in-place.js";

// the components look for these on the body
document.body.classList.add("js-enabled", "govuk-frontend-supported");
// Not Radios and Checkboxes: they set aria-expanded where ARIA does not allow it; the style sheet reveals the fields of an answer.
for (const component of [Button, CharacterCount, PasswordInput, ServiceNavigation, SkipLink]) createAll(component);
// The summary of errors has the focus from the page itself (autofocus), except where the address names a place in the
// page. A keyboard user may have moved on before this script loaded, so the focus is moved only if nothing has it.
createAll(ErrorSummary, { disableAutoFocus: true });
if (document.activeElement === document.body) document.querySelector(".govuk-error-summary")?.focus();
// A form without an address of its own goes to that of the page, place in the page and all: after the skip link the answer
// would begin at the main content, and not with the focus on what is wrong.
document.addEventListener("submit", () => {
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
}, true);
