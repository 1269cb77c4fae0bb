import type { components } from './schema';

// The nouns as the app reads them. Where the API may leave a thing out, absent and
// null mean the same here, because a document generated from Go types cannot
// always tell the two apart.
type Schemas = components['schemas'];
type Maybe<T, K extends keyof T> = Omit<T, K> & { [P in K]?: NonNullable<T[P]> | null };

export type View = 'mine' | 'unassigned' | 'all' | 'closed';
export type Direction = 'in' | 'out';
export type Status = 'received' | 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'in_doubt';

export type Agent = Schemas['Agent'];
export type Named = Schemas['Named'];
export type Inbox = Maybe<Schemas['Inbox'], 'paused'>;
export type Me = Omit<Schemas['Me'], 'inboxes'> & { inboxes: Inbox[] };

type Last = Omit<NonNullable<Schemas['Conversation']['last']>, 'direction'> & { direction: Direction };
export type Conversation = Omit<Maybe<Schemas['Conversation'], 'assignee' | 'closed_at'>, 'last' | 'window'> & {
  last?: Last | null;
  window: { open: boolean; until?: string | null };
};

export type Failure = NonNullable<Schemas['Message']['failure']>;
export type Message = Omit<Maybe<Schemas['Message'], 'author' | 'failure'>, 'direction' | 'status'> & {
  direction: Direction;
  status: Status;
};

export type Reason = Schemas['Reason'];
export type Decision = { outcome: 'permit' | 'refusal'; reasons: Reason[] };
export type ConversationList = { items: Conversation[]; next: string; as_of: string };
export type MessageList = { items: Message[]; next: string };

/** What the event stream says with `event: change`. */
export type Change = {
  kind: string;
  conversation?: Conversation | null;
  message?: Message | null;
  message_id?: string | null;
  inbox?: Inbox | null;
};
