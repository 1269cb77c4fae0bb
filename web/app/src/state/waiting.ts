import type { Message } from '../api/types';
import type { DeskState } from './desk';
import { windowAt } from './selectors';

/** Why a Message has not left: sending is paused, or WhatsApp takes only so many at a time. */
export type Waits = 'paused' | 'pace' | 'people';

/**
 * What a queued Message most likely waits for. Within the Window WhatsApp limits how fast
 * messages follow each other, outside of it how many people are written to in a day.
 */
export function waitsFor(state: Pick<DeskState, 'conversations' | 'inboxes'>, { conversation: id }: Pick<Message, 'conversation'>, now: number): Waits {
  const conversation = state.conversations[id];
  if (!conversation) return 'pace';
  if (state.inboxes[conversation.inbox.id]?.paused) return 'paused';
  return windowAt(conversation, now).left > 0 ? 'pace' : 'people';
}
