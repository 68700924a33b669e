// Plays a card reader to the kiosk's page in the same browser.
import { $ } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";
import { madeUp } from "/kiosk/static/js/made_up.js";
import { CHANNEL } from "/kiosk/static/js/reader.js";

const channel = new BroadcastChannel(CHANNEL);

$("#reader").addEventListener("submit", (event) => {
  event.preventDefault();
  channel.postMessage($("#text").value);
  $("#done").textContent = t("%(text)s was put on the reader.", { text: $("#text").value });
});

$("#ages").addEventListener("submit", (event) => {
  event.preventDefault();
  $("#text").value = madeUp(Number($("#age").value));
  $("#put").focus();
});
