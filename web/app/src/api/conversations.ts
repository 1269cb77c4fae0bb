import { at, read, type Caller } from './call';
import type {
  Conversation,
  ConversationList,
  Counts,
  Decision,
  Grounds,
  Identity,
  MaskedIdentity,
  Named,
  Person,
  Sort,
  ThreadPage,
  Turn,
  View,
} from './types';

export type ListQuery = { view: View; sort?: Sort; inbox?: string; limit?: number; cursor?: string };
export type PageQuery = { limit?: number; cursor?: string };
type Items<T> = { items: T[] };

export function conversationCalls(caller: Caller) {
  return {
    conversations: (query: ListQuery) =>
      read<ConversationList>(caller.GET('/api/v1/conversations', { params: { query } })),
    conversation: (id: string) => read<Conversation>(caller.GET('/api/v1/conversations/{id}', at(id))),
    thread: (id: string, query: PageQuery) =>
      read<ThreadPage>(caller.GET('/api/v1/conversations/{id}/thread', { params: { path: { id }, query } })),
    permit: (id: string) => read<Decision>(caller.GET('/api/v1/conversations/{id}/permit', at(id))),
    /** What the gate would say of advertising for a Purpose. */
    permitAdvertising: (id: string, purpose: string) =>
      read<Decision>(
        caller.GET('/api/v1/conversations/{id}/permit', { params: { path: { id }, query: { class: 'advertising', purpose } } }),
      ),
    /** Why we may write to the Contact; looking is audited like opening. */
    grounds: (id: string) => read<Grounds>(caller.GET('/api/v1/conversations/{id}/grounds', at(id))),
    presence: (id: string) => read<{ people: Person[] }>(caller.GET('/api/v1/conversations/{id}/presence', at(id))),
    matters: (id: string) => read<Items<Conversation>>(caller.GET('/api/v1/conversations/{id}/matters', at(id))),
    notes: (id: string) => read<Items<Turn>>(caller.GET('/api/v1/conversations/{id}/notes', at(id))),
    identities: (id: string) =>
      read<Items<MaskedIdentity>>(caller.GET('/api/v1/conversations/{id}/identities', at(id))),
    /** Shows the full Identities; that is audited. */
    reveal: (id: string) => read<Items<Identity>>(caller.POST('/api/v1/conversations/{id}/revelations', at(id))),
    counts: () => read<Counts & { as_of: string }>(caller.GET('/api/v1/counts')),
    assignable: (inbox: string) => read<Items<Named>>(caller.GET('/api/v1/inboxes/{id}/agents', at(inbox))),
  };
}
