import { expect, test } from 'vitest';
import { base64, dayBegan, formFault, largestForm } from '../src/state/signed';

test('a form is a small PDF or picture', () => {
  expect(formFault(undefined)).toBe('missing');
  expect(formFault({ size: 0, type: 'application/pdf' })).toBe('missing');
  expect(formFault({ size: 10, type: 'text/html' })).toBe('type');
  expect(formFault({ size: largestForm + 1, type: 'image/png' })).toBe('size');
  expect(formFault({ size: largestForm, type: 'image/jpeg' })).toBeNull();
});

test('bytes come through base64 whole', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
  const back = Uint8Array.from(atob(await base64(new Blob([bytes]))), (c) => c.charCodeAt(0));
  expect(back).toEqual(bytes);
});

test('a day is the moment it began', () => {
  expect(dayBegan('', Date.now())).toBe('');
  expect(dayBegan('2026-11-03', new Date(2026, 10, 2, 23, 59).getTime())).toBe('');
  expect(Date.parse(dayBegan('2026-11-02', Date.now()))).toBe(new Date(2026, 10, 2).getTime());
});
