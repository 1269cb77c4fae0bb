import { expect, test } from 'vitest';
import { waitsFor } from '../src/state/waiting';
import { at, conversation, desk, noon } from './nouns';

const hour = 3_600_000;

test('what waits does so for a pause, for the pace, or for the people of the day', () => {
  const state = desk(conversation('a', 0));
  const message = { conversation: 'a' };
  expect(waitsFor(state, message, noon)).toBe('pace');
  expect(waitsFor(state, message, noon + 25 * hour)).toBe('people');
  const kfz = { ...state.inboxes.kfz!, paused: { reason: 'Wartung', at: at(0) } };
  expect(waitsFor({ ...state, inboxes: { kfz } }, message, noon)).toBe('paused');
  expect(waitsFor({ ...state, conversations: {} }, message, noon)).toBe('pace');
});
