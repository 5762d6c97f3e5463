/** Reads XML that strangers send: no document types, no entities but the five of XML itself, bounded in size and depth. */
import { GlimpserError } from './errors.ts';

/** An element. Names are without their prefix; `space` is the namespace that the prefix stands for. */
export interface XmlElement {
  name: string;
  space: string;
  attributes: ReadonlyMap<string, string>;
  /** Its own text, trimmed; that of its children is theirs. */
  text: string;
  children: XmlElement[];
}

const MAX_CHARACTERS = 2_000_000;
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 20_000;
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s<>]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

interface Open {
  element: XmlElement;
  qualified: string;
  spaces: ReadonlyMap<string, string>;
}

/** The root element. Throws `source-broken` for what is no XML, too large, or has a document type. */
export function readXml(text: string): XmlElement {
  if (text.length > MAX_CHARACTERS) throw broken('is too large');
  const reader = new XmlReader();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw broken(text.startsWith('<!', at) ? 'has a document type' : 'is no XML');
    reader.take(found);
  }
  return reader.root();
}

class XmlReader {
  readonly #open: Open[] = [];
  #root: XmlElement | undefined;
  #count = 0;

  take([, cdata, end, begin, attributes = '', slash, text]: RegExpExecArray): void {
    if (begin !== undefined) this.#begin(begin, attributes, slash === '/');
    else if (end !== undefined) this.#end(end);
    else if (cdata !== undefined) this.#text(cdata);
    else if (text !== undefined) this.#text(decoded(text));
  }

  root(): XmlElement {
    if (this.#root && this.#open.length === 0) return this.#root;
    throw broken('ends too early');
  }

  #begin(qualified: string, written: string, isEmpty: boolean): void {
    const parent = this.#open.at(-1);
    if (!parent && this.#root) throw broken('has two roots');
    if (this.#open.length >= MAX_DEPTH || ++this.#count > MAX_ELEMENTS) throw broken('is nested too deeply');
    const { attributes, spaces } = readAttributes(written, parent?.spaces ?? new Map());
    const [name, prefix] = splitName(qualified);
    const space = spaces.get(prefix) ?? '';
    const element: XmlElement = { name, space, attributes, text: '', children: [] };
    if (parent) parent.element.children.push(element);
    else this.#root = element;
    if (!isEmpty) this.#open.push({ element, qualified, spaces });
  }

  #end(qualified: string): void {
    const closed = this.#open.pop();
    if (closed?.qualified !== qualified) throw broken('closes what was not open');
    closed.element.text = closed.element.text.trim();
  }

  #text(text: string): void {
    const open = this.#open.at(-1);
    if (open) open.element.text += text;
    else if (text.replace('\uFEFF', '').trim() !== '') throw broken('is no XML');
  }
}

function readAttributes(written: string, outer: ReadonlyMap<string, string>) {
  const attributes = new Map<string, string>();
  let spaces = outer;
  for (const [, qualified = '', double, single] of written.matchAll(ATTRIBUTE)) {
    const value = decoded(double ?? single ?? '');
    const [name, prefix] = splitName(qualified);
    if (qualified === 'xmlns') spaces = new Map(spaces).set('', value);
    else if (prefix === 'xmlns') spaces = new Map(spaces).set(name, value);
    else attributes.set(name, value);
  }
  return { attributes, spaces };
}

function splitName(qualified: string): [name: string, prefix: string] {
  const at = qualified.indexOf(':');
  return at < 0 ? [qualified, ''] : [qualified.slice(at + 1), qualified.slice(0, at)];
}

/** Each entity is replaced once; what comes out is never read again. */
function decoded(text: string): string {
  return text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The element at the end of a path of names, going down from here; undefined when it is not there. */
export function elementAt(from: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let at = from;
  for (const name of path) at = at?.children.find(child => child.name === name);
  return at;
}

/** The text at the end of a path; empty when it is not there. */
export function textAt(from: XmlElement | undefined, ...path: string[]): string {
  return elementAt(from, ...path)?.text ?? '';
}

/** Every element of a name below this one, at any depth. */
export function elementsNamed(from: XmlElement | undefined, name: string): XmlElement[] {
  return (from?.children ?? []).flatMap(child => [
    ...(child.name === name ? [child] : []),
    ...elementsNamed(child, name),
  ]);
}

/** Text as it may stand between tags and in attributes. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, sign => `&#${sign.charCodeAt(0)};`);
}

function broken(why: string): GlimpserError {
  return new GlimpserError('source-broken', `The answer ${why}.`);
}
