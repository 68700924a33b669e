// What the desk's pages do besides: a choice shows what follows from it at once, / finds, the first fault is where one writes.
const $ = (selector) => document.querySelector(selector);

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, select, textarea") || !$("#q")) return;
  event.preventDefault();
  $("#q").focus();
});
// What was chosen before this script had come.
const chosen = (select) => [...select.options].some((option) => option.selected !== option.defaultSelected && option.index > 0);
[...document.querySelectorAll("[data-submits]")].find(chosen)?.form.requestSubmit();
$("[aria-invalid=true]")?.focus();
