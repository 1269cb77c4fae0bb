import { describe, expect, test, vi } from 'vitest';
import { find } from '../src/commands/find';
import { conflicts, keyOf, opensPalette, patience, pressed, Reader } from '../src/commands/keys';
import { known, type CommandId } from '../src/commands/known';
import { registerCommand, registry } from '../src/commands/registry.svelte';

type Modifiers = { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean; shiftKey?: boolean; altGraph?: boolean };
const event = (key: string, { altGraph = false, ...modifiers }: Modifiers = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  getModifierState: (name: string) => name === 'AltGraph' && altGraph,
  ...modifiers,
});

describe('keys', () => {
  test('are the characters that were meant, on any keyboard', () => {
    expect(pressed(event('j'))).toBe('j');
    expect(pressed(event('J'))).toBe('j'); // Caps Lock
    expect(pressed(event('J', { shiftKey: true }))).toBe('shift+j');
    expect(pressed(event('?', { shiftKey: true }))).toBe('?'); // Shift-ß and Shift-/
    expect(pressed(event('/', { shiftKey: true }))).toBe('/'); // Shift-7
    expect(pressed(event('ö'))).toBe('ö');
    expect(pressed(event('Ö', { shiftKey: true }))).toBe('shift+ö');
  });

  test('that belong to others are left to them', () => {
    for (const modifiers of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { altGraph: true }]) {
      expect(pressed(event('e', modifiers))).toBeNull();
    }
    expect(pressed(event('@', { ctrlKey: true, altKey: true, altGraph: true }))).toBeNull();
    for (const key of ['Enter', 'Escape', 'Tab', 'ArrowDown', ' ', 'F1', 'Dead']) expect(pressed(event(key)), key).toBeNull();
    expect(pressed({ ...event('j'), isComposing: true })).toBeNull();
  });

  test('open the palette with Ctrl or ⌘ alone', () => {
    expect(opensPalette(event('k', { ctrlKey: true }))).toBe(true);
    expect(opensPalette(event('K', { metaKey: true }))).toBe(true);
    expect(opensPalette(event('k'))).toBe(false);
    expect(opensPalette(event('k', { ctrlKey: true, altKey: true }))).toBe(false);
  });
});

describe('reading', () => {
  const all = () => true;

  test('one key, and two after each other', () => {
    const reader = new Reader();
    expect(reader.read('r', {}, 0, all)).toBe('reply');
    expect(reader.read('g', {}, 10, all)).toBeNull();
    expect(reader.read('u', {}, 20, all)).toBe('go.unassigned');
    expect(reader.read('u', {}, 30, all)).toBe('unread');
  });

  test('two that are too far apart are two, and two that mean nothing do nothing', () => {
    const reader = new Reader();
    reader.read('g', {}, 0, all);
    expect(reader.read('u', {}, patience, all)).toBe('unread');
    reader.read('g', {}, 10_000, all);
    expect(reader.read('e', {}, 10_010, all)).toBeNull();
    expect(reader.read('e', {}, 10_020, all)).toBe('close');
  });

  test('of two commands with one key the possible one', () => {
    const chosen = { reopen: 'e' };
    expect(new Reader().read('e', chosen, 0, (id) => id === 'reopen')).toBe('reopen');
    expect(new Reader().read('e', chosen, 0, () => false)).toBeNull();
  });

  test('a chosen key takes the place of the own one, and none is none', () => {
    const reader = new Reader();
    expect(reader.read('x', { close: 'x' }, 0, all)).toBe('close');
    expect(reader.read('e', { close: 'x' }, 0, all)).toBeNull();
    expect(reader.read('e', { close: '' }, 0, all)).toBeNull();
  });
});

describe('conflicts', () => {
  test('there are none as the app comes', () => {
    expect([...conflicts({}).keys()]).toEqual([]);
  });

  test('are seen by both sides, also where one key begins two', () => {
    expect(conflicts({ close: 'r' })).toEqual(new Map<CommandId, CommandId[]>([['reply', ['close']], ['close', ['reply']]]));
    expect(conflicts({ close: 'g' }).get('close')).toContain('go.mine');
    expect(keyOf('close', { close: '' })).toBe('');
  });
});

test('every command has its words, and what is pressed can be typed', () => {
  for (const [id, command] of Object.entries(known)) {
    expect(command.words, id).toMatch(/^command\./);
    if ('key' in command) for (const key of command.key.split(' ')) expect(key, id).toMatch(/^(shift\+)?.$/);
  }
});

describe('the registry', () => {
  test('the newest registration wins, and gives way again', () => {
    const [below, above] = [vi.fn(), vi.fn()];
    const takeBelow = registerCommand('reply', below);
    const takeAbove = registerCommand('reply', above);
    expect(registry.run('reply')).toBe(true);
    takeAbove();
    expect(registry.run('reply')).toBe(true);
    takeBelow();
    expect(registry.run('reply')).toBe(false);
    expect([below.mock.calls.length, above.mock.calls.length]).toEqual([1, 1]);
  });

  test('what is not possible is not done', () => {
    const run = vi.fn();
    const take = registerCommand('close', run, () => false);
    expect(registry.can('close')).toBe(false);
    expect(registry.run('close')).toBe(false);
    expect(run).not.toHaveBeenCalled();
    take();
  });
});

describe('finding', () => {
  const offers = [
    { id: 'transfer', name: 'Mit Notiz übergeben', said: ['Transfer with a note', 'weiterleiten forward'], key: 'h' },
    { id: 'note', name: 'Notiz schreiben', said: ['Write a note'], key: 'n' },
    { id: 'close', name: 'Abschließen', said: ['Close'], key: 'e' },
  ];
  const ids = (query: string, recent: string[] = []) => find(offers, query, recent).map(({ id }) => id);

  test('in German and English, without umlauts too', () => {
    expect(ids('uberg')).toEqual(['transfer']);
    expect(ids('ABSCHLIESS')).toEqual(['close']);
    expect(ids('close')).toEqual(['close']);
    expect(ids('weiterl')).toEqual(['transfer']);
    expect(ids('transfer note')).toEqual(['transfer']);
    expect(ids('nirgends')).toEqual([]);
  });

  test('what begins so comes before what only has it; a key finds its command', () => {
    expect(ids('notiz')).toEqual(['note', 'transfer']);
    expect(ids('e')[0]).toBe('close');
  });

  test('the recent ones come first', () => {
    expect(ids('', ['close', 'note'])).toEqual(['close', 'note', 'transfer']);
  });
});
