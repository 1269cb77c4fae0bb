import { tick } from 'svelte';
import { place } from '../../state/location.svelte';

/** Goes to a page of the settings, and there to a section. */
export function wayTo(path: string, section = ''): void {
  place.settings(path);
  if (!section || place.at.screen !== 'settings' || place.at.page !== path) return; // held back
  window.history.replaceState(window.history.state, '', `#${section}`);
  void focusSection(section);
}

/**
 * Gives the focus to a section, as soon as its page shows it: some wait for the
 * server. The focus of whoever went on meanwhile is left alone.
 */
export async function focusSection(id: string, tries = 40, from = document.activeElement): Promise<void> {
  await tick();
  const heading = document.getElementById(`${id}-title`);
  const now = document.activeElement;
  if (now !== from && now !== document.body) return;
  if (heading) {
    heading.scrollIntoView({ block: 'start' });
    heading.focus({ preventScroll: true });
  } else if (tries > 0) {
    setTimeout(() => void focusSection(id, tries - 1, from), 50);
  }
}
