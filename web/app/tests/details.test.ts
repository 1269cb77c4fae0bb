import { expect, test } from 'vitest';
import { degrees, geo } from '../src/state/details';
import { kindName } from '../src/views/kinds';

test('a place is written as people and maps read it', () => {
  const place = { latitude: -33.8567844, longitude: 151.213108, name: '', address: '' };
  expect(degrees(place)).toBe('-33.85678, 151.21311');
  expect(geo(place)).toBe('geo:-33.85678,151.21311');
});

test('a recording made in WhatsApp is no audio file', () => {
  expect(kindName('audio', true)).toBe('Sprachnachricht');
  expect(kindName('audio')).toBe('Audiodatei');
});
