import type { components } from './schema';
import type { Agent, Named, Pause, Role } from './types';

// The nouns of the settings: who works here, with what, and what happened.
type Schemas = components['schemas'];

export type List<T> = { items: T[] };
export type Page<T> = { items: T[]; next: string };

export type Account = Agent & {
  state: 'invited' | 'active' | 'disabled';
  /** Controllers whose Inboxes the Agent sees, future ones too. */
  controllers: string[];
  /** Single Inboxes the Agent sees beside those. */
  inboxes: string[];
  created_at: string;
  disabled?: { at: string; reason: string } | null;
  invitation?: { expires_at: string } | null;
};
export type NewAccount = { email: string; name: string; role: Role; controllers: string[]; inboxes: string[] };
/** The address is shown once; it holds the secret. */
export type Invitation = { url: string; expires_at: string };
export type Session = { id: string; created_at: string; seen_at: string; client: string; current: boolean };
export type Token = {
  id: string;
  name: string;
  agent: Named;
  created_at: string;
  expires_at: string;
  revoked_at?: string | null;
};

type Pair = { de?: string; en?: string };
/** Why a legitimate interest outweighs those of the people concerned (Art. 6(1)(f) GDPR). */
export type Balancing = { necessity: string; balance: string; safeguards: string; objection: string; approved_by: string; approved_at: string };
export type Purpose = { name: string; basis: string; name_en?: string; interest?: Pair; balancing?: Balancing; period?: Pair; parties?: boolean };
/** What a Controller must say about itself under Art. 13 GDPR. */
export type Facts = {
  name: string;
  address: string;
  seat: string;
  land: string;
  authority: string;
  privacy_url: string;
  alternative: string;
  dpo: { name: string; email: string };
  purposes: Purpose[];
};
export type Controller = { id: string; name: string; facts: Facts; created_at: string };
/** By what a webhook of an Inbox is proven. */
export type Proof = NonNullable<Schemas['NewInbox']['auth']>;
/** What the provider tells about account, number and templates. */
export type Alert = Schemas['AlertView'];
/** What was delivered in a month, by what the provider counts it as. */
export type Month = Schemas['MonthView'];
/** What was delivered by month, and how many people the account may write to outside of windows. */
export type Charges = List<Month> & { reached: number; limit: number | null; per_second: number | null };
/** What people are told beside messages. */
export type Signals = 'none' | 'read' | 'typing';
export type InboxSettings = {
  id: string;
  name: string;
  controller: string;
  channel: string;
  phone_number_id: string;
  waba_id: string;
  graph_url: string;
  graph_version: string;
  auth: Proof;
  signals: Signals;
  webhook_path: string;
  paused?: Pause | null;
  /** Since when and why it takes in what is written in the WhatsApp Business app; null: it does not. */
  coexistence?: Pause | null;
  secrets: { app_secrets: number; verify_tokens: number; access_token: boolean };
  created_at: string;
};
export type NewInbox = {
  name: string;
  controller: string;
  phone_number_id: string;
  waba_id: string;
  app_secrets: string[];
  access_token: string;
  verify_tokens: string[];
  graph_url?: string;
  graph_version?: string;
  auth?: Proof;
};
export type Secrets = { app_secrets?: string[]; access_token?: string; verify_tokens?: string[] };

export type ActorView = { kind: string; id: string; name: string };
/** Both sides are empty of what changed and is not kept, such as a secret. */
export type FieldChange = { field: string; before: string[]; after: string[] };
export type HistoryEntry = { at: string; by: ActorView; act: string; subject: string; changes: FieldChange[] };
export type AuditQuery = {
  act?: string;
  agent?: string;
  subject?: string;
  from?: string;
  to?: string;
  limit?: number;
  cursor?: string;
};
export type AuditEntry = {
  n: number;
  at: string;
  actor: ActorView & { via: string };
  act: string;
  subject: string;
  controller?: string | null;
  inbox?: string | null;
  detail: Record<string, unknown>;
};
export type Verification = {
  /** `failed`: the log could not be read to its end. */
  state: 'never' | 'running' | 'good' | 'fault' | 'failed';
  started_at?: string | null;
  finished_at?: string | null;
  read: number;
  size: number;
  protected: number;
  checkpoint_at?: string | null;
  fault?: { kind: string; entry: number; text: string } | null;
};
export type Health = {
  checks: { name: string; ok: boolean; says: string }[];
  version: string;
  database: 'sqlite' | 'postgresql';
  started_at: string;
  set_aside: number;
  oldest_doubt?: string | null;
  paused: string[];
  waiting_jobs: number;
  events: { last: number };
  node: string;
};
export type SetAside = {
  id: string;
  delivery: string;
  inbox: string;
  path: string;
  at: string;
  received_at: string;
  reason: 'malformed' | 'item' | 'unknown_number' | 'fault';
};
