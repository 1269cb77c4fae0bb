import { describe, expect, test } from 'vitest';
import { formatRoute, parseRoute } from '../src/state/route';
import { windowAt } from '../src/state/selectors';
import { initials } from '../src/parts/initials';
import { ago, clockTime, dayName, moment, setTimeZone, span } from '../src/words/format';
import { conversation, noon } from './nouns';

const hour = 3_600_000;

test('the Window opens, closes soon, is closed, never was open', () => {
  const phase = (until: string | null, now: number) => windowAt(conversation('a', 0, { window: { open: true, until } }), now);
  const until = new Date(noon + 24 * hour).toISOString();
  expect(phase(until, noon)).toEqual({ phase: 'open', left: 24 * hour, share: 1 });
  expect(phase(until, noon + 23 * hour).phase).toBe('closing');
  expect(phase(until, noon + 25 * hour)).toEqual({ phase: 'closed', left: 0, share: 0 });
  expect(phase(null, noon).phase).toBe('never');
});

test('addresses', () => {
  const route = { screen: 'desk' as const, conversation: '0192-ab', filter: { view: 'mine' as const, inbox: 'kfz' } };
  expect(formatRoute(route)).toBe('/conversations/0192-ab?view=mine&inbox=kfz');
  expect(parseRoute('/conversations/0192-ab', '?view=mine&inbox=kfz')).toEqual(route);
  expect(formatRoute(parseRoute('/', ''))).toBe('/');
  expect(parseRoute('/elsewhere', '?view=none')).toEqual(parseRoute('/', ''));
  const settings = { screen: 'settings' as const, page: 'audit', query: 'act=login' };
  expect(formatRoute(settings)).toBe('/settings/audit?act=login');
  expect(parseRoute('/settings/audit', '?act=login')).toEqual(settings);
  expect(formatRoute(parseRoute('/settings/', ''))).toBe('/settings');
  expect(parseRoute('/invitation', '').screen).toBe('invitation');
});

describe('times in German', () => {
  test('relative up to a day, then absolute', () => {
    expect(ago(noon - 20_000, noon)).toBe('jetzt');
    expect(ago(noon - 5 * 60_000, noon)).toBe('vor 5 Min.');
    expect(ago(noon - 3 * hour, noon)).toBe('vor 3 Std.');
    expect(ago(noon - 72 * hour, noon)).toBe('20. Nov.');
    expect(ago(Date.parse('2025-03-01T12:00:00Z'), noon)).toBe('01.03.2025');
  });

  test('days and spans', () => {
    expect(dayName(noon, noon)).toBe('Heute');
    expect(dayName(noon - 24 * hour, noon)).toBe('Gestern');
    expect(dayName(noon - 96 * hour, noon)).toBe('Do., 19. November');
    expect(moment(noon, noon)).toBe('13:00');
    expect(moment(noon - 96 * hour, noon)).toBe('Do., 19. November, 13:00');
    expect(span(21 * hour + 5 * 60_000)).toBe('21 Std. 5 Min.');
    expect(span(1)).toBe('1 Min.');
  });
});

test('initials', () => {
  expect(initials('Anna Muster')).toBe('AM');
  expect(initials('Ben von Beispiel')).toBe('BB');
  expect(initials('Çelik')).toBe('Ç');
  expect(initials('')).toBe('');
});

test('times are those of the house, wherever the browser is', () => {
  const noon = Date.UTC(2026, 10, 2, 12);
  expect(clockTime(noon)).toBe('13:00');
  setTimeZone('Europe/London');
  expect(clockTime(noon)).toBe('12:00');
  setTimeZone('Europe/Berlin');
  expect(clockTime(noon)).toBe('13:00');
});
