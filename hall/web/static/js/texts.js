// Texts of the page's catalogue; message ids are the English texts.
const block = document.getElementById("texts");
let catalogue = block ? JSON.parse(block.textContent) : {};

const named = (lang) => (lang.startsWith("en") ? "en" : "zh");
export let language = named(document.documentElement.lang);
const zone = document.documentElement.dataset.zone || "Asia/Shanghai";

export function t(id, facts = {}) {
  return (catalogue[id] ?? id).replace(/%\((\w+)\)s/g, (_, name) => facts[name] ?? "");
}

// Another language without loading the page again: the texts are those of another document.
export function speak(lang, texts) {
  catalogue = texts;
  language = named(lang);
  document.documentElement.lang = lang;
}

// A data text {zh, en} in the page's language.
export const said = (text) => (text ? (language === "en" && text.en) || text.zh : "");

const locale = () => (language === "en" ? "en-GB" : "zh-CN");
export const clock = (ms) =>
  new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(ms);
export const today = (ms) =>
  new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeZone: zone }).format(ms);

// A moment that may be on another day.
export function when(ms, now = Date.now()) {
  if (today(ms) === today(now)) return clock(ms);
  const day = new Intl.DateTimeFormat(locale(), { weekday: "long", month: "long", day: "numeric", timeZone: zone }).format(ms);
  return `${day} ${clock(ms)}`;
}
