import { commands } from './commands';
import { details } from './details';
import { general } from './general';
import { grounds } from './grounds';
import { list } from './list';
import { parts } from './parts';
import { settings } from './settings';
import { tasks } from './tasks';
import type { protection } from './protection';
import { thread } from './thread';
import type { Words } from './words';

// Every word the app shows, one file for each of its areas. What comes later is learnt.
export const areas: Record<string, Words> = { general, list, thread, details, grounds, commands, settings, parts, tasks };

const known = { ...general, ...list, ...thread, ...details, ...grounds, ...commands, ...settings, ...parts, ...tasks };
type All = typeof known & typeof protection;

export const catalogue = known as All;

export type Key = keyof All;

/** Adds an area that comes with a chunk of its own. */
export function learn(area: { [name: string]: Words }): void {
  Object.assign(areas, area);
  for (const words of Object.values(area)) Object.assign(catalogue, words);
}
