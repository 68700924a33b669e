// Every chart of a page: the figures stand beside it as JSON, and in the table below it for everybody.
import uPlot from "/static/vendor/uplot/uPlot.esm.js";

// Told apart by line and by brightness too.
const INKS = [["#0b5345", []], ["#b35900", [8, 4]], ["#3b4fa0", [2, 3]], ["#7a1f5c", [12, 3, 2, 3]], ["#14211d", [5, 2]]];
const HEIGHT = 260;
const MOST_LABELS = 16;

const figure = (unit, value) => (value === null || value === undefined ? "–" : unit === "share" ? `${(100 * value).toFixed(1)} %` : String(Math.round(value * 10) / 10));

// Columns of a bar chart when rows are things, lines when they follow one another.
export function draw(node, { unit, unit_name, key, labels, series }) {
  const step = Math.ceil(labels.length / MOST_LABELS);
  const short = (text) => (text.length > 14 ? `${text.slice(0, 13)}…` : text);
  const chart = new uPlot({
    width: node.clientWidth, height: HEIGHT,
    scales: { x: { time: false, range: [-0.5, labels.length - 0.5] }, y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high || 1) * 1.08] } },
    axes: [
      { splits: () => labels.map((_, n) => n).filter((n) => n % step === 0), values: (_, at) => at.map((n) => short(labels[n] ?? "")), grid: { show: false } },
      { label: unit_name, values: (_, at) => at.map((value) => figure(unit, value)), size: 60 },
    ],
    series: [
      { label: key, value: (_, n) => labels[n] ?? "" },
      ...series.slice(0, INKS.length).map(({ name }, n) => ({ label: name, stroke: INKS[n][0], dash: INKS[n][1], width: 2, points: { show: true, size: 6 }, value: (_, value) => figure(unit, value) })),
    ],
  }, [labels.map((_, n) => n), ...series.slice(0, INKS.length).map(({ values }) => values)], node);
  node.dataset.drawn = String(series.length);
  new ResizeObserver(() => node.clientWidth && chart.setSize({ width: node.clientWidth, height: HEIGHT })).observe(node);
}

for (const node of document.querySelectorAll(".chart")) draw(node, JSON.parse(node.querySelector("script").textContent));
