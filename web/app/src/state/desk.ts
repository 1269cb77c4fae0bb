import type { Conversation, Counts, Decision, Inbox, Me, Message, Person, Reason, Turn, View } from '../api/types';

/** Which Conversations a list shows. An empty inbox means all of them. */
export type Filter = { view: View; inbox: string };

/** A place in a list: lists are ordered by rank, then id, ascending. */
export type Mark = { rank: number; id: string };

/**
 * The part of a list that was loaded. `next` is empty when it is whole; else `end` is
 * the place up to which it was loaded, and what stands behind comes with its page.
 */
export type List = { filter: Filter; ids: string[]; next: string; end: Mark | null };

/**
 * The loaded end of a thread, oldest first: ids of Messages and Turns. `stale` is the
 * number of the event that told of one without showing it, 0 if there was none: a
 * stale thread is fetched again.
 */
export type Thread = { ids: string[]; next: string; stale: number };

/** What the agent said and the server did not confirm yet. */
export type Pending = {
  kind: 'reply' | 'note';
  clientId: string;
  text: string;
  at: string;
  /** The position up to which its author had read; null for what goes out regardless. */
  after: number | null;
  /** The Message that it answers; null: none in particular. */
  about: string | null;
  state: 'sending' | 'unsent' | 'refused';
  code: string;
  reasons: Reason[];
};

export type DeskState = {
  me: Me;
  list: List | null;
  conversations: Record<string, Conversation>;
  messages: Record<string, Message>;
  turns: Record<string, Turn>;
  threads: Record<string, Thread>;
  pending: Record<string, Pending[]>;
  decisions: Record<string, Decision>;
  inboxes: Record<string, Inbox>;
  /** By Conversation: who looks at it or writes in it now, without the agent. */
  presence: Record<string, Person[]>;
  counts: Counts | null;
  /**
   * By id of a Conversation, Message or Turn: the number of the newest event that told of
   * it. An answer that was asked for earlier must not put an older state over it.
   */
  seen: Record<string, number>;
};

export function emptyDesk(me: Me): DeskState {
  return {
    me,
    list: null,
    conversations: {},
    messages: {},
    turns: {},
    threads: {},
    pending: {},
    decisions: {},
    inboxes: Object.fromEntries(me.inboxes.map((inbox) => [inbox.id, inbox])),
    presence: {},
    counts: null,
    seen: {},
  };
}
