import type { components } from './schema';

// The nouns as the app reads them. Times are RFC 3339; ids are opaque.
export type View = 'mine' | 'unassigned' | 'all' | 'closed';
export type Sort = 'newest' | 'due';
export type Direction = 'in' | 'out';
export type Status = 'received' | 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'in_doubt';

export type Named = { id: string; name: string };
export type Role = 'admin' | 'agent' | 'dpo';
export type Agent = { id: string; name: string; email: string; role: Role };
export type Author = { id: string; name: string; kind: string };
export type Pause = { at: string; reason: string };
export type Inbox = { id: string; name: string; controller: string; channel: string; paused?: Pause | null };

// ---------------------------------------------------------------- the caller

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';
export type SendKey = 'enter' | 'ctrl_enter';

/** How an Agent wants to work. `keys` gives commands another key than their own. */
export type Preferences = {
  language: '' | 'de' | 'en';
  theme: Theme;
  density: Density;
  send_key: SendKey;
  shortcuts: boolean;
  keys: Record<string, string>;
  sound: boolean;
  notifications: boolean;
  announce: boolean;
  panel: { order: string[]; collapsed: string[] };
};

export type Me = {
  agent: Agent;
  controllers: Named[];
  inboxes: Inbox[];
  time_zone: string;
  preferences: Preferences;
  session?: { id: string } | null;
  /** Controllers that hold the Data Privacy Framework invalid. */
  framework: FrameworkHeld[];
};

/** What a Controller chose for the time in which the Data Privacy Framework is held invalid. */
export type FrameworkHeld = { controller: Named; since: string; policy: 'block' | 'fallback_open' | 'fallback' | 'warn' };

// ---------------------------------------------------------------- work

export type Line = { direction: Direction; kind: string; text: string };
export type Contact = {
  id: string;
  name: string;
  /** Masked, as in +49 ••• 34. */
  identity: string;
  /** BCP 47, empty if nobody knows. */
  language: string;
  restricted?: { at: string; reason: string } | null;
  /** A colleague blocked it in this inbox. */
  blocked?: components['schemas']['BlockView'] | null;
  /** Why it may be somebody else than before; null: nothing speaks for that. */
  assurance?: Assurance | null;
};
export type BlockReason = components['schemas']['BlockView']['reason'];
export type Assurance = components['schemas']['AssuranceView'];
/** How an agent made sure who somebody is. */
export type VouchMeans = components['schemas']['NewVouching']['means'];
export type Closure = { at: string; by?: Named | null; reason: string };
/** `until` null: until the Contact writes. */
export type Snooze = { at: string; by?: Named | null; until?: string | null };

export type Conversation = {
  id: string;
  inbox: Named;
  controller: Named;
  contact: Contact;
  opened_at: string;
  last_at: string;
  last?: Line | null;
  window: { open: boolean; until?: string | null };
  assignee?: Named | null;
  closed_at?: string | null;
  closure?: Closure | null;
  snooze?: Snooze | null;
  /** Since when the Contact waits for an answer. */
  waiting_since?: string | null;
  /** Of the newest Message or Turn. */
  position: number;
  /** The position of the newest inbound Message, 0 if there is none. */
  received: number;
  /** Up to where the caller has read: unread while `received` is greater. */
  read_to: number;
};

/** Who made a Message; what notice and system made is automatic, app is the WhatsApp Business app. */
export type Origin = 'contact' | 'agent' | 'notice' | 'system' | 'app';
export type Words = { de: string; en: string };
export type Failure = { code: string; provider_code: number; sentence: Words; helps: Words };
export type Message = {
  id: string;
  conversation: string;
  direction: Direction;
  kind: string;
  text: string;
  /** Answers that it offers to tap. */
  buttons: string[];
  status: Status;
  at: string;
  external_at: string;
  thread_at: string;
  late: boolean;
  position: number;
  author?: Author | null;
  origin: Origin;
  failure?: Failure | null;
  /** What it holds beside its text; null: nothing. */
  details: Details | null;
  /** What it answers or changes; null: nothing, or nothing that is here. */
  about: Quoted | null;
  reactions: components['schemas']['Reaction'][];
  /** What it said before, the oldest first. */
  earlier: components['schemas']['Wording'][];
  edited_at: string | null;
  /** When its author took it back; it says nothing any more then. */
  revoked_at: string | null;
  /** What it says is not shown until somebody vouches for the Contact. */
  hidden?: boolean;
};

