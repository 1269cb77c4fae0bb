import { expect, test } from 'vitest';
import { carriers, isUnknown, keyOf, purposeOf } from '../src/settings/destinations';
import type { Destination } from '../src/settings/state/nouns';
import '../src/words/protection';

const one = (change: Partial<Destination>): Destination => ({
  host: 'graph.example', port: 443, purpose: 'WhatsApp messages', company: 'Carrier GmbH', open: true, first_used_at: null, last_used_at: null, senders: [], ...change,
});
const sender = (...recipients: string[]) => ({ inbox: '1', controller: '2', recipients });

test('a place is one per purpose and company', () => {
  expect(new Set([one({}), one({ port: 80 }), one({ purpose: 'proxy' }), one({ company: '' })].map(keyOf)).size).toBe(4);
});

test('purposes have words, and what has none yet is named all the same', () => {
  expect(purposeOf(one({}))).toBe('WhatsApp-Nachrichten');
  expect(purposeOf(one({ purpose: 'proxy' }))).toContain('Proxy');
  expect(purposeOf(one({ purpose: 'translation' }))).toBe('translation');
});

test('who carries is named once, and who is missing in a register is seen', () => {
  const two = one({ senders: [sender('Carrier GmbH'), sender('Carrier GmbH', 'Other GmbH')] });
  expect(carriers(two)).toEqual(['Carrier GmbH', 'Other GmbH']);
  expect(isUnknown(two)).toBe(false);
  expect(isUnknown(one({ senders: [sender('Carrier GmbH'), sender()] }))).toBe(true);
  expect(isUnknown(one({ company: '', senders: [sender()] }))).toBe(false);
});
