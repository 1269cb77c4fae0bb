import type { Message } from '../api/types';
import { isAutomatic } from './automatic';
import type { Entry } from './entries';
import { isAsked } from './files';
import { standsAt } from './threads';

type MessageEntry = Extract<Entry, { kind: 'message' }>;

/** Pictures and films that were sent together, drawn as one; what they are is not changed. */
export type Album = { kind: 'album'; key: string; at: number; messages: Message[]; startsGroup: boolean };

/** What is drawn in a thread, top to bottom. */
export type Drawn = Entry | Album;

/** How many of an album are shown before somebody asks for all. */
export const few = 4;

// Who chooses several at once sends them within seconds; a slow line needs longer.
const apart = 60_000;

// What happens to a Message when all goes well, in this order.
const way: Message['status'][] = ['received', 'sent', 'delivered', 'read'];

/**
 * The entries of a thread, with what was sent right after one another as albums: by the
 * same author, each a picture or a film and nothing else. One of them may have words, the
 * first or the last, as WhatsApp gives them. Whatever has something to tell of itself, such
 * as why it failed, what it answers or that it came late, stands alone. What the house
 * answered by itself to the first of them stands below, and parts them not.
 */
export function inAlbums(all: Entry[]): Drawn[] {
  const out: Drawn[] = [];
  let run: MessageEntry[] = [];
  let between: MessageEntry[] = [];
  let moved = false; // what follows stands below something else than it would
  const end = () => {
    out.push(...(run.length > 1 ? [albumOf(run)] : run), ...between);
    [run, between] = [[], []];
  };
  for (const entry of all) {
    if (entry.kind === 'message' && run.length > 0 && isAutomatic(entry.message)) {
      between.push(entry);
    } else if (entry.kind === 'message' && fits(entry.message) && joins(run, entry.message)) {
      moved ||= between.length > 0;
      run.push(entry);
    } else {
      end();
      const next = moved && entry.kind === 'message' ? { ...entry, startsGroup: true } : entry;
      moved = false;
      if (next.kind === 'message' && fits(next.message)) run = [next];
      else out.push(next);
    }
  }
  end();
  return out;
}

function albumOf(run: MessageEntry[]): Album {
  const { key, at, startsGroup } = run[0]!;
  return { kind: 'album', key, at, startsGroup, messages: run.map(({ message }) => message) };
}

function fits(message: Message): boolean {
  const { kind, details, about, hidden, late, earlier, buttons, status } = message;
  const file = details?.file;
  if ((kind !== 'image' && kind !== 'video') || !details || !file) return false;
  const seen = file.state === 'fetched' ? file.shows === 'picture' || file.shows === 'film' : isAsked(file);
  const plain = about === null && !hidden && !late && message.revoked_at === null && earlier.length === 0 && buttons.length === 0;
  const bare = details.forwarded === '' && details.referral === null && details.template === null && details.offer === null;
  return seen && !isAutomatic(message) && plain && bare && way.includes(status);
}

function joins(run: MessageEntry[], message: Message): boolean {
  const before = run.at(-1)?.message;
  if (!before) return false;
  // The words of one in the middle would seem to be about all of them.
  const worded = run.filter((entry) => entry.message.text !== '').length;
  if (worded > 0 && (message.text !== '' || (run.length > 1 && before.text !== ''))) return false;
  return (
    before.direction === message.direction &&
    before.author?.id === message.author?.id &&
    before.origin === message.origin &&
    standsAt(message) - standsAt(before) < apart
  );
}

/** Whether one cannot be pressed in an album until all are shown: the last of the few stands for the rest. */
export function folds({ messages }: Album, id: string): boolean {
  return messages.length > few && messages.findIndex((message) => message.id === id) >= few - 1;
}

/** How far all of an album came. */
export function leastFar(messages: Message[]): Message['status'] {
  return way.find((status) => messages.some((message) => message.status === status)) ?? 'sent';
}
