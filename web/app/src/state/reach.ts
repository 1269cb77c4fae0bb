import type { Me } from '../api/types';

/** What the agent may do and see, in a form that can be compared. */
export function reach({ agent, controllers, inboxes }: Me): string {
  return JSON.stringify([agent.id, agent.role, controllers.map(({ id }) => id), inboxes.map(({ id }) => id)]);
}
