import type { Message } from '../api/types';
import { isAutomatic } from './automatic';
import type { DeskState } from './desk';

/** The position of the lowest thing that is shown of a thread; 0 if it is not loaded. */
export function lowestShown(state: DeskState, id: string): number {
  return seenBy(state, id, Infinity);
}

/** The position of the newest thing of a loaded thread that was there at a time: what its reader had seen. */
export function seenBy(state: DeskState, id: string, time: number): number {
  let position = 0;
  for (const each of state.threads[id]?.ids ?? []) {
    const item = state.messages[each] ?? state.turns[each];
    if (item && Date.parse(item.at) <= time) position = Math.max(position, item.position);
  }
  return position;
}

/**
 * What colleagues answered since the author saw the thread up to a position, oldest
 * first: to be read before another answer goes out beside theirs.
 */
export function answersSince(state: DeskState, id: string, after: number): Message[] {
  return (state.threads[id]?.ids ?? [])
    .map((each) => state.messages[each])
    .filter((message): message is Message => message !== undefined && isTheirs(message, state.me.agent.id))
    .filter((message) => message.position > after);
}

function isTheirs(message: Message, me: string): boolean {
  const { direction, author } = message;
  return direction === 'out' && !isAutomatic(message) && author?.kind === 'agent' && author.id !== me;
}
