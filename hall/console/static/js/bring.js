// A portal's file, sent as it is: the server knows its encodings. The report tells rows by number, nobody by name.
import { Problem, send } from "/static/js/api.js";
import { $, el, update } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";

const RESULTS = { accepted: () => t("new"), changed: () => t("changed"), unchanged: () => t("unchanged"), refused: () => t("not taken over") };

function report(answer) {
  const counts = Object.entries(RESULTS).map(([result, words]) => `${words()} ${answer[result]}`).join(" · ");
  const head = [t("Row"), t("Number of the portal"), t("Result"), t("Reason")];
  const rows = answer.rows.filter((one) => one.result !== "unchanged");
  return [el("h2", { "data-key": "counts" }, counts),
    rows.length > 0 && el("table", { "data-key": "rows" }, el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, rows.map((one) => el("tr", { "data-result": one.result },
        el("td", {}, String(one.row)), el("td", {}, one.external_id), el("td", {}, RESULTS[one.result]()), el("td", {}, one.detail ?? "")))))];
}

function say(text) {
  $("#message").textContent = text;
  $("#message").className = "message bad";
  $("#message").hidden = !text;
}

$("#import").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = $("#file").files;
  const type = file.name.toLowerCase().endsWith(".json") ? "application/json" : "text/csv";
  say("");
  update($("#report"), [el("p", {}, t("Reading the file …"))]);
  try {
    update($("#report"), report(await send(`/api/v1/halls/${document.documentElement.dataset.hall}/appointments/import`, file, type)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    update($("#report"), []);
    say(error.message);
  }
});
