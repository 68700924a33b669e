// Before work: which window. A seat that is taken is said, and may be taken over.
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";

const STATES = { open: () => t("open"), paused: () => t("on a pause"), closed: () => t("free") };

export function choose(desk) {
  const lines = (place) => place.lines.map((id) => said(desk.hall.lines.find((line) => line.id === id)?.name)).join(" · ");
  return [
    el("h2", { "data-key": "which" }, t("Which window do you work at?")),
    el("div", { class: "windows", "data-key": "windows" }, desk.hall.windows.map((place) => {
      const row = desk.tables.windows?.[place.id] ?? { state: "closed" };
      const taken = row.clerk && row.clerk !== desk.clerk;
      return el("button", { class: "place", "data-key": place.id, "data-window": place.id, onclick: () => desk.sit(place.id) },
        el("b", {}, place.label), el("span", { class: "kind" }, place.kind === "priority" ? t("Priority window") : t("Window")),
        el("span", {}, lines(place)),
        el("span", { class: taken ? "taken" : "soft" }, taken ? t("%(clerk)s sits here", { clerk: row.clerk }) : STATES[row.state]()));
    })),
  ];
}

export function takeOver(desk) {
  const { window, problem } = desk.question;
  const place = (id) => desk.hall.windows.find((one) => one.id === id)?.label ?? id;
  const taken = problem.code === "WINDOW_TAKEN";
  const words = taken
    ? t("%(clerk)s sits at window %(label)s. Whoever is being served there stays with you.", { clerk: problem.facts.clerk, label: place(window) })
    : t("You still sit at window %(label)s. It will be closed; a number that is there goes back to its place.", { label: place(problem.facts.window) });
  return [el("div", { class: "question", "data-key": "question" },
    el("h2", {}, t("Take over window %(label)s?", { label: place(window) })), el("p", {}, words),
    el("p", { class: "pair" },
      el("button", { class: "button", id: "take-over", onclick: () => desk.sit(window, true) }, t("Take it over")),
      el("button", { class: "button quiet", onclick: () => desk.back() }, t("Back"))))];
}
