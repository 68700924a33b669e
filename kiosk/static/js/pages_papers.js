// The materials: all there, or what is missing.
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";
import { actions, back, button, lead, names, part, reach, title } from "/kiosk/static/js/parts.js";

// Papers of several services by name: one identity card is enough for all of them. `key` is the same in every language,
// so that what was touched stays when the language changes.
export function papersOf(services) {
  const all = services.flatMap((one) => one.materials.map((paper) => ({ ...paper, service: one.id, key: paper.name.zh })));
  const papers = new Map();
  for (const paper of all) papers.set(paper.key, { ...paper, of: [...(papers.get(paper.key)?.of ?? []), paper] });
  return [...papers.values()];
}

const take = (go, text) => button(text, { class: "main", id: "take", onclick: go.take });

export function materials(desk, go) {
  const { services, card, claim } = desk.chosen;
  const papers = papersOf(services);
  const more = desk.hall.services.some((one) => one.line === services[0].line && !services.includes(one));
  return [
    title(names(services), papers.length ? t("Do you have these papers with you?") : t("No papers are needed.")),
    papers.length > 0 && el("ul", { class: "papers" }, papers.map((paper) =>
      el("li", {}, said(paper.name), paper.note && el("small", {}, said(paper.note))))),
    (card || claim) && lead(t("Please show your document at the window."), "note"),
    el("div", { class: "reach" }, actions(
      take(go, papers.length ? t("All there: take a number") : t("Take a number")),
      papers.length > 0 && button(t("Something is missing"), { class: "quiet missing", onclick: go.missing }),
      more && button(t("Another matter as well"), { class: "quiet more", onclick: go.more }), back(go))),
  ];
}

export function missing(desk, go) {
  const { services, lacks } = desk.chosen;
  const papers = papersOf(services);
  return [
    title(t("What is missing?"), t("Touch what you do not have. The slip says everything you need; its code skips the menus next time.")),
    reach(
      el("div", { class: "grid services" }, part(desk, papers, (paper) => {
        const lacking = lacks.has(paper.key);
        return el("button", { class: "choice paper", "data-paper": paper.id, "aria-pressed": String(lacking), onclick: () => go.lack(paper.key) },
          el("span", { class: "words" }, el("span", {}, said(paper.name)), el("small", {}, lacking ? t("Missing") : t("I have it"))));
      }, go)),
      actions(
        lacks.size > 0 && button(t("Print what I need"), { class: "main", id: "slip", onclick: go.slip }),
        button(t("Take a number all the same"), { class: "quiet", id: "take", onclick: go.take }), back(go))),
  ];
}

export function told(desk, go) {
  const { services, lacks, paper } = desk.chosen;
  const out = paper === "none" || desk.paperOut();
  return [
    title(t("Please bring"), names(services)),
    el("ul", { class: "papers" }, papersOf(services).filter(({ key }) => lacks.has(key)).map(({ name }) => el("li", {}, said(name)))),
    lead(out ? t("Nothing is printed at the moment. Please remember or photograph this.")
      : t("Please take the slip. It keeps no place, but its code skips the menus next time."), "note"),
    reach(actions(button(t("Done"), { class: "main", id: "done", onclick: go.end }),
      button(t("Take a number all the same"), { class: "quiet", id: "take", onclick: go.take }))),
  ];
}
