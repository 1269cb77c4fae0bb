import { describe, expect, test } from 'vitest';
import { few, folds, inAlbums, leastFar, type Album } from '../src/state/albums';
import { entries, type Entry, type Shown } from '../src/state/entries';
import type { Message } from '../src/state/nouns';
import { dayOf } from '../src/words/format';
import { conversation, desk, message, turn, withThread } from './nouns';

const all: Shown = { from: '', most: 100, newAfter: null };

const file = {
  state: 'fetched', shows: 'picture', is: 'image/jpeg', type: 'image/jpeg', name: '', size: 1000, seconds: 0, voice: false, animated: false,
  scanned: false, since: null, ask_until: null, why: '', thumbnail: { width: 640, height: 480 },
};
const bare = {
  answers: [], cards: [], choice: null, forwarded: '', location: null, offer: null, products: [], referral: null, system: '', template: null, why: '',
};

type Extra = Omit<Partial<Message>, 'details'> & { file?: object; details?: object };
const sent = ({ file: extra, details, ...rest }: Extra = {}, seconds = 0) => (n: number) =>
  message(`p${n}`, 'a', seconds / 60, {
    kind: 'image', text: '', position: n, ...rest,
    details: { ...bare, file: { ...file, ...extra }, ...details } as unknown as Message['details'],
  });
const picture = sent();

/** What is drawn of these, an album as the names of what is in it. */
function drawn(items: ((n: number) => Message)[], shown: Shown = all): string[] {
  const messages = items.map((make, n) => make(n + 1));
  return names(entries(withThread(desk(conversation('a', 0)), 'a', messages.toReversed()), 'a', dayOf, shown));
}

const names = (list: Entry[]) =>
  inAlbums(list).map((row) => (row.kind === 'album' ? row.messages.map(({ id }) => id).join('+') : row.kind === 'message' ? row.message.id : row.kind));

test('what was sent together is one album, at the place and with the key of its first', () => {
  expect(drawn([picture, picture, sent({ kind: 'video', file: { shows: 'film' } })])).toEqual(['day', 'p1+p2+p3']);
  expect(drawn([picture])).toEqual(['day', 'p1']);
  const messages = [1, 2].map(picture);
  const [, album] = inAlbums(entries(withThread(desk(conversation('a', 0)), 'a', messages), 'a', dayOf, all));
  expect(album).toMatchObject({ kind: 'album', key: 'p1', startsGroup: true });
});

test('what stands behind the last of the few, and how far all came', () => {
  const messages = [1, 2, 3, 4, 5].map(picture);
  const album: Album = { kind: 'album', key: 'p1', at: 0, startsGroup: true, messages };
  expect(messages.filter(({ id }) => folds(album, id)).map(({ id }) => id)).toEqual(['p4', 'p5']);
  expect(folds({ ...album, messages: messages.slice(0, few) }, 'p4')).toBe(false);
  const went = (...statuses: Message['status'][]) => leastFar(statuses.map((status) => sent({ status })(1)));
  expect([went('read', 'delivered', 'read'), went('sent', 'read'), went('read', 'read')]).toEqual(['delivered', 'sent', 'read']);
});

test('what is still being fetched is in it already, so that nothing jumps when it comes', () => {
  expect(drawn([picture, sent({ file: { state: 'waiting', shows: '' } }), picture])).toEqual(['day', 'p1+p2+p3']);
});

test('it is by one author, within a short time', () => {
  const ours = (id: string) => sent({ direction: 'out', status: 'read', author: { id, name: id, kind: 'agent' } as NonNullable<Message['author']> });
  expect(drawn([picture, ours('ben'), ours('ben'), ours('eva'), picture])).toEqual(['day', 'p1', 'p2+p3', 'p4', 'p5']);
  expect(drawn([sent({}, 0), sent({}, 59), sent({}, 110), sent({}, 170)])).toEqual(['day', 'p1+p2+p3', 'p4']);
  expect(drawn([sent({ direction: 'out', status: 'read', origin: 'app' }), sent({ direction: 'out', status: 'read', origin: 'app' }), ours('ben')])).toEqual(['day', 'p1+p2', 'p3']);
});

