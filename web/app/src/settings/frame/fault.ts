import { tick } from 'svelte';

/** Leads whoever sent a form to the first thing that is wrong in it. */
export async function focusFault(form: HTMLElement): Promise<void> {
  await tick();
  form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
}
