/** The text of a field and what is selected in it. */
export type Field = { text: string; start: number; end: number };

export type Style = 'bold' | 'italic' | 'strike' | 'mono' | 'bullets' | 'numbers' | 'quote';

const marks: Partial<Record<Style, string>> = { bold: '*', italic: '_', strike: '~', mono: '```' };
const heads: Partial<Record<Style, RegExp>> = { bullets: /^[-*] /, numbers: /^\d{1,3}\. /, quote: /^> ?/ };

/** Puts WhatsApp's marks of a style around the selection or before its lines, or takes them away. */
export function styled(field: Field, style: Style): Field {
  const mark = marks[style];
  return mark ? wrapped(field, mark) : headed(field, style);
}

function wrapped({ text, start, end }: Field, mark: string): Field {
  // A mark beside a space marks nothing, so the spaces stay outside.
  while (start < end && /\s/.test(text[start]!)) start += 1;
  while (end > start && /\s/.test(text[end - 1]!)) end -= 1;
  const inside = text.slice(start, end);
  const around = text.slice(start - mark.length, start) === mark && text.slice(end, end + mark.length) === mark;
  if (around && start >= mark.length) {
    const from = start - mark.length;
    return { text: text.slice(0, from) + inside + text.slice(end + mark.length), start: from, end: from + inside.length };
  }
  if (inside.length > 2 * mark.length && inside.startsWith(mark) && inside.endsWith(mark)) {
    const bare = inside.slice(mark.length, -mark.length);
    return { text: text.slice(0, start) + bare + text.slice(end), start, end: start + bare.length };
  }
  const from = start + mark.length;
  return { text: text.slice(0, start) + mark + inside + mark + text.slice(end), start: from, end: from + inside.length };
}

function headed({ text, start, end }: Field, style: Style): Field {
  const head = heads[style]!;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const after = text.indexOf('\n', end);
  const to = after < 0 ? text.length : after;
  const lines = text.slice(from, to).split('\n');
  const bare = lines.map((line) => Object.values(heads).reduce((rest, other) => rest.replace(other, ''), line));
  const has = lines.every((line) => head.test(line));
  const made = has ? bare : bare.map((line, i) => `${headOf(style, i)}${line}`);
  const body = made.join('\n');
  const all = text.slice(0, from) + body + text.slice(to);
  // One line: the caret keeps its place in the words. Several: they stay selected.
  if (lines.length > 1) return { text: all, start: from, end: from + body.length };
  const moved = (at: number) => Math.max(from, at + body.length - (to - from));
  return { text: all, start: moved(start), end: moved(end) };
}

function headOf(style: Style, i: number): string {
  if (style === 'quote') return '> ';
  return style === 'bullets' ? '- ' : `${i + 1}. `;
}

/** The longest text that a Message or Note takes, in characters as the server counts them. */
export const longest = 4096;

/** The same of what advertises: the server says below who writes and how it ends. */
export const longestAdvertising = 3834;

/** The length of a text as the server counts it: characters, not the halves of an emoji. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
