// Checked by the compiler alone: the nouns of the settings are those of the API. What
// the server answers must fit what the app reads, and what the app sends must fit what
// the server takes.
import type * as house from '../src/api/house';
import type { components } from '../src/api/schema';
import type { Preferences } from '../src/api/types';

type Schemas = components['schemas'];
type Fits<From extends To, To> = From;

export type Answers = [
  Fits<Schemas['Member'], house.Account>,
  Fits<Schemas['InvitationLink'], house.Invitation>,
  Fits<Schemas['Session'], house.Session>,
  Fits<Schemas['Token'], house.Token>,
  Fits<Schemas['Controller'], house.Controller>,
  Fits<Schemas['InboxFacts'], house.InboxSettings>,
  Fits<Schemas['Revision'], house.HistoryEntry>,
  Fits<Schemas['AuditEntry'], house.AuditEntry>,
  Fits<Schemas['Verification'], house.Verification>,
  Fits<Schemas['Health'], house.Health>,
  Fits<Schemas['SetAsideView'], house.SetAside>,
  Fits<Schemas['Preferences'], Preferences>,
];

export type Questions = [
  Fits<house.NewAccount, Schemas['NewAgent']>,
  Fits<Omit<house.NewAccount, 'email'>, Schemas['AgentChange']>,
  Fits<Omit<house.NewInbox, 'auth'>, Omit<Schemas['NewInbox'], 'auth'>>,
  Fits<house.Secrets, Schemas['NewSecrets']>,
  Fits<Preferences, Schemas['Preferences']>,
];
