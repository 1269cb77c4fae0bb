import type { Api } from '../api/client';
import type { Problem } from '../api/problem';
import type { DeskState } from './desk';

/** What the acts of the desk stand on: its state, the calls, and the place in the feed. */
export interface Ground {
  data: DeskState | null;
  readonly api: Api;
  /** The number of the newest event that was taken: an answer to what is asked now includes it. */
  asOf(): number;
  /** Fetches the thread of a Conversation again, if it is open. */
  refresh(id: string): Promise<void>;
  /** Whether a problem ended the session. */
  ended(problem: Problem): boolean;
}
