import type { DeskEvent } from './apply';

/** A Contact wrote something that the agent may have to answer. */
export type Arrival = { conversation: string; received: number; inbox: string };

const most = 1000;

/** Finds in the events what is news for the agent, once for each Message. */
export class News {
  #heard = new Map<string, number>();
  #listener: ((arrivals: Arrival[]) => void) | null = null;

  /** Who is told; one at a time. */
  listen(listener: (arrivals: Arrival[]) => void): () => void {
    this.#listener = listener;
    return () => (this.#listener = null);
  }

  /** Tells what is new in the events, if it is to be heard in this tab. */
  tell(events: readonly DeskEvent[], me: string, audible: boolean) {
    const arrivals = this.take(events, me);
    if (audible && arrivals.length > 0) this.#listener?.(arrivals);
  }

  take(events: readonly DeskEvent[], me: string): Arrival[] {
    const found: Arrival[] = [];
    for (const { change } of events) {
      const of = change.kind === 'message' ? change.conversation : null;
      // The Contact waits for a person (what the house says by itself answers nothing), nobody
      // has read it, and nobody else has it.
      if (!of || !of.waiting_since || of.received <= of.read_to || of.closed_at) continue;
      if (of.assignee && of.assignee.id !== me) continue;
      if ((this.#heard.get(of.id) ?? 0) >= of.received) continue;
      this.#heard.delete(of.id);
      this.#heard.set(of.id, of.received);
      found.push({ conversation: of.id, received: of.received, inbox: of.inbox.name });
    }
    for (const id of this.#heard.keys()) {
      if (this.#heard.size <= most) break;
      this.#heard.delete(id);
    }
    return found;
  }
}
