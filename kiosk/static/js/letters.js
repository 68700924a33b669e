// Search by letters: what a person touches are initials of pinyin, everyday words of it, or of the English name.
const LATIN = /[a-z]/;

// The words a service is found by, small letters without anything else.
export function words(service) {
  const given = service.search.map((word) => word.toLowerCase().replace(/[^a-z]/g, ""));
  const english = (service.name.en ?? "").toLowerCase().split(/[^a-z]+/);
  return [...new Set([...given, ...english])].filter((word) => LATIN.test(word) && word.length > 1);
}

export const found = (services, typed) => services.filter((one) => words(one).some((word) => word.startsWith(typed)));

// The letters that lead somewhere from here: nobody types into a dead end.
export function next(services, typed) {
  const letters = services.flatMap(words).filter((word) => word.startsWith(typed)).map((word) => word[typed.length]);
  return [...new Set(letters.filter(Boolean))].sort();
}
