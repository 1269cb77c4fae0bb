import type { attach } from './attach';
import { commands } from './commands';
import { details } from './details';
import { files } from './files';
import { general } from './general';
import { grounds } from './grounds';
import { identity } from './identity';
import { list } from './list';
import type { more } from './more';
import type { paper } from './paper';
import { parts } from './parts';
import { settings } from './settings';
import { tasks } from './tasks';
import type { protection } from './protection';
import { thread } from './thread';
import type { Words } from './words';

// Every word the app shows, one file for each of its areas. What comes later is learnt.
export const areas: Record<string, Words> = { general, list, thread, details, files, identity, grounds, commands, settings, parts, tasks };

const known = { ...general, ...list, ...thread, ...details, ...files, ...identity, ...grounds, ...commands, ...settings, ...parts, ...tasks };
type All = typeof known & typeof more & typeof attach & typeof paper & typeof protection;

export const catalogue = known as All;

export type Key = keyof All;

/** Adds an area that comes with a chunk of its own. */
export function learn(area: { [name: string]: Words }): void {
  Object.assign(areas, area);
  for (const words of Object.values(area)) Object.assign(catalogue, words);
}
