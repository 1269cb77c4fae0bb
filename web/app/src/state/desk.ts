import type { Conversation, Decision, Inbox, Me, Message, Reason, View } from '../api/types';

/** Which Conversations a list shows. An empty inbox means all of them. */
export type Filter = { view: View; inbox: string };

/** The part of a list that was loaded; `next` is empty when it is whole. */
export type List = { filter: Filter; ids: string[]; next: string };

/**
 * The loaded end of a thread, oldest first. `stale` is the number of the event that
 * told of a Message without showing it, 0 if there was none: a stale thread is
 * fetched again.
 */
export type Thread = { ids: string[]; next: string; stale: number };

/** What the agent sent and the server did not confirm yet. */
export type Draft = {
  clientId: string;
  text: string;
  at: string;
  state: 'sending' | 'unsent' | 'refused';
  code: string;
  reasons: Reason[];
};

export type DeskState = {
  me: Me;
  list: List | null;
  conversations: Record<string, Conversation>;
  messages: Record<string, Message>;
  threads: Record<string, Thread>;
  drafts: Record<string, Draft[]>;
  decisions: Record<string, Decision>;
  inboxes: Record<string, Inbox>;
  /**
   * By id of a Conversation or Message: the number of the newest event that told of
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
    threads: {},
    drafts: {},
    decisions: {},
    inboxes: Object.fromEntries(me.inboxes.map((inbox) => [inbox.id, inbox])),
    seen: {},
  };
}
