// Every chart of a page: the figures stand beside it as JSON, and in the table below it for everybody.
import uPlot from "/static/vendor/uplot/uPlot.esm.js";

// Told apart by line and by brightness too.
const INKS = [["#0b5345", []], ["#b35900", [8, 4]], ["#3b4fa0", [2, 3]], ["#7a1f5c", [12, 3, 2, 3]], ["#14211d", [5, 2]]];
const HEIGHT = 260;
const MOST_LABELS = 16;

const figure = (unit, value) => (value === null || value === undefined ? "–" : unit === "share" ? `${(100 * value).toFixed(1)} %` : String(Math.round(value * 10) / 10));

// `bands`: pairs of series (above, below) whose space between is filled; such an `edge` has no points. `stepped`: what
// holds for a whole row of the table, not for its moment.
export function draw(node, { unit, unit_name, key, labels, series, bands = [], stepped = false }) {
  const step = Math.ceil(labels.length / MOST_LABELS);
  const short = (text) => (text.length > 14 ? `${text.slice(0, 13)}…` : text);
  const shown = bands.length ? series : series.slice(0, INKS.length);
  const paths = stepped ? uPlot.paths.stepped({ align: 1 }) : undefined;
  const one = ({ name, ink, edge = false }, n) => {
    const [stroke, dash] = INKS[ink ?? n];
    const points = { show: !edge && !stepped, size: 6 };
    return { label: name, class: edge ? "edge" : "middle", stroke, dash: edge ? [2, 4] : dash, width: edge ? 1 : 2, paths, points, value: (_, value) => figure(unit, value) };
  };
  const chart = new uPlot({
    width: node.clientWidth, height: HEIGHT,
    scales: { x: { time: false, range: [-0.5, labels.length - (stepped ? 0 : 0.5)] }, y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high || 1) * 1.08] } },
    axes: [
      { splits: () => labels.map((_, n) => n).filter((n) => n % step === 0), values: (_, at) => at.map((n) => short(labels[n] ?? "")), grid: { show: false } },
      { label: unit_name, values: (_, at) => at.map((value) => figure(unit, value)), size: 60 },
    ],
    series: [{ label: key, value: (_, n) => labels[n] ?? "" }, ...shown.map(one)],
    bands: bands.map(([above, below]) => ({ series: [above + 1, below + 1], fill: `${INKS[shown[above].ink][0]}26` })),
  }, [labels.map((_, n) => n), ...shown.map(({ values }) => values)], node);
  node.dataset.drawn = String(series.length);
  new ResizeObserver(() => node.clientWidth && chart.setSize({ width: node.clientWidth, height: HEIGHT })).observe(node);
}

for (const node of document.querySelectorAll(".chart")) draw(node, JSON.parse(node.querySelector("script").textContent));