export type Quoted = components['schemas']['Quoted'];

export type Details = components['schemas']['Details'];
export type ContactCard = components['schemas']['CardView'];

export type TurnKind =
  | 'note'
  | 'assigned'
  | 'released'
  | 'transferred'
  | 'closed'
  | 'reopened'
  | 'snoozed'
  | 'woken'
  | 'split';

/** What somebody did with a Conversation. `text` is the Note, the Transfer's note or the Closure's reason. */
export type Turn = {
  id: string;
  conversation: string;
  kind: TurnKind;
  at: string;
  thread_at: string;
  position: number;
  by?: Named | null;
  to?: Named | null;
  until?: string | null;
  text: string;
  /** As with Messages. */
  hidden?: boolean;
};

export type ThreadItem = { kind: 'message' | 'turn'; message?: Message | null; turn?: Turn | null };
/** Newest first: the lowest in the thread stands first. */
export type ThreadPage = { items: ThreadItem[]; next: string; as_of: string };

/** What a Message that goes out holds: its kind, a text, or what can be sent beside text. */
export type Composition = Pick<components['schemas']['NewMessage'], 'kind' | 'text' | 'location' | 'cards' | 'offer' | 'template' | 'image' | 'video' | 'audio' | 'document' | 'sticker' | 'class' | 'purpose'>;
/** A file that was brought in and not sent yet. */
export type Upload = components['schemas']['Upload'];
export type Reason = { code: string; sentence: string; article: string; helps: string };
export type Decision = { outcome: 'permit' | 'refusal' | 'notice_first'; reasons: Reason[] };

/** How a Purpose stands that rests on a Consent; `held`: a person must read what the Contact wrote. */
export type ConsentState = { purpose: string; stands: boolean; held: boolean; step: string; since: string | null };
/** That a Notice was shown. */
export type Showing = {
  message: string;
  version: number;
  language: string;
  at: string;
  accepted: string | null;
  delivered: string | null;
  read: string | null;
};
export type Step = 'asked' | 'granted' | 'declined' | 'withdrawn' | 'doubted' | 'cleared';
/** One line of the Ledger. `purpose` empty in a withdrawal: all advertising. */
export type LedgerEntry = {
  id: string;
  n: number;
  at: string;
  acted_at: string | null;
  controller: string;
  contact: string;
  step: Step;
  purpose: string;
  ground: string;
  means: string;
  /** Of the Contact; empty if there is none. */
  message: string;
  wording: string;
  /** A signed form is kept. */
  paper: boolean;
  actor: { kind: string; id: string; name: string; via: string };
  digest: string;
};
/** A form on which a Contact agreed. `form` in base64. */
export type SignedForm = { purpose: string; signed_at: string; version: string; language: 'de' | 'en'; form: string };
/** The four conditions of § 7(3) UWG. */
export type Customer = { purpose: string; sale: string; sold_at: string; own_similar: boolean; not_object: boolean; told: boolean };
/** Why we may write to a Contact, or why not. */
export type Grounds = Decision & {
  /** That a reply stands on; empty if there is none. */
  purpose: string;
  basis: string;
  not_assessed: string[];
  purposes: { name: string; basis: string }[];
  restricted: boolean;
  /** Purposes. */
  objections: string[];
  consents: ConsentState[];
  showings: Showing[];
  ledger: LedgerEntry[];
};
export type ConversationList = { items: Conversation[]; next: string; as_of: string };

/** What an Agent has written and not sent, kept by the server. */
export type ServerDraft = { reply: string; note: string; at?: string | null };
/** Who looks at a Conversation or writes in it, until when that holds. */
export type Presence = 'viewing' | 'writing' | 'gone';
export type Person = { id: string; name: string; state: Presence; until: string };
export type MaskedIdentity = { id: string; kind: string; masked: string; since: string };
export type Identity = { kind: string; value: string };

export type InboxCounts = { inbox: string; mine: number; unassigned: number; all: number; closed: number };
export type Counts = { items: InboxCounts[]; unread: number };

/** What the event stream says with `event: change`. */
export type Change = {
  kind: string;
  conversation?: Conversation | null;
  message?: Message | null;
  message_id?: string | null;
  turn?: Turn | null;
  turn_id?: string | null;
  inbox?: Inbox | null;
  reading?: { conversation: string; position: number } | null;
  presence?: { conversation: string; people: Person[] } | null;
  counts?: Counts | null;
};
