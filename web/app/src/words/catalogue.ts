import { commands } from './commands';
import { general } from './general';
import { list } from './list';
import { parts } from './parts';
import { settings } from './settings';
import { thread } from './thread';

// Every word the app shows, one file for each of its areas.
export const areas = { general, list, thread, commands, settings, parts };

export const catalogue = { ...general, ...list, ...thread, ...commands, ...settings, ...parts };

export type Key = keyof typeof catalogue;
