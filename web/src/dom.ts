// Elements from plain values. Text is only ever set as text: nothing that a report says can become markup.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;

const SVG = "http://www.w3.org/2000/svg";

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

export function button(label: string, className: string, act: () => void, text?: string): HTMLButtonElement {
  const element = h("button", { type: "button", class: className, "aria-label": text ? label : null, title: text ? label : null });
  element.textContent = text ?? label;
  element.addEventListener("click", act);
  return element;
}

/** A link for http and https; any other address is shown, and leads nowhere. */
export function link(url: string, text: string): HTMLElement {
  let safe = false;
  try {
    safe = ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    safe = false;
  }
  if (!safe) return h("span", { dir: "auto" }, text);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", dir: "auto" }, text);
}
