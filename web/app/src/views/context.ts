import { getContext, setContext } from 'svelte';
import type { Desk } from '../state/store.svelte';

const key = Symbol('desk');

export function provideDesk(desk: Desk): void {
  setContext(key, desk);
}

export function useDesk(): Desk {
  return getContext<Desk>(key);
}
