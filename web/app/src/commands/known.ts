import type { Key } from '../words/catalogue';

export type Group = 'list' | 'work' | 'go' | 'app';
/** `also` are further words by which a command is found. */
export type Known = { words: Key; group: Group; key?: string; also?: Key };

/**
 * Every command of the app with the key it has unless the agent chose another one.
 * Two keys with a space between them are pressed one after the other. What a command
 * does is said by the component that registers it.
 */
export const known = {
  next: { words: 'command.next', group: 'list', key: 'j' },
  previous: { words: 'command.previous', group: 'list', key: 'k' },
  first: { words: 'command.first', group: 'list' },
  last: { words: 'command.last', group: 'list' },
  back: { words: 'command.back', group: 'list' },

  reply: { words: 'command.reply', group: 'work', key: 'r' },
  note: { words: 'command.note', group: 'work', key: 'n', also: 'also.note' },
  more: { words: 'command.more', group: 'work', key: 'm', also: 'also.more' },
  attach: { words: 'command.attach', group: 'work', key: 'i', also: 'also.attach' },
  take: { words: 'command.take', group: 'work', key: 't', also: 'also.take' },
  assign: { words: 'command.assign', group: 'work', key: 'a' },
  transfer: { words: 'command.transfer', group: 'work', key: 'h', also: 'also.transfer' },
  release: { words: 'command.release', group: 'work', also: 'also.release' },
  close: { words: 'command.close', group: 'work', key: 'e', also: 'also.close' },
  reopen: { words: 'command.reopen', group: 'work' },
  snooze: { words: 'command.snooze', group: 'work', key: 's', also: 'also.snooze' },
  wake: { words: 'command.wake', group: 'work' },
  unread: { words: 'command.unread', group: 'work', key: 'u' },
  undo: { words: 'command.undo', group: 'work', key: 'z' },
  panel: { words: 'command.panel', group: 'work', key: 'p' },
  'message.next': { words: 'command.message.next', group: 'work', key: 'shift+j' },
  'message.previous': { words: 'command.message.previous', group: 'work', key: 'shift+k' },
  quote: { words: 'command.quote', group: 'work', key: 'q' },
  react: { words: 'command.react', group: 'work', key: 'f' },
  third: { words: 'command.third', group: 'work', key: 'd', also: 'also.third' },

  'go.mine': { words: 'command.go.mine', group: 'go', key: 'g m' },
  'go.unassigned': { words: 'command.go.unassigned', group: 'go', key: 'g u' },
  'go.all': { words: 'command.go.all', group: 'go', key: 'g a' },
  'go.closed': { words: 'command.go.closed', group: 'go', key: 'g c' },
  'go.settings': { words: 'command.go.settings', group: 'go', key: 'g s' },

  palette: { words: 'command.palette', group: 'app', key: '/' },
  shortcuts: { words: 'command.shortcuts', group: 'app', key: '?' },
  'theme.light': { words: 'command.theme.light', group: 'app', also: 'also.theme.light' },
  'theme.dark': { words: 'command.theme.dark', group: 'app', also: 'also.theme.dark' },
  'theme.system': { words: 'command.theme.system', group: 'app', also: 'also.theme.system' },
  'density.comfortable': { words: 'command.density.comfortable', group: 'app', also: 'also.density' },
  'density.compact': { words: 'command.density.compact', group: 'app', also: 'also.density' },
  'language.de': { words: 'command.language.de', group: 'app' },
  'language.en': { words: 'command.language.en', group: 'app' },
  logout: { words: 'command.logout', group: 'app' },
} as const satisfies Record<string, Known>;

export type CommandId = keyof typeof known;
