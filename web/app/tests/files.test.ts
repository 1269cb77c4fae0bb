import { expect, test } from 'vitest';
import { isAsked, isLost, kindOf, place, thumbnail } from '../src/state/files';
import type { Details } from '../src/state/nouns';
import { bytes, runningTime } from '../src/words/format';

type File = NonNullable<Details['file']>;

const waiting: File = {
  name: '', type: 'image/jpeg', voice: false, animated: false, state: 'waiting', why: '', since: null,
  ask_until: '2026-11-09T12:00:00Z', size: 0, is: '', shows: '', seconds: 0, thumbnail: null, scanned: false,
};
const end = Date.parse('2026-11-09T12:00:00Z');

test('a file is asked for until the provider has it no more', () => {
  expect(isAsked(waiting)).toBe(true);
  expect(isAsked({ ...waiting, why: 'unreachable' })).toBe(false);
  expect(isAsked({ ...waiting, state: 'fetched' })).toBe(false);
  expect(isLost(waiting, end - 1)).toBe(false);
  expect(isLost(waiting, end)).toBe(true);
  expect(isLost({ ...waiting, ask_until: null }, end - 1)).toBe(true);
});

test('a file is read by the id of its message alone', () => {
  expect(place({ id: 'a' })).toBe('/api/v1/messages/a/file');
  expect(thumbnail({ id: 'a' })).toBe('/api/v1/messages/a/file/thumbnail');
});

test('kinds and sizes are written as people know them', () => {
  expect(kindOf({ is: 'application/pdf' })).toBe('PDF');
  expect(kindOf({ is: 'image/jpeg' })).toBe('JPEG');
  expect(kindOf({ is: 'application/octet-stream' })).toBe('');
  expect(bytes(26)).toBe('26 Byte');
  expect(bytes(1530)).toBe('1,5 kB');
  expect(bytes(100 * 1024 * 1024)).toBe('105 MB');
  expect(runningTime(3)).toBe('0:03');
  expect(runningTime(3725.4)).toBe('1:02:05');
});
