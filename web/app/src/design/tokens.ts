// Reads tokens.css, for the page that shows them and the test that computes them.

export type Palette = Record<string, string>;
export type Tokens = { light: Palette; dark: Palette; forced: Palette; sizes: Record<string, string> };

/** All tokens of the stylesheet: the colours of each palette, and everything else. */
export function readTokens(css: string): Tokens {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '');
  const all = declarations(plain.slice(0, plain.indexOf('[data-theme')));
  const tokens: Tokens = { light: {}, dark: {}, forced: declarations(block(plain, '(forced-colors: active)')), sizes: {} };
  for (const [name, value] of Object.entries(all)) {
    const both = value.match(/^light-dark\((#\w+|rgb\([^)]*\)), (#\w+|rgb\([^)]*\))\)$/);
    if (!both) {
      tokens.sizes[name] = value;
      continue;
    }
    tokens.light[name] = both[1]!;
    tokens.dark[name] = both[2]!;
  }
  return tokens;
}

function declarations(css: string): Record<string, string> {
  return Object.fromEntries([...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!.trim()]));
}

function block(css: string, condition: string): string {
  const from = css.indexOf(condition);
  return css.slice(from, css.indexOf('\n}', from));
}

/** Text that is read: 4.5:1. Each ink with the grounds it stands on. */
export const text: Record<string, string[]> = {
  ink: ['paper', 'surface', 'raised', 'hover', 'accent-tint', 'bubble-in', 'note-tint', 'amber-tint', 'red-tint', 'green-tint'],
  'ink-quiet': ['paper', 'surface', 'raised', 'hover', 'accent-tint', 'bubble-in', 'note-tint', 'red-tint', 'amber-tint', 'green-tint'],
  accent: ['paper', 'surface', 'raised', 'hover', 'accent-tint'],
  'accent-ink': ['accent', 'accent-strong'],
  surface: ['ink'],
  note: ['surface', 'note-tint'],
  amber: ['paper', 'surface', 'amber-tint', 'bubble-in', 'hover', 'accent-tint'],
  red: ['surface', 'paper', 'raised', 'red-tint', 'hover'],
  green: ['surface', 'paper', 'green-tint'],
};

/** What tells where a control is, or what state it is in: 3:1. */
export const controls: Record<string, string[]> = {
  'control-line': ['paper', 'surface', 'raised', 'hover', 'accent-tint'],
  accent: ['paper', 'surface', 'raised', 'hover', 'accent-tint'],
  focus: ['paper', 'surface', 'raised', 'hover', 'accent-tint', 'bubble-in', 'note-tint', 'amber-tint', 'red-tint', 'green-tint'],
  note: ['surface', 'note-tint'],
  amber: ['paper', 'surface', 'accent-tint', 'hover', 'amber-tint'],
  red: ['paper', 'surface', 'accent-tint', 'red-tint'],
  green: ['paper', 'surface', 'accent-tint', 'green-tint'],
  surface: ['green', 'ink', 'writing'],
  viewing: ['paper', 'surface', 'raised'],
  writing: ['paper', 'surface', 'raised'],
};

/** Grounds that must never be taken for each other: what goes out, what stays inside. */
export const apart: [string, string][] = [
  ['note-tint', 'accent-tint'],
  ['note-tint', 'bubble-in'],
  ['note-tint', 'surface'],
  ['note-tint', 'paper'],
  ['note-tint', 'amber-tint'],
  ['note-tint', 'red-tint'],
  ['accent-tint', 'bubble-in'],
  ['viewing', 'writing'],
];
