// What a page really looks like: boxes of what can be touched, sizes and contrast of what is read. Runs in the page.
(() => {
  const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  // The words of a check box or radio button can be touched like the box.
  const box = (node) => (["checkbox", "radio"].includes(node.type) ? node.closest("label") : node).getBoundingClientRect();
  const name = (node) => `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ""}.${node.className} “${node.textContent.trim().slice(0, 24)}”`;
  const hidden = (node) => node.closest(".visually-hidden, option");

  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!node.data.trim() || ["SCRIPT", "STYLE"].includes(parent.tagName) || hidden(parent) || !shown(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      if (range.getBoundingClientRect().width) found.push({ node, parent, rect: range.getBoundingClientRect() });
    }
    return found;
  }

  const targets = () => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea")].filter((one) => shown(one) && box(one).width && !one.closest("[inert]"));

  function rgba(text) {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  }
  function ground(node) {
    for (let one = node; one; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      if (colour.a > 0.99) return colour;
    }
    return rgba(getComputedStyle(document.documentElement).backgroundColor);
  }
  function luminance({ r, g, b }) {
    const [x, y, z] = [r, g, b].map((n) => (n / 255 <= 0.03928 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  }
  function contrast(node) {
    const [a, b] = [luminance(rgba(getComputedStyle(node).color)), luminance(ground(node))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  const problems = [];
  window.measure = ({ contrastAtLeast, fontAtLeast, targetAtLeast, gapAtLeast, targetsBelow, noScrollDown }) => {
    problems.length = 0;
    const root = document.documentElement;
    if (root.scrollWidth > window.innerWidth) problems.push(`scrolls sideways: ${root.scrollWidth} of ${window.innerWidth}`);
    if (noScrollDown && root.scrollHeight > window.innerHeight) problems.push(`scrolls down: ${root.scrollHeight} of ${window.innerHeight}`);
    for (const { node, parent, rect } of texts()) {
      const size = parseFloat(getComputedStyle(parent).fontSize);
      if (size < fontAtLeast) problems.push(`letters of ${size} px: ${name(parent)}`);
      const seen = contrast(parent);
      if (seen < contrastAtLeast) problems.push(`contrast ${seen.toFixed(1)}: ${name(parent)}`);
      cut(node, parent, rect);
    }
    touch(targetAtLeast, gapAtLeast, targetsBelow);
    return problems;
  };

  // A text that leaves the box it belongs to, or the screen.
  function cut(node, parent, rect) {
    if (parent.matches("[data-may-be-cut]")) return;
    const frame = parent.closest("button, a.button, a.tool, li, .strip, .bar, .place") ?? document.body;
    const edge = box(frame);
    // The font's own box is higher than its letters.
    const em = parseFloat(getComputedStyle(parent).fontSize);
    const [top, bottom] = [rect.top + em * 0.27, rect.bottom - em * 0.16];
    const scrolls = parent.closest(".lists, .now, .moves");
    const out = rect.left < edge.left - 1 || rect.right > edge.right + 1 || top < edge.top - 1 || bottom > edge.bottom + 1;
    if (out && frame !== document.body) problems.push(`text leaves its box: ${name(parent)} in ${name(frame)}`);
    if (!scrolls && (rect.left < -1 || rect.right > window.innerWidth + 1)) problems.push(`text leaves the screen: ${name(parent)}`);
  }

  function touch(least, gap, below) {
    const all = targets();
    for (const one of all) {
      const { width, height, top } = box(one);
      const link = one.tagName === "A" && getComputedStyle(one).display === "inline";
      if (!link && (width < least - 0.5 || height < least - 0.5)) problems.push(`target of ${width.toFixed()} × ${height.toFixed()}: ${name(one)}`);
      if (top < below) problems.push(`target at ${top.toFixed()}, above ${below.toFixed()}: ${name(one)}`);
    }
    all.forEach((one, n) => all.slice(n + 1).forEach((other) => {
      if (one.contains(other) || other.contains(one)) return;
      const [a, b] = [box(one), box(other)];
      const apart = Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
      if (apart < gap - 0.5) problems.push(`${apart.toFixed()} px between ${name(one)} and ${name(other)}`);
    }));
  }
})();
