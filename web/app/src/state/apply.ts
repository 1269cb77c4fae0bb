import type { Change } from '../api/types';
import type { DeskState } from './desk';
import { place } from './lists';
import { dropAnnounced, withMessage } from './threads';

/** A change of the event stream with its number. */
export type DeskEvent = { n: number; change: Change };

/**
 * What a committed change makes of the state. Pure: the same state and event give
 * the same result here, in a test and in the recordings of the server. A kind that
 * is not known here changes nothing.
 */
export function apply(state: DeskState, { n, change }: DeskEvent): DeskState {
  switch (change.kind) {
    case 'inbox':
      return withInbox(state, change);
    case 'message':
      return withMessageOf(withConversation(state, change, n), change, n);
    case 'conversation':
      return withConversation(state, change, n);
    default:
      return state;
  }
}

function withInbox(state: DeskState, { inbox }: Change): DeskState {
  return inbox ? { ...state, inboxes: { ...state.inboxes, [inbox.id]: inbox } } : state;
}

function withConversation(state: DeskState, { conversation }: Change, n: number): DeskState {
  if (!conversation) return state;
  const conversations = { ...state.conversations, [conversation.id]: conversation };
  const list = state.list && place(state.list, conversation, conversations, state.me.agent.id);
  return { ...state, conversations, list, seen: { ...state.seen, [conversation.id]: n } };
}

function withMessageOf(state: DeskState, { conversation, message, message_id: id }: Change, n: number): DeskState {
  if (message) {
    if (!state.threads[message.conversation]) return dropAnnounced(state, message);
    const next = withMessage(dropAnnounced(state, message), message);
    return { ...next, seen: { ...next.seen, [message.id]: n } };
  }
  const thread = conversation && state.threads[conversation.id];
  if (!thread) return state;
  const seen = id ? { ...state.seen, [id]: n } : state.seen;
  return { ...state, seen, threads: { ...state.threads, [conversation.id]: { ...thread, stale: n } } };
}
