// Elements from code. Text is always text: nothing here parses markup.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...present(children));
  return node;
}

export const $ = (selector) => document.querySelector(selector);

const present = (children) => [children].flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
const keyOf = (node) => node.dataset?.key;

// Brings the children of a node up to date and leaves alone what is as it should be: a button that is replaced
// between press and release is never clicked, and a field that is replaced loses the cursor. Children are known by
// data-key, else by place. The listeners of what stays are the old ones: they must not hold data that changes.
export function update(node, children) {
  const wanted = present(children).map((child) => (child instanceof Node ? child : document.createTextNode(child)));
  const keys = new Set(wanted.map(keyOf).filter(Boolean));
  const old = new Map([...node.children].filter(keyOf).map((child) => [keyOf(child), child]));
  let at = node.firstChild;
  for (const child of wanted) {
    while (at && keyOf(at) && !keys.has(keyOf(at))) at = drop(at);
    const same = keyOf(child) ? old.get(keyOf(child)) : at && !keyOf(at) ? at : null;
    if (same && same === at) at = at.nextSibling;
    else node.insertBefore(same ?? child, at);
    if (same) patch(same, child);
  }
  while (at) at = drop(at);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE || old.tagName !== fresh.tagName) return old.replaceWith(fresh);
  // What somebody has opened stays open.
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !(name === "open" && old.tagName === "DETAILS")) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  update(old, [...fresh.childNodes]);
}
