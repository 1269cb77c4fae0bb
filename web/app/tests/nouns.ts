import type { Conversation, Me, Message, ThreadPage, Turn } from '../src/api/types';
import { emptyDesk, type DeskState } from '../src/state/desk';
import { takeList } from '../src/state/lists';
import { takeThread } from '../src/state/threads';

export const noon = Date.parse('2026-11-23T12:00:00Z');
export const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString();

const me: Me = {
  agent: { id: 'ben', name: 'Ben Beispiel', email: 'ben@example.org', role: 'agent' },
  framework: [],
  controllers: [{ id: 'motor', name: 'Muster Versicherung AG' }],
  time_zone: 'Europe/Berlin',
  inboxes: [{ id: 'kfz', name: 'Kfz', controller: 'motor', channel: 'whatsapp', paused: null }],
  preferences: {
    language: '',
    theme: 'system',
    density: 'comfortable',
    send_key: 'enter',
    shortcuts: true,
    keys: {},
    sound: false,
    notifications: false,
    announce: true,
    panel: { order: [], collapsed: [] },
  },
  session: { id: 'session' },
};

export function conversation(id: string, lastAt: number, extra: Partial<Conversation> = {}): Conversation {
  return {
    id,
    inbox: { id: 'kfz', name: 'Kfz' },
    controller: me.controllers[0]!,
    contact: { id: `contact of ${id}`, name: '', identity: '+49 ••• 34', language: '', restricted: null },
    opened_at: at(-600),
    last_at: at(lastAt),
    last: null,
    window: { open: true, until: at(lastAt + 24 * 60) },
    assignee: null,
    closed_at: null,
    closure: null,
    snooze: null,
    waiting_since: null,
    position: 0,
    received: 0,
    read_to: 0,
    ...extra,
  };
}

export function message(id: string, of: string, minutes: number, extra: Partial<Message> = {}): Message {
  return {
    id,
    conversation: of,
    direction: 'in',
    kind: 'text',
    text: id,
    buttons: [],
    status: 'received',
    at: at(minutes),
    external_at: at(minutes),
    thread_at: at(minutes),
    late: false,
    position: 0,
    author: null,
    origin: extra.direction === 'out' ? 'agent' : 'contact',
    failure: null,
    details: null,
    about: null,
    reactions: [],
    earlier: [],
    edited_at: null,
    revoked_at: null,
    ...extra,
  };
}

/** A desk that shows the view "all" as it was at event 10. */
export function desk(...items: Conversation[]): DeskState {
  return takeList(emptyDesk(me), { view: 'all', inbox: '' }, { items, next: '', as_of: 'f.10' }, 10, true);
}

/** A page of a thread with these Messages and Turns, newest first. */
export function page(items: (Message | Turn)[], next = ''): ThreadPage {
  return {
    items: items.map((item) => ('direction' in item ? { kind: 'message', message: item } : { kind: 'turn', turn: item })),
    next,
    as_of: 'f.10',
  };
}

export function withThread(state: DeskState, id: string, items: (Message | Turn)[], next = ''): DeskState {
  return takeThread(state, id, page(items, next), 10, true);
}

export function turn(id: string, of: string, minutes: number, extra: Partial<Turn> = {}): Turn {
  return {
    id,
    conversation: of,
    kind: 'note',
    at: at(minutes),
    thread_at: at(minutes),
    position: 0,
    by: { id: 'anna', name: 'Anna Muster' },
    to: null,
    until: null,
    text: id,
    ...extra,
  };
}
