import { parse, type AST } from 'svelte/compiler';
import { expect, test } from 'vitest';
import '../src/words/attach';
import '../src/words/more';
import '../src/words/paper';
import '../src/words/protection';
import { areas, catalogue, type Key } from '../src/words/catalogue';
import { say } from '../src/words/t';
import { sources } from './sources';

const entries = Object.entries(catalogue) as [Key, { de: string; en: string }][];
// Where words are kept, and where samples stand that nobody ships.
const catalogues = /^(words|design)\//;
const used = sources('.ts', '.svelte')
  .filter(({ name }) => !catalogues.test(name))
  .map(({ text }) => text)
  .join('\n');

test('every key stands in one area alone', () => {
  const keys = Object.values(areas).flatMap((area) => Object.keys(area));
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});

test('every key has both languages with the same values', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  for (const [key, { de, en }] of entries) {
    expect(de.trim(), key).not.toBe('');
    expect(en.trim(), key).not.toBe('');
    expect(holes(de), key).toEqual(holes(en));
  }
});

test('the words keep our manners: no exclamation marks, no "du"', () => {
  for (const [key, { de, en }] of entries) {
    expect(de + en, key).not.toContain('!');
    expect(de, key).not.toMatch(/\b(du|dein|deine|dich|dir)\b/i);
  }
});

test('no key is unused', () => {
  // A key is used by its name, or by a template such as t(`view.${view}`); what is
  // looked up by a code of the server may hold a dot: keyOf(`act.${act}`).
  const templates = [...used.matchAll(/\b(t|keyOf)\(\s*`([^`]+)`/g)].map(([, by, text]) => {
    const value = by === 't' ? '[\\w]+' : '[\\w.]+';
    return new RegExp(`^${text!.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, value)}$`);
  });
  const unused = entries
    .map(([key]) => key)
    .filter((key) => !used.includes(`'${key}'`) && !templates.some((template) => template.test(key)));
  expect(unused).toEqual([]);
});

test('no key is missing', () => {
  const asked = [...used.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key!);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((key) => !(key in catalogue))).toEqual([]);
});

const spoken = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'label']);

test('no component speaks for itself', () => {
  const raw: string[] = [];
  for (const { name, text } of sources('.svelte')) {
    visit(parse(text, { modern: true }).fragment, (node) => {
      if (node.type === 'Text' && /\p{L}/u.test(node.data)) raw.push(`${name}: ${node.data.trim()}`);
      if (node.type !== 'Attribute' || !spoken.has(node.name) || !Array.isArray(node.value)) return false;
      for (const part of node.value) {
        if (part.type === 'Text' && /\p{L}/u.test(part.data)) raw.push(`${name}: ${node.name}="${part.data}"`);
      }
      return true;
    });
  }
  expect(raw).toEqual([]);
}, 30_000);

// Walks the markup; a visitor that returns true has dealt with the node's children.
// Attribute values are words only where they are spoken.
function visit(node: unknown, visitor: (node: AST.SvelteNode) => boolean): void {
  if (Array.isArray(node)) return node.forEach((child) => visit(child, visitor));
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node && visitor(node as AST.SvelteNode)) return;
  if ('type' in node && node.type === 'Attribute') return;
  for (const [name, child] of Object.entries(node)) {
    if (name !== 'parent' && name !== 'expression') visit(child, visitor);
  }
}

test('values are filled in', () => {
  expect(say('list.assignee', 'de', { name: 'Anna Muster' })).toBe('Zuständig: Anna Muster');
  expect(say('list.assignee', 'en')).toBe('Assigned to {name}');
});
