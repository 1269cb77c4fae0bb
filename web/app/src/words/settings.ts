import { acts } from './settings/acts';
import { house } from './settings/house';
import { oversight } from './settings/oversight';
import { own } from './settings/own';
import { shell } from './settings/shell';
import type { Words } from './words';

// The settings and the page where an invitation is accepted.
export const settings = { ...shell, ...own, ...house, ...oversight, ...acts } as const satisfies Words;
