/** An element of parsed markup. */
export interface MarkupElement {
  name: string;
  attributes: Record<string, string>;
  children: (MarkupElement | string)[];
}

const TAG =
  /<(?<close>\/)?(?<name>[a-zA-Z][\w-]*)(?<attributes>(?:\s+[\w:-]+="[^"<]*")*)\s*(?<empty>\/)?>|<!doctype html>/gy;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function unescape(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (all, name: string) => {
    if (!(name in ENTITIES)) throw new Error(`unknown entity ${all}`);
    return ENTITIES[name]!;
  });
}

/** Reads well-formed markup and nothing else: every element closed, every attribute quoted, every entity known. */
export function parseMarkup(text: string): MarkupElement {
  const root: MarkupElement = { name: '', attributes: {}, children: [] };
  const stack = [root];
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('<', at);
    const end = next < 0 ? text.length : next;
    const inner = stack.at(-1)!;
    if (end > at) inner.children.push(unescape(text.slice(at, end)));
    if (next < 0) break;
    TAG.lastIndex = next;
    const { close, name, attributes = '', empty } = TAG.exec(text)?.groups ?? raiseAt(text, next);
    at = TAG.lastIndex;
    if (name === undefined) continue;
    if (close !== undefined) {
      if (stack.pop()?.name !== name) throw new Error(`</${name}> closes another element`);
      continue;
    }
    const pairs = [...attributes.matchAll(ATTRIBUTE)].map(([, key, value]) => [key!, unescape(value!)]);
    const found: MarkupElement = { name, attributes: Object.fromEntries(pairs), children: [] };
    inner.children.push(found);
    if (empty === undefined) stack.push(found);
  }
  if (stack.length !== 1) throw new Error(`<${stack.at(-1)!.name}> is never closed`);
  return root;
}

function raiseAt(text: string, index: number): never {
  throw new Error(`no markup: ${text.slice(index, index + 60)}`);
}

/** All elements of a name, in the order of the text. */
export function elements(root: MarkupElement, name: string): MarkupElement[] {
  return root.children.flatMap((child) => {
    if (typeof child === 'string') return [];
    return [...(child.name === name ? [child] : []), ...elements(child, name)];
  });
}

/** The text of an element and those inside. */
export function textOf(root: MarkupElement): string {
  return root.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