test('one has words, the first or the last', () => {
  const worded = sent({ text: 'Die Tür' });
  expect(drawn([worded, picture, picture])).toEqual(['day', 'p1+p2+p3']);
  expect(drawn([picture, picture, worded])).toEqual(['day', 'p1+p2+p3']);
  expect(drawn([picture, worded, picture, picture])).toEqual(['day', 'p1+p2', 'p3+p4']);
  expect(drawn([worded, picture, worded, picture])).toEqual(['day', 'p1+p2', 'p3+p4']);
  expect(drawn([worded, worded, worded])).toEqual(['day', 'p1', 'p2', 'p3']);
});

test('what the house answers by itself to the first of them stands below', () => {
  const notice = (n: number) => message(`notice${n}`, 'a', 0, { direction: 'out', origin: 'notice', status: 'sent', position: n });
  const line = (n: number) => message(`line${n}`, 'a', 0, { direction: 'out', origin: 'system', status: 'queued', position: n });
  const text = (n: number) => message(`t${n}`, 'a', 0, { position: n });
  expect(drawn([picture, notice, picture, line, picture])).toEqual(['day', 'p1+p3+p5', 'notice2', 'line4']);
  expect(drawn([picture, line, text])).toEqual(['day', 'p1', 'line2', 't3']);
  expect(drawn([line, picture, line])).toEqual(['day', 'line1', 'p2', 'line3']);
  // What follows says anew who wrote it, because something else stands above it now.
  const rows = (...makes: ((n: number) => Message)[]) => {
    const state = withThread(desk(conversation('a', 0)), 'a', makes.map((make, n) => make(n + 1)).toReversed());
    return inAlbums(entries(state, 'a', dayOf, all)).at(-1);
  };
  expect(rows(picture, line, picture, text)).toMatchObject({ key: 't4', startsGroup: true });
  expect(rows(picture, picture, text)).toMatchObject({ key: 't3', startsGroup: false });
});

test('whatever else stands between ends it', () => {
  const text = (n: number) => message(`t${n}`, 'a', 0, { position: n });
  const noted = (n: number) => turn(`n${n}`, 'a', 0, { kind: 'note', position: n }) as unknown as Message;
  expect(drawn([picture, text, picture, picture])).toEqual(['day', 'p1', 't2', 'p3+p4']);
  expect(drawn([picture, noted, picture])).toEqual(['day', 'p1', 'note', 'p3']);
  // So does the line "New".
  expect(drawn([picture, picture, picture, picture], { ...all, newAfter: 2 })).toEqual(['day', 'p1+p2', 'new', 'p3+p4']);
});

describe('what has something to tell of itself stands alone', () => {
  const cases: Record<string, Extra> = {
    'it answers another': { about: { id: 'x', direction: 'in', kind: 'text', text: 'x' } as Message['about'] },
    'it is not shown': { hidden: true },
    'it was taken back': { revoked_at: '2026-11-23T12:00:00Z' },
    'it failed': { status: 'failed' },
    'nobody knows whether it was sent': { status: 'in_doubt' },
    'it still waits to be sent': { status: 'queued' },
    'it came late': { late: true },
    'it was changed': { earlier: [{ at: '2026-11-23T12:00:00Z', text: 'x' }] },
    'somebody else wrote it': { details: { forwarded: 'forwarded' } },
    'its file is not here, and why': { file: { state: 'waiting', why: 'unreachable', shows: '' } },
    'its file is gone': { file: { state: 'gone', why: 'over', shows: '' } },
    'the browser does not show it': { file: { shows: '' } },
    'it is a sticker': { kind: 'sticker' },
    'it has no file': { details: { file: null } },
  };
  for (const [why, extra] of Object.entries(cases)) {
    test(why, () => expect(drawn([picture, picture, sent(extra), picture, picture])).toEqual(['day', 'p1+p2', 'p3', 'p4+p5']));
  }
});
