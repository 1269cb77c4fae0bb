import { getContext, setContext } from 'svelte';
import type { Office } from './state/office.svelte';

const key = Symbol('office');

export function provideOffice(office: Office): void {
  setContext(key, office);
}

export function useOffice(): Office {
  return getContext<Office>(key);
}
