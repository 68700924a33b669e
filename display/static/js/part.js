// Which calls and lines this screen shows: all, those of some windows, or those of some lines.
const list = (text) => (text ? text.split(",") : []);

export function part({ windows, letters, lines }) {
  const [places, kinds] = [list(windows), list(lines)];
  return {
    // A call is shown by where it goes, else by the letter of its line.
    shows: ({ window, number }) => (places.length ? places.includes(window) : !letters || letters.includes(number[0])),
    counts: (id) => !kinds.length || kinds.includes(id),
  };
}
