import { at, done, read, type Caller } from './call';
import type { List, Page } from './house';
import type { components } from './schema';
import type { LedgerEntry, Reason } from './types';

// The nouns of data protection: who gets data, what people are told, what is chosen.
type Schemas = components['schemas'];

export type Register = Schemas['RegisterView'];
/** Something that somebody must complete or look at again. */
export type Duty = Schemas['DutyView'];
export type Recipient = Schemas['Recipient'];
export type Transfer = Schemas['Transfer'];
/** A row of the register in one version. */
export type Listed = Schemas['RecipientView'];
export type Policies = Schemas['Policies'];
export type Policy = Schemas['PolicyView'];
/** What somebody asked for and a second person decides. */
export type Approval = Schemas['Approval'];
export type NoticeDraft = Schemas['NoticeDraft'];
export type NoticeVersion = Schemas['NoticeVersion'];
export type NoticeText = Pick<NoticeDraft, 'language' | 'short' | 'sections'>;
export type Notices = { page: string; drafts: NoticeDraft[]; used: NoticeVersion[] };
export type Refusal = Omit<Schemas['RefusalView'], 'reasons'> & { reasons: Reason[] };
export type RefusalQuery = { reason?: string; inbox?: string; from?: string; to?: string; cursor?: string };
/** A place outside of the house that data may go to, or went to. */
export type Destination = Schemas['DestinationView'];
export type LedgerQuery = { controller?: string; step?: '' | LedgerEntry['step']; limit?: number; cursor?: string };

export function registerCalls(caller: Caller) {
  return {
    /** The register as of a moment; "" is now. */
    register: (controller: string, moment = '') =>
      read<Register>(
        caller.GET('/api/v1/controllers/{id}/register', {
          params: { path: { id: controller }, query: moment ? { at: moment } : {} },
        }),
      ),
    addRecipient: (controller: string, facts: Recipient, active: boolean) =>
      read<{ id: string }>(caller.POST('/api/v1/controllers/{id}/recipients', { ...at(controller), body: { active, facts } })),
    changeRecipient: (id: string, facts: Recipient, active: boolean) =>
      done(caller.PUT('/api/v1/recipients/{id}', { ...at(id), body: { active, facts } })),
    /** Keeps a file of terms, in base64, and gives the digest that the register names it by. */
    keepTerms: (id: string, file: string) =>
      read<{ digest: string }>(caller.POST('/api/v1/recipients/{id}/terms', { ...at(id), body: { file } })),
    recipientVersions: (id: string) => read<List<Listed> & { kept: string[] }>(caller.GET('/api/v1/recipients/{id}/versions', at(id))),
    holdFramework: (controller: string, valid: boolean, reason: string) =>
      done(caller.PUT('/api/v1/controllers/{id}/framework', { ...at(controller), body: { valid, reason } })),
    policies: () => read<List<Policy>>(caller.GET('/api/v1/policies')),
    /** The id of the Approval that it waits for; "" if it has taken effect. */
    setPolicies: (controller: string, policies: Policies, reason = '') =>
      read<{ approval: string }>(
        caller.PUT('/api/v1/controllers/{id}/policies', { ...at(controller), body: { ...policies, ...(reason && { reason }) } }),
      ),
    approvals: () => read<List<Approval>>(caller.GET('/api/v1/approvals')),
    /** Asks for a second person's yes to read what a colleague did. */
    askForNames: (agent: string, reason: string, council: string) =>
      read<{ id: string }>(caller.POST('/api/v1/approvals', { body: { agent, reason, council } })),
    decideApproval: (id: string, grant: boolean, reason: string) =>
      done(caller.POST('/api/v1/approvals/{id}/decision', { ...at(id), body: { grant, reason } })),
    withdrawApproval: (id: string) => done(caller.POST('/api/v1/approvals/{id}/withdrawal', at(id))),
    notice: (inbox: string) => read<Notices>(caller.GET('/api/v1/inboxes/{id}/notice', at(inbox))),
    activateNotice: (inbox: string, material: boolean) =>
      done(caller.POST('/api/v1/inboxes/{id}/notice', { ...at(inbox), body: { material } })),
    /** What the gate refused, with every reason there is. Reading it is audited. */
    refusals: (query: RefusalQuery) =>
      read<Page<Refusal> & { known: Reason[] }>(caller.GET('/api/v1/refusals', { params: { query } })),
    destinations: () => read<List<Destination>>(caller.GET('/api/v1/destinations')),
    /** Reading it is audited. */
    ledger: (query: LedgerQuery) => read<Page<LedgerEntry>>(caller.GET('/api/v1/ledger', { params: { query } })),
  };
}
