import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTokens } from '../src/design/tokens';
import { cacheName, isOutOfReach, outdated, way } from '../src/shell/answer';
import { mayReload } from '../src/shell/recover';
import { src } from './sources';

const origin = 'https://desk.example';
const root = join(src, '..');

describe('the service worker', () => {
  const ask = (path: string, mode = 'cors', method = 'GET') => way({ method, mode, url: new URL(path, origin).href }, origin);

  test('leaves alone whatever may be personal', () => {
    expect(ask('/api/v1/me')).toBe('leave');
    expect(ask('/api/v1/events')).toBe('leave');
    expect(ask('/api/v1/conversations/1/thread', 'navigate')).toBe('leave');
    expect(ask('/hooks/whatsapp/x', 'cors', 'POST')).toBe('leave');
    expect(ask('/healthz', 'navigate')).toBe('leave');
    expect(ask('/manifest.webmanifest')).toBe('leave');
    expect(ask('/', 'navigate', 'POST')).toBe('leave');
    expect(ask('https://elsewhere.example/assets/a.js')).toBe('leave');
  });

  test('answers for pages, and keeps files whose name tells their content', () => {
    expect(ask('/', 'navigate')).toBe('page');
    expect(ask('/conversations/1?view=mine', 'navigate')).toBe('page');
    expect(ask('/apiary', 'navigate')).toBe('page');
    expect(ask('/assets/index-1.js')).toBe('kept');
  });

  test('tells a server that is out of reach from one that says no', () => {
    expect([200, 401, 404, 500, 502, 503, 504].filter(isOutOfReach)).toEqual([502, 503, 504]);
  });

  test('keeps what open pages were built from, and nobody else’s cache', () => {
    expect(outdated(['other', 'botschaft-1', 'botschaft-2', cacheName('3')], '3')).toEqual(['botschaft-1']);
    expect(outdated([cacheName('3')], '3')).toEqual([]);
  });
});

test('a page starts anew once, and not again and again', () => {
  expect(mayReload(0, 1_000_000)).toBe(true);
  expect(mayReload(1_000_000, 1_030_000)).toBe(false);
  expect(mayReload(1_000_000, 1_061_000)).toBe(true);
});

describe('the manifest', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'public/manifest.webmanifest'), 'utf8'));
  const { light, dark } = readTokens(readFileSync(join(src, 'style/tokens.css'), 'utf8'));

  test('has the colours of the paper, as the page has', () => {
    expect([manifest.background_color, manifest.theme_color]).toEqual([light.paper, light.paper]);
    const page = readFileSync(join(root, 'index.html'), 'utf8');
    expect([...page.matchAll(/name="theme-color".*content="(#\w+)"/g)].map(([, colour]) => colour)).toEqual([light.paper, dark.paper]);
  });

  test.each(manifest.icons as { src: string; sizes: string }[])('$src is as large as it says', ({ src: path, sizes }) => {
    const png = readFileSync(join(root, 'public', path));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
  });
});
