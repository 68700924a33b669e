// Every reader of this kiosk at once: the keyboard, the vendor services of the hall's file, the fake one where it may be.
import { followService } from "/kiosk/static/js/local_reader.js";
import { listen } from "/kiosk/static/js/reader.js";

// `settings` is what /kiosk/readers answers. Returns a function that ends all of them.
export function start(settings, hear) {
  const ends = [listen({ ...hear, fake: settings.fake }), ...settings.services.map((one) => followService(one, hear))];
  return () => ends.forEach((end) => end());
}
