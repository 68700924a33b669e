// One question at a time: a form in a dialog, sent to the API; a refusal is said where it was asked.
import { post, Problem } from "/static/js/api.js";
import { $, el } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";

const dialog = $("#ask");
// It is told a moment later, when the next question may be there.
dialog.addEventListener("close", () => dialog.open || dialog.replaceChildren());

const reason = () => ({ name: "reason", words: t("Reason"), hint: t("It is kept in the journal with your name."), required: true });
export const told = () => [
  { name: "zh", words: t("What people are told, in Chinese"), required: true },
  { name: "en", words: t("What people are told, in English") }, reason(),
];
export const why = () => [reason()];

function input(field) {
  if (field.options) {
    return el("label", {}, field.words, el("select", { name: field.name }, field.options.map(([value, words]) => el("option", { value }, words))));
  }
  const kind = field.type ?? "text";
  return el("label", {}, field.words,
    el("input", { name: field.name, type: kind, maxlength: kind === "text" && 200, min: kind === "number" && 0, required: field.required ?? false, value: field.value ?? "", autocomplete: "off" }),
    field.hint && el("span", { class: "soft" }, field.hint));
}

function body(fields, data) {
  const all = fields.map((field) => [field.name, field.type === "number" ? data.get(field.name) && Number(data.get(field.name)) : data.get(field.name).trim()]);
  return Object.fromEntries(all.filter(([name, value]) => value !== "" || name === "reason"));
}

// Asks for the fields and sends them to a path; resolves when it is done or given up.
export function ask({ title, fields, send, path, after }) {
  const fault = el("p", { class: "error", role: "alert", hidden: true });
  const form = el("form", { method: "dialog", onsubmit: submit },
    el("h2", { id: "ask-title" }, title), fields.map(input), fault,
    el("p", { class: "pair" }, el("button", { class: "button" }, send), el("button", { type: "button", class: "button quiet", onclick: () => dialog.close() }, t("Back"))));
  let sending = false;
  async function submit(event) {
    event.preventDefault();
    if (sending) return; // a second press is a slip of the finger
    sending = true;
    try {
      await post(path, body(fields, new FormData(form)));
      if (form.isConnected) dialog.close();
      after?.();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      fault.textContent = error.message;
      fault.hidden = false;
    } finally {
      sending = false;
    }
  }
  show(form);
}

// Offers what can be done with one thing.
export function choose(title, choices) {
  show(el("div", { class: "choices" }, el("h2", { id: "ask-title" }, title),
    choices.filter(Boolean).map((one) => el("button", { class: "move", "data-do": one.id, onclick: () => (one.href ? location.assign(one.href) : one.run()) }, one.words)),
    el("p", { class: "pair" }, el("button", { class: "button quiet", onclick: () => dialog.close() }, t("Back")))));
}

function show(content) {
  dialog.replaceChildren(content);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input, select, button")?.focus();
}
