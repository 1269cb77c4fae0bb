import type { Problem } from '../api/problem';
import type { Me } from '../api/types';

/** What the agent may do and see, in a form that can be compared. */
export function reach({ agent, controllers, inboxes }: Me): string {
  return JSON.stringify([agent.id, agent.role, controllers.map(({ id }) => id), inboxes.map(({ id }) => id)]);
}

/** Whether something is not there, or not for this agent. */
export function isClosed({ status }: Problem): boolean {
  return status === 404 || status === 403;
}
