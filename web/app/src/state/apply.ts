import type { Change, Conversation, Message, Turn } from '../api/types';
import type { DeskState } from './desk';
import { place } from './lists';
import { announced, withItems } from './threads';

/** A change of the event stream with its number. */
export type DeskEvent = { n: number; change: Change };

/**
 * What a committed change makes of the state. Pure: the same state and event give
 * the same result here, in a test and in the recordings of the server. A kind that
 * is not known here changes nothing.
 */
export function apply(state: DeskState, event: DeskEvent): DeskState {
  return applyAll(state, [event]);
}

/**
 * What a batch of changes makes of the state, the same as one after the other. Each
 * map is copied once for the batch, and list and threads are put in order once.
 */
export function applyAll(state: DeskState, events: readonly DeskEvent[]): DeskState {
  const batch = new Batch(state);
  for (const event of events) batch.take(event);
  return batch.done();
}

type Maps = 'conversations' | 'messages' | 'turns' | 'threads' | 'pending' | 'inboxes' | 'presence' | 'seen';

class Batch {
  #before: DeskState;
  #next: DeskState;
  #changed = new Set<string>();
  #joined = new Map<string, Set<string>>();

  constructor(state: DeskState) {
    this.#before = state;
    this.#next = state;
  }

  take({ n, change }: DeskEvent) {
    switch (change.kind) {
      case 'inbox':
        if (change.inbox) this.#map('inboxes')[change.inbox.id] = change.inbox;
        return;
      case 'message':
        this.#conversation(change, n);
        return change.message ? this.#message(change.message, n) : this.#unseen(change, change.message_id, n);
      case 'turn':
        this.#conversation(change, n);
        return change.turn ? this.#turn(change.turn, n) : this.#unseen(change, change.turn_id, n);
      case 'conversation':
        return this.#conversation(change, n);
      case 'reading':
        return this.#reading(change, n);
      case 'presence':
        return this.#presence(change);
      case 'counts':
        if (change.counts) this.#set({ counts: { items: change.counts.items, unread: change.counts.unread } });
        return;
    }
  }

  done(): DeskState {
    const { list, conversations, me } = this.#next;
    if (list && this.#changed.size > 0) {
      const placed = place(list, this.#changed, conversations, me.agent.id);
      if (placed !== list) this.#set({ list: placed });
    }
    for (const [id, items] of this.#joined) {
      const thread = this.#next.threads[id]!;
      this.#map('threads')[id] = { ...thread, ids: withItems(thread.ids, items, this.#next) };
    }
    return this.#next;
  }

  #conversation({ conversation }: Change, n: number) {
    if (!conversation) return;
    this.#reconsider(conversation, n);
    this.#map('conversations')[conversation.id] = conversation;
    this.#map('seen')[conversation.id] = n;
    this.#changed.add(conversation.id);
  }

  // Who the Contact is became doubtful, or sure again: other things are shown of the thread.
  #reconsider({ id, contact }: Conversation, n: number) {
    const before = this.#next.conversations[id]?.contact.assurance;
    const now = contact.assurance;
    const thread = this.#next.threads[id];
    if (thread && (before?.since !== now?.since || before?.hidden !== now?.hidden)) this.#map('threads')[id] = { ...thread, stale: n };
  }

  #message(message: Message, n: number) {
    this.#confirm(message);
    if (!this.#next.threads[message.conversation]) return;
    this.#map('messages')[message.id] = message;
    this.#join(message, n);
  }

  #turn(turn: Turn, n: number) {
    this.#confirm(turn);
    if (!this.#next.threads[turn.conversation]) return;
    this.#map('turns')[turn.id] = turn;
    this.#join(turn, n);
  }

  #confirm(item: Message | Turn) {
    const waiting = announced(this.#next, item);
    if (!waiting) return;
    const pending = this.#map('pending');
    pending[item.conversation] = pending[item.conversation]!.filter((p) => p !== waiting);
  }

  #join({ id, conversation }: { id: string; conversation: string }, n: number) {
    this.#map('seen')[id] = n;
    const items = this.#joined.get(conversation) ?? new Set();
    this.#joined.set(conversation, items.add(id));
  }

  // The event says that something stands in the thread, and not what.
  #unseen({ conversation }: Change, item: string | null | undefined, n: number) {
    const thread = conversation && this.#next.threads[conversation.id];
    if (!thread) return;
    if (item) this.#map('seen')[item] = n;
    this.#map('threads')[conversation.id] = { ...thread, stale: n };
  }

  #reading({ reading }: Change, n: number) {
    const conversation = reading && this.#next.conversations[reading.conversation];
    if (!conversation) return;
    this.#map('conversations')[conversation.id] = { ...conversation, read_to: reading.position };
    this.#map('seen')[conversation.id] = n;
  }

  #presence({ presence }: Change) {
    if (!presence) return;
    const others = presence.people.filter((person) => person.id !== this.#next.me.agent.id);
    const all = this.#map('presence');
    if (others.length > 0) all[presence.conversation] = others;
    else delete all[presence.conversation];
  }

  // The map of the state to come, copied when it is changed for the first time.
  #map<K extends Maps>(name: K): DeskState[K] {
    if (this.#next[name] === this.#before[name]) this.#set({ [name]: { ...this.#next[name] } } as Partial<DeskState>);
    return this.#next[name];
  }

  #set(change: Partial<DeskState>) {
    this.#next = { ...this.#next, ...change };
  }
}
