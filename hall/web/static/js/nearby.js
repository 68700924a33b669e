// The nearest hall first. Where somebody is stays in the phone: the distances are worked out here.
import { $ } from "/static/js/dom.js";
import { language, t } from "/static/js/texts.js";

const EARTH_KM = 6371;
const PATIENCE_MS = 10000;
const radians = (degrees) => (degrees * Math.PI) / 180;

// Kilometres between two places on the globe (haversine).
export function distance(one, other) {
  const [lat, lon] = [radians(other.lat - one.lat), radians(other.lon - one.lon)];
  const h = Math.sin(lat / 2) ** 2 + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * Math.sin(lon / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(h));
}

export function told(km) {
  const number = new Intl.NumberFormat(language === "en" ? "en-GB" : "zh-CN", { maximumFractionDigits: km < 10 ? 1 : 0 });
  return t("%(n)s km", { n: number.format(km) });
}

function sort({ coords }) {
  const here = { lat: coords.latitude, lon: coords.longitude };
  const halls = [...$("#halls").children];
  const far = new Map(halls.map((hall) => [hall, "lat" in hall.dataset ? distance(here, { lat: Number(hall.dataset.lat), lon: Number(hall.dataset.lon) }) : Infinity]));
  for (const hall of halls) hall.querySelector(".distance").textContent = Number.isFinite(far.get(hall)) ? told(far.get(hall)) : "";
  $("#halls").append(...halls.sort((a, b) => far.get(a) - far.get(b)));
  $("#said").textContent = t("The nearest hall is first now.");
}

if ($("#near")) {
  $("#near").hidden = !("geolocation" in navigator) || !document.querySelector("[data-lat]");
  $("#near").addEventListener("click", () => {
    const sorry = () => ($("#said").textContent = t("The phone does not say where it is. The list stays as it is."));
    navigator.geolocation.getCurrentPosition(sort, sorry, { timeout: PATIENCE_MS, maximumAge: 60000 });
  });
}
