import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contrast, distance } from '../src/design/colour';
import { apart, controls, readTokens, text } from '../src/design/tokens';
import { sources, src } from './sources';

const css = readFileSync(join(src, 'style/tokens.css'), 'utf8');
const { light, dark, forced, sizes } = readTokens(css);
const pairs = (of: Record<string, string[]>) => Object.entries(of).flatMap(([ink, grounds]) => grounds.map((ground) => [ink, ground] as const));

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, colours) => {
  test.each(pairs(text))('%s on %s reads at 4.5:1', (ink, ground) =>
    expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThanOrEqual(4.5),
  );
  test.each(pairs(controls))('%s on %s shows at 3:1', (ink, ground) =>
    expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThanOrEqual(3),
  );
  test.each(apart)('%s is not taken for %s', (one, other) =>
    expect(distance(colours[one]!, colours[other]!)).toBeGreaterThanOrEqual(4),
  );
});

// System colours come in pairs of text and ground; each of ours is one or the other.
const grounds = ['paper', 'surface', 'raised', 'hover', 'accent-ink', 'accent-tint', 'bubble-in', 'shade', 'lift'];
test('forced colours give every colour, as text or as ground', () => {
  expect(Object.keys(forced).sort()).toEqual(Object.keys(light).sort());
  for (const [name, value] of Object.entries(forced)) {
    const ground = grounds.includes(name) || name.endsWith('-tint');
    expect(value, name).toMatch(ground ? /^Canvas$/ : /^(CanvasText|LinkText|Highlight)$/);
  }
});

const styled = sources('.svelte', '.css').filter(({ name }) => name !== 'style/tokens.css' && !name.startsWith('design/'));

test('a rule that sets both text and ground uses a pair that is computed', () => {
  const faults: string[] = [];
  for (const { name, text: file } of styled) {
    for (const [, body] of file.matchAll(/\{([^{}]*)\}/g)) {
      const ink = body!.match(/(?<![\w-])color:\s*var\(--([\w-]+)\)/)?.[1];
      const ground = body!.match(/(?<![\w-])background(?:-color)?:\s*var\(--([\w-]+)\)/)?.[1];
      if (ink && ground && !text[ink]?.includes(ground)) faults.push(`${name}: ${ink} on ${ground}`);
    }
  }
  expect(faults).toEqual([]);
});

// Set by pdf.js on each word that lies on a page.
const others = ['total-scale-factor', 'font-height', 'scale-x', 'rotate'];

test('every token is used, and every token that is used exists', () => {
  const used = new Set(
    [...styled.map(({ text: file }) => file), css].flatMap((file) => [...file.matchAll(/var\(--([\w-]+)/g)].map(([, name]) => name!)),
  );
  const known = [...Object.keys(light), ...Object.keys(sizes)];
  expect(known.filter((name) => !used.has(name))).toEqual([]);
  expect([...used].filter((name) => !known.includes(name) && !others.includes(name))).toEqual([]);
});

const named = /:\s*[^;]*\b(?:white|black|red|green|blue|yellow|orange|grey|gray|silver|purple)\b(?!-)/;

test('no raw colour and no raw type size stands outside of the tokens', () => {
  for (const { name, text: file } of styled) {
    const styles = name.endsWith('.css') ? file : [...file.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style).join('\n');
    const plain = styles.replace(/\/\*[\s\S]*?\*\//g, '').replace(/var\(--[\w-]+\)/g, 'token');
    for (const [, property, value] of plain.matchAll(/([\w-]+)(:\s*[^;{}]+);/g)) {
      expect(value, `${name}: ${property}`).not.toMatch(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab|color)a?\(/i);
      if (/color|background|border|fill|stroke|outline|shadow/.test(property!)) expect(value, `${name}: ${property}`).not.toMatch(named);
      if (property === 'font-size') expect(value, name).not.toMatch(/\d(?:px|rem|pt)/);
    }
  }
});

test('type sizes grow with the reader’s own size', () => {
  for (const [name, value] of Object.entries(sizes)) {
    if (name.startsWith('text-')) expect(value, name).toMatch(/^[\d.]+rem$/);
  }
});
