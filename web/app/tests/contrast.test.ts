import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { src } from './sources';

const css = readFileSync(join(src, 'style/tokens.css'), 'utf8');

function palette(block: string): Record<string, string> {
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!.trim()]));
}

function media(condition: string): Record<string, string> {
  const from = css.indexOf(condition);
  return palette(css.slice(from, css.indexOf('\n}', from)));
}

const light = palette(css.slice(0, css.indexOf('@media')));
const dark = { ...light, ...media('(prefers-color-scheme: dark)') };
const forced = media('(forced-colors: active)');

// Relative luminance and contrast as WCAG 2.2 defines them.
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const text: [string, string[]][] = [
  ['ink', ['paper', 'surface', 'hover', 'accent-tint', 'bubble-in', 'amber-tint', 'red-tint']],
  ['ink-quiet', ['paper', 'surface', 'hover', 'accent-tint', 'bubble-in', 'red-tint']],
  ['accent', ['paper', 'surface', 'hover']],
  ['accent-ink', ['accent', 'accent-strong']],
  ['amber', ['surface', 'amber-tint', 'bubble-in']],
  ['red', ['surface', 'paper', 'red-tint']],
];

const controls: [string, string[]][] = [
  ['control-line', ['paper', 'surface', 'accent-tint']],
  ['accent', ['paper', 'surface', 'accent-tint', 'hover']],
  ['amber', ['paper', 'accent-tint', 'hover']],
  ['red', ['accent-tint', 'surface']],
  ['green', ['accent-tint']],
  ['surface', ['green']],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, colours) => {
  test.each(text.flatMap(([ink, grounds]) => grounds.map((ground) => [ink, ground] as const)))(
    '%s on %s reads at 4.5:1',
    (ink, ground) => expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThanOrEqual(4.5),
  );
  test.each(controls.flatMap(([ink, grounds]) => grounds.map((ground) => [ink, ground] as const)))(
    '%s on %s shows at 3:1',
    (ink, ground) => expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThanOrEqual(3),
  );
});

test('dark and forced colours give every colour of the light palette', () => {
  const names = Object.keys(light).filter((name) => light[name]!.startsWith('#'));
  expect(names.filter((name) => dark[name] === light[name])).toEqual([]);
  expect(names.filter((name) => !(name in forced))).toEqual([]);
});
