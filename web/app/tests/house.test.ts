import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { sources } from './sources';

// The arrows: views and settings → commands and parts; everything that is seen →
// state → api and live. Words and style are leaves; only main wires.
const may: Record<string, string[]> = {
  design: ['design', 'parts', 'words', 'style'],
  views: ['views', 'commands', 'parts', 'state', 'words', 'style'],
  settings: ['settings', 'settings/state', 'views', 'commands', 'parts', 'state', 'words', 'style'],
  commands: ['commands', 'parts', 'state', 'words', 'style'],
  parts: ['parts', 'words', 'style'],
  'settings/state': ['settings/state', 'state', 'api', 'live'],
  state: ['state', 'api', 'live'],
  live: ['live', 'api'],
  api: ['api'],
  words: ['words'],
  style: ['style'],
  shell: ['shell', 'style'],
};

const reasons: Record<string, string> = {
  design: 'the design page shows the parts as they are, without a desk behind them',
  views: 'a view shows state and asks the state to act; it never calls the server itself, and the settings come lazily',
  settings: 'a page of the settings shows state and asks the state to act; it never calls the server itself',
  commands: 'commands know what can be done and not how it looks: views and settings register theirs',
  parts: 'a part works anywhere: it knows words and style, and neither nouns nor server',
  'settings/state': 'state must be testable without a page, and speaks no language',
  state: 'state must be testable without a page, and speaks no language',
  live: 'the stream knows the nouns of the API and nobody who listens',
  api: 'the client knows the contract alone',
  words: 'words are said by whoever needs them and need nobody',
  style: 'style needs nobody',
  shell: 'what keeps the app and starts it anew works before anything of it runs',
};

// The one door from the desk to the settings: a chunk of its own.
const lazy = /\bimport\((['"])\.\.\/settings\/(Settings\.svelte|Invitation\.svelte|pages)\1\)/g;

const folderOf = (path: string) => (path.startsWith('settings/state/') ? 'settings/state' : path.split('/')[0]!);

const imports = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

test('imports follow the arrows', () => {
  const faults: string[] = [];
  for (const { name, text } of sources('.ts', '.svelte')) {
    const folder = folderOf(name);
    if (!name.includes('/')) continue; // main wires
    for (const [, target] of text.replaceAll(lazy, '').matchAll(imports)) {
      if (!target!.startsWith('.')) continue;
      const to = folderOf(posix.join(posix.dirname(name), target!));
      if (!may[folder]?.includes(to)) faults.push(`${name} imports ${target}: ${reasons[folder]}`);
    }
  }
  expect(faults).toEqual([]);
});

test('apply and what it calls import no framework', () => {
  for (const { name, text } of sources('.ts')) {
    if (!name.startsWith('state/') || name.endsWith('.svelte.ts')) continue;
    expect(text, name).not.toMatch(/from 'svelte/);
    expect(text, name).not.toMatch(/\.svelte['"]/);
    expect(text, name).not.toMatch(/\bDate\.now\(|\bdocument\.|\bwindow\./);
  }
});

test('files stay small', () => {
  for (const { name, text } of sources('.ts', '.svelte', '.css')) {
    if (name === 'api/schema.d.ts') continue;
    expect(text.split('\n').length, `${name}: split it where a second thought begins`).toBeLessThanOrEqual(400);
  }
});

test('no style attributes and no raw HTML: the content security policy forbids the one, safety the other', () => {
  for (const { name, text } of sources('.svelte')) {
    const markup = text.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>/g, '');
    expect(markup, name).not.toMatch(/\sstyle(:[\w-]+)?=/);
    expect(markup, name).not.toMatch(/\{@html|\b(transition|in|out|animate):\w/);
  }
});

test('nothing is asked of another host', () => {
  for (const { name, text } of sources('.ts', '.svelte', '.css')) {
    if (name === 'api/schema.d.ts') continue;
    expect(text, name).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  }
});
