// The rating pad: a level, perhaps what it was about, sent once; then it waits for the next person.
import { post, Problem } from "/static/js/api.js";
import { $ } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";

const AGAIN_MS = 6000;
const FORGET_MS = 60000;
const { hall, window: place } = document.documentElement.dataset;
const first = { title: $("#title").textContent, said: $("#said").textContent };
let level = 0;
let timer = 0;
let sending = false;

const pressed = (button) => button.getAttribute("aria-pressed") === "true";
const all = (selector) => [...document.querySelectorAll(selector)];

function say(title, said) {
  $("#title").textContent = title;
  $("#said").textContent = said;
}

function start() {
  clearTimeout(timer);
  level = 0;
  for (const button of all("[aria-pressed]")) button.setAttribute("aria-pressed", "false");
  say(first.title, first.said);
  $("#form").hidden = false;
  $("#more").hidden = true;
  $("#send").hidden = false;
  $("#send").disabled = true;
}

// What somebody began and left must not be sent by the next one.
function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(start, ms);
}

async function send() {
  if (sending) return; // another level was touched meanwhile
  sending = true;
  $("#send").disabled = true;
  const items = all("[data-item]").filter(pressed).map((button) => button.dataset.item);
  try {
    await post(`/api/v1/halls/${hall}/windows/${place}/rating`, { level, items });
    say(t("Thank you."), t("Your rating is kept. Those who served you do not see who gave it."));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(t("Not now."), error.message);
  }
  sending = false;
  for (const part of ["#form", "#more", "#send"]) $(part).hidden = true;
  later(AGAIN_MS);
}

for (const button of all("[data-level]")) {
  button.addEventListener("click", () => {
    level = Number(button.dataset.level);
    for (const one of all("[data-level]")) one.setAttribute("aria-pressed", String(one === button));
    $("#more").hidden = !all("[data-item]").length;
    $("#send").disabled = false;
    later(FORGET_MS);
  });
}
for (const button of all("[data-item]")) {
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(!pressed(button)));
    later(FORGET_MS);
  });
}
$("#send").addEventListener("click", send);
