/** A stretch of a line as WhatsApp shows it. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; parts: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; text: string; href: string };

/** A block of a text. A block of kind `text` keeps its line breaks. */
export type Block =
  | { kind: 'text' | 'quote'; parts: Inline[] }
  | { kind: 'bullets'; items: Inline[][] }
  | { kind: 'numbers'; start: number; items: Inline[][] }
  | { kind: 'code'; text: string };

const marked = /[*_~`]|^(>|[-*] |\d{1,3}\. )|https?:|www\./im;
const fence = '```';

/**
 * Reads WhatsApp's formatting (Help Centre: How to format your messages). What is no
 * complete mark stays text, so nothing that was written is ever lost. Takes time
 * linear in the text: it comes from strangers.
 */
export function blocks(text: string): Block[] {
  if (!marked.test(text)) return [{ kind: 'text', parts: [{ kind: 'text', text }] }];
  const out: Block[] = [];
  let from = 0;
  let open = text.indexOf(fence);
  while (open >= 0) {
    const close = text.indexOf(fence, open + fence.length);
    if (close < 0) break;
    const inside = text.slice(open + fence.length, close);
    const after = close + fence.length;
    // Within one line it is a mark of that line.
    if (inside.includes('\n')) {
      out.push(...lines(text.slice(from, open)), { kind: 'code', text: inside.replace(/^\n|\n$/g, '') });
      from = after;
    }
    open = text.indexOf(fence, after);
  }
  out.push(...lines(text.slice(from)));
  return out;
}

/** What a text says when its marks are read and not seen: for a screen reader. */
export function spoken(text: string): string {
  if (!marked.test(text)) return text;
  return blocks(text)
    .map((block) => {
      if (block.kind === 'code') return block.text;
      return 'items' in block ? block.items.map(words).join('\n') : words(block.parts);
    })
    .join('\n');
}

function words(parts: Inline[]): string {
  return parts.map((part) => ('parts' in part ? words(part.parts) : part.text)).join('');
}

const heads: [Block['kind'], RegExp][] = [
  ['quote', /^> ?(.*)$/],
  ['bullets', /^[-*] (.+)$/],
  ['numbers', /^(\d{1,3})\. (.+)$/],
];

function lines(text: string): Block[] {
  const out: Block[] = [];
  let plain: string[] = [];
  const flush = () => {
    // The break around a block is the block's; more of them were meant.
    const kept = plain.join('\n').replace(/^\n|\n$/g, '');
    if (kept !== '') out.push({ kind: 'text', parts: inline(kept) });
    plain = [];
  };
  for (const line of text.split('\n')) {
    const head = heads.find(([, pattern]) => pattern.test(line));
    if (!head) {
      plain.push(line);
      continue;
    }
    flush();
    join(out, head[0], head[1].exec(line)!);
  }
  flush();
  return out;
}

function join(out: Block[], kind: Block['kind'], match: RegExpExecArray): void {
  const parts = inline(match.at(-1)!);
  const before = out.at(-1);
  if (kind === 'quote') {
    if (before?.kind === 'quote') before.parts.push({ kind: 'text', text: '\n' }, ...parts);
    else out.push({ kind, parts });
  } else if (before?.kind === kind && 'items' in before) {
    before.items.push(parts);
  } else if (kind === 'bullets') {
    out.push({ kind, items: [parts] });
  } else {
    out.push({ kind: 'numbers', start: Number(match[1]), items: [parts] });
  }
}

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
const isSpace = (char: string | undefined) => char === undefined || /\s/.test(char);

/** Reads the marks of one line or several; none of them reaches over a line break. */
export function inline(text: string): Inline[] {
  const out: Inline[] = [];
  // By mark, up to where it was found to mark nothing: not to be tried again.
  const hopeless: Record<string, number> = {};
  let from = 0;
  let at = 0;
  const take = (part: Inline, length: number) => {
    if (at > from) out.push({ kind: 'text', text: text.slice(from, at) });
    out.push(part);
    at += length;
    from = at;
  };
  while (at < text.length) {
    const found = linkAt(text, at, hopeless) ?? codeAt(text, at, hopeless) ?? markAt(text, at, hopeless);
    if (found) take(found.part, found.length);
    else at += 1;
  }
  if (text.length > from) out.push({ kind: 'text', text: text.slice(from) });
  return out;
}

type Found = { part: Inline; length: number };

function markAt(text: string, at: number, hopeless: Record<string, number>): Found | null {
  const mark = text[at]!;
  if (!(mark in marks) || at < (hopeless[mark] ?? 0)) return null;
  if (isWord(text[at - 1]) || text[at - 1] === mark || isSpace(text[at + 1]) || text[at + 1] === mark) return null;
  let end = at + 2;
  for (; end < text.length && text[end] !== '\n'; end++) {
    if (text[end] !== mark || isSpace(text[end - 1]) || isWord(text[end + 1])) continue;
    const parts = inline(text.slice(at + 1, end));
    return { part: { kind: marks[mark as keyof typeof marks], parts }, length: end + 1 - at };
  }
  hopeless[mark] = end;
  return null;
}

function codeAt(text: string, at: number, hopeless: Record<string, number>): Found | null {
  if (text[at] !== '`') return null;
  const tick = text.startsWith(fence, at) ? fence : '`';
  if (at < (hopeless[tick] ?? 0)) return null;
  const end = text.indexOf(tick, at + tick.length);
  const inside = end < 0 ? '' : text.slice(at + tick.length, end);
  if (inside.trim() !== '' && !inside.includes('\n')) {
    return { part: { kind: 'code', text: inside }, length: end + tick.length - at };
  }
  if (end < 0) hopeless[tick] = text.length;
  return null;
}

const address = /(?:https?:\/\/|www\.)[^\s<>"]+/iy;

// Only what says itself that it is an address becomes a link. One that names a person
// before the host ("bank.de@elsewhere") is the classic trap and stays text.
function linkAt(text: string, at: number, hopeless: Record<string, number>): Found | null {
  const first = text[at];
  if ((first !== 'h' && first !== 'H' && first !== 'w' && first !== 'W') || isWord(text[at - 1]) || at < (hopeless.link ?? 0)) return null;
  address.lastIndex = at;
  const match = address.exec(text);
  if (!match) return null;
  const shown = trimmed(match[0]);
  const url = URL.parse(/^www\./i.test(shown) ? `https:${'//'}${shown}` : shown);
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname.includes('.') || url.username || url.password) {
    hopeless.link = at + match[0].length;
    return null;
  }
  return { part: { kind: 'link', text: shown, href: url.href }, length: shown.length };
}

function trimmed(shown: string): string {
  let end = shown.length;
  let opens = shown.split('(').length - 1;
  let closes = shown.split(')').length - 1;
  for (; end > 0; end--) {
    const last = shown[end - 1]!;
    if (last === ')' && closes > opens) closes -= 1;
    else if (last === '(') opens -= 1;
    else if (!/[.,;:!?'*_~\]]/.test(last)) break;
    else if (last === ')') break;
  }
  return shown.slice(0, end);
}
