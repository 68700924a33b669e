// A number for somebody who stands at the desk. Where hours, an end for today or the contingent say no, whoever may go
// beyond says why, and that is recorded.
import { Problem } from "/static/js/api.js";
import { el } from "/static/js/dom.js";
import { said, t } from "/static/js/texts.js";
import { field, reasonField, shell } from "/console/static/js/forms.js";

const BEYOND = ["HALL_CLOSED", "LINE_CLOSED", "CONTINGENT_FULL", "CLOSED_TODAY", "LINE_PAUSED", "TOO_LATE_TODAY"];

function services(hall) {
  return hall.lines.map((line) => el("optgroup", { label: `${line.letter} ${said(line.name)}` },
    hall.services.filter((one) => one.line === line.id).map((one) => el("option", { value: one.id }, said(one.name)))));
}

export function give(desk) {
  const beyond = el("div", { id: "beyond", hidden: true },
    el("p", { class: "soft" }, t("To give the number all the same, say why. It is recorded with your name.")), field(t("Reason"), reasonField()));
  const reason = beyond.querySelector("input");
  reason.disabled = true; // asked for only when it is needed
  const languages = [["zh", t("Chinese")], ["en", t("English")]];
  const groups = desk.hall.groups.map((group) => [group.id, said(group.name)]);
  const choice = (name, options) => el("select", { name }, options.map(([value, words]) => el("option", { value }, words)));
  return shell(t("Give a number"), [
    field(t("What for"), el("select", { name: "service" }, services(desk.hall))),
    groups.length > 0 && field(t("Belongs to a group"), choice("claim", [["", t("none")], ...groups])),
    field(t("Language"), choice("language", languages)),
    beyond,
  ], async (data) => {
    const claim = data.get("claim") || undefined;
    const override = reason.disabled ? undefined : data.get("reason").trim();
    const answer = await desk.ask("tickets", { services: [data.get("service")], language: data.get("language"), claim, override });
    if (answer instanceof Problem) return BEYOND.includes(answer.code) && desk.mayOverride && ask();
    if (answer) desk.given(answer.number);
  }, desk);

  function ask() {
    beyond.hidden = reason.disabled = false;
    reason.focus();
  }
}
