// Loads the pages' modules as the browser does: "/static/…" is where the server finds it; the socket
// library, the one edge that is not ours, is a fake.
import { registerHooks } from "node:module";

const ROOT = new URL("../../", import.meta.url);
const PLACES = [
  ["/static/vendor/socket.io.esm.min.js", "tests/js/fake_socket.js"],
  ["/static/", "hall/web/static/"],
  ["/display/static/", "display/static/"],
  ["/kiosk/static/", "kiosk/static/"],
  ["/desk/static/", "hall/desk/static/"],
];

registerHooks({
  resolve(specifier, context, next) {
    const place = PLACES.find(([start]) => specifier.startsWith(start));
    if (!place) return next(specifier, context);
    const [start, folder] = place;
    const query = context.parentURL ? new URL(context.parentURL).search : "";
    return next(new URL(folder + specifier.slice(start.length) + query, ROOT).href, context);
  },
  load(url, context, next) {
    return next(url, { ...context, ...(url.includes("/static/js/") && { format: "module" }) });
  },
});

// A module by its address on the server. Another `variant` is another copy, for another document.
export const page = (address, variant = "") => import(address + (variant && `?${variant}`));
