import { at, done, read, type Caller } from './call';
import type { components } from './schema';
import type {
  Alert,
  AuditEntry,
  AuditQuery,
  Charges,
  Controller,
  Facts,
  Health,
  HistoryEntry,
  InboxSettings,
  List,
  NewInbox,
  Page,
  Secrets,
  SetAside,
  Signals,
  Verification,
} from './house';

// A form holds what was typed; whether it is a land and a basis, the server says.
const said = (facts: Facts) => facts as components['schemas']['ControllerFacts'];

/** What the house is set to, and what was done in it. */
export function governCalls(caller: Caller) {
  return {
    controllers: () => read<List<Controller>>(caller.GET('/api/v1/controllers')),
    addController: (facts: Facts) => read<Controller>(caller.POST('/api/v1/controllers', { body: said(facts) })),
    changeController: (id: string, facts: Facts) =>
      done(caller.PUT('/api/v1/controllers/{id}', { ...at(id), body: said(facts) })),
    inboxes: () => read<List<InboxSettings>>(caller.GET('/api/v1/inboxes')),
    addInbox: (inbox: NewInbox) => read<{ id: string; webhook_path: string }>(caller.POST('/api/v1/inboxes', { body: inbox })),
    renameInbox: (id: string, name: string) => done(caller.PUT('/api/v1/inboxes/{id}', { ...at(id), body: { name } })),
    setSecrets: (id: string, secrets: Secrets) =>
      done(caller.PUT('/api/v1/inboxes/{id}/secrets', { ...at(id), body: secrets })),
    pauseInbox: (id: string, reason: string) =>
      done(caller.PUT('/api/v1/inboxes/{id}/pause', { ...at(id), body: { reason } })),
    chooseSignals: (id: string, signals: Signals) =>
      done(caller.PUT('/api/v1/inboxes/{id}/signals', { ...at(id), body: { signals } })),
    /** It waits for a second person; the id of the Approval. */
    askForCoexistence: (id: string, reason: string) =>
      read<{ approval: string }>(caller.PUT('/api/v1/inboxes/{id}/coexistence', { ...at(id), body: { reason } })),
    endCoexistence: (id: string) => done(caller.DELETE('/api/v1/inboxes/{id}/coexistence', at(id))),
    alerts: (inbox: string) => read<List<Alert>>(caller.GET('/api/v1/inboxes/{id}/alerts', at(inbox))),
    charges: (inbox: string) => read<Charges>(caller.GET('/api/v1/inboxes/{id}/charges', at(inbox))),
    endAlert: (id: string) => done(caller.POST('/api/v1/alerts/{id}/end', at(id))),
    resumeInbox: (id: string) => done(caller.DELETE('/api/v1/inboxes/{id}/pause', at(id))),
    history: (subject: string, cursor = '') =>
      read<Page<HistoryEntry>>(
        caller.GET('/api/v1/history', { params: { query: { subject, ...(cursor && { cursor }) } } }),
      ),
    audit: (query: AuditQuery) => read<Page<AuditEntry>>(caller.GET('/api/v1/audit', { params: { query } })),
    verification: () => read<Verification>(caller.GET('/api/v1/audit/verification')),
    verify: () => done(caller.POST('/api/v1/audit/verification')),
    health: () => read<Health>(caller.GET('/api/v1/health')),
    setAside: () => read<List<SetAside>>(caller.GET('/api/v1/deliveries')),
    retrySetAside: (id: string) => done(caller.POST('/api/v1/deliveries/{id}/attempts', at(id))),
    closeSetAside: (id: string, reason: string) =>
      done(caller.PUT('/api/v1/deliveries/{id}/closure', { ...at(id), body: { reason } })),
  };
}
