import { expect, test } from 'vitest';
import { contentOf, fault, faultAbove, guess } from '../src/state/attachable';

test('what WhatsApp does not take is known before it leaves', () => {
  const mb = 1 << 20;
  expect(fault({ type: 'image/png', size: 5 * mb })).toBeNull();
  expect(fault({ type: 'image/png', size: 5 * mb + 1 })).toBe('too_large');
  expect(fault({ type: 'video/mp4', size: 17 * mb })).toBe('too_large');
  expect(fault({ type: 'application/pdf', size: 100 * mb })).toBeNull();
  expect(fault({ type: 'application/zip', size: 1 })).toBe('unsupported');
  expect(fault({ type: '', size: 1 })).toBeNull();
  expect(fault({ type: 'image/png', size: 0 })).toBe('empty');
});

test('above a template stands less than can be sent', () => {
  const mb = 1 << 20;
  expect(['image/jpeg', 'image/png', 'video/mp4', 'video/3gpp', 'application/pdf', ''].map((type) => faultAbove({ type, size: 1 }))).toEqual(Array(6).fill(null));
  expect(['image/webp', 'text/plain', 'audio/ogg', 'application/msword'].map((type) => faultAbove({ type, size: 1 }))).toEqual(Array(4).fill('above'));
  expect(faultAbove({ type: 'image/png', size: 5 * mb + 1 })).toBe('above');
  expect(faultAbove({ type: 'application/pdf', size: 0 })).toBe('empty');
});

test('a kind is guessed until the server says', () => {
  expect(['image/jpeg', 'image/webp', 'video/ogg', 'text/csv', ''].map(guess)).toEqual(['image', 'sticker', 'audio', 'document', 'document']);
});

test('only what belongs to a kind is said of it', () => {
  const upload = { id: 'u', type: '', size: 1, seconds: 0, voice: true };
  const of = (kind: 'image' | 'audio' | 'document' | 'sticker') => contentOf({ ...upload, kind }, 'a.pdf', ' Hallo ', true)[kind];
  expect(of('image')).toEqual({ file: 'u', caption: 'Hallo' });
  expect(of('document')).toEqual({ file: 'u', caption: 'Hallo', filename: 'a.pdf' });
  expect(of('audio')).toEqual({ file: 'u', voice: true });
  expect(of('sticker')).toEqual({ file: 'u' });
});
