import { getContext, setContext } from 'svelte';
import type { Message } from '../../state/nouns';

const key = Symbol('viewing');

/**
 * The file of the thread that stands open, large. It belongs to the thread and not to a
 * bubble: a bubble is drawn anew when what comes in makes an album of it.
 */
export class Viewing {
  /** The Message whose file it is; "" for none. */
  id = $state('');
  /** The Messages that one can go on to from here, in their order. */
  among = $state.raw<string[]>([]);

  show({ id }: Message, among: Message[] = []) {
    this.id = id;
    this.among = among.map((one) => one.id);
  }

  close() {
    this.id = '';
  }
}

export function provideViewing(): Viewing {
  return setContext(key, new Viewing());
}

export function useViewing(): Viewing {
  return getContext<Viewing>(key);
}
