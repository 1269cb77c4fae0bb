import { at, done, read, type Caller } from './call';
import type { BlockReason, Composition, Conversation, Customer, Message, Presence, ServerDraft, SignedForm, Turn, VouchMeans } from './types';

/** What Agents do with Conversations and Messages. */
export function workCalls(caller: Caller) {
  const path = <Rest extends string>(rest: Rest) => `/api/v1/conversations/{id}/${rest}` as const;
  return {
    /** `after` is the position the author has seen; null sends regardless of what came since. */
    compose: (id: string, clientId: string, text: string, after: number | null = null, about: string | null = null) =>
      read<Message>(
        caller.POST(path('messages'), {
          ...at(id),
          body: { client_id: clientId, kind: 'text', text, ...(after !== null && { after }), ...(about !== null && { about }) },
        }),
      ),
    /** An empty emoji takes the reaction back. */
    react: (id: string, clientId: string, about: string, emoji: string) =>
      read<Message>(caller.POST(path('messages'), { ...at(id), body: { client_id: clientId, kind: 'reaction', about, emoji } })),
    /** What is more than text; `after` as above. */
    composeMore: (id: string, clientId: string, content: Composition, after: number | null) =>
      read<Message>(
        caller.POST(path('messages'), { ...at(id), body: { client_id: clientId, ...content, ...(after !== null && { after }) } }),
      ),
    /** Advertising, for a Purpose the Contact agreed to (§ 7 UWG). */
    advertise: (id: string, clientId: string, text: string, purpose: string) =>
      read<Message>(
        caller.POST(path('messages'), {
          ...at(id),
          body: { client_id: clientId, kind: 'text', text, class: 'advertising', purpose },
        }),
      ),
    /** `wished`: when the Contact told the wish elsewhere; null asks in the chat. */
    askConsent: (id: string, purpose: string, wished: string | null) =>
      read<Message>(
        caller.POST(path('consents/requests'), { ...at(id), body: { purpose, ...(wished !== null && { wished_at: wished }) } }),
      ),
    recordForm: (id: string, form: SignedForm) => done(caller.POST(path('consents/paper'), { ...at(id), body: form })),
    recordCustomer: (id: string, customer: Customer) =>
      done(caller.POST(path('consents/customer'), { ...at(id), body: customer })),
    attempt: (message: string, confirmDoubt: boolean) =>
      read<Message>(
        caller.POST('/api/v1/messages/{id}/attempts', { ...at(message), body: { confirm_doubt: confirmDoubt } }),
      ),
    abandon: (message: string) => read<Message>(caller.POST('/api/v1/messages/{id}/abandonment', at(message))),
    fetchFile: (message: string) => done(caller.POST('/api/v1/messages/{id}/file/attempts', at(message))),
    note: (id: string, clientId: string, text: string) =>
      read<Turn>(caller.POST(path('notes'), { ...at(id), body: { client_id: clientId, text } })),
    /** `was` is who had it when the act began: "" nobody. Left out, the assignment is set regardless. */
    assign: (id: string, agent: string, was?: string) =>
      read<Conversation>(
        caller.PUT(path('assignment'), { ...at(id), body: { agent, ...(was !== undefined && { was }) } }),
      ),
    release: (id: string) => read<Conversation>(caller.DELETE(path('assignment'), at(id))),
    transfer: (id: string, agent: string, note: string) =>
      read<Conversation>(caller.POST(path('transfers'), { ...at(id), body: { agent, note } })),
    close: (id: string, reason = '') =>
      read<Conversation>(caller.POST(path('closure'), { ...at(id), body: reason ? { reason } : {} })),
    reopen: (id: string) => read<Conversation>(caller.DELETE(path('closure'), at(id))),
    /** `until` null: until the Contact writes. */
    snooze: (id: string, until: string | null) =>
      read<Conversation>(caller.PUT(path('snooze'), { ...at(id), body: until === null ? {} : { until } })),
    wake: (id: string) => read<Conversation>(caller.DELETE(path('snooze'), at(id))),
    /** Marks as read up to a position, or as unread by a lower one. */
    setReading: (id: string, position: number) =>
      done(caller.PUT(path('reading'), { ...at(id), body: { position } })),
    draft: (id: string) => read<ServerDraft>(caller.GET(path('draft'), at(id))),
    /** `keepalive`: the page goes, and the browser shall deliver it all the same. */
    setDraft: (id: string, reply: string, note: string, keepalive = false) =>
      done(caller.PUT(path('draft'), { ...at(id), body: { reply, note }, keepalive })),
    /** `answers`: what is written is for the Contact. */
    setPresence: (id: string, state: Presence, answers: boolean, keepalive = false) =>
      done(caller.PUT(path('presence'), { ...at(id), body: answers ? { state, answers } : { state }, keepalive })),
    setContactLanguage: (id: string, language: string) =>
      done(caller.PUT(path('language'), { ...at(id), body: { language } })),
    block: (id: string, reason: BlockReason) => done(caller.PUT(path('block'), { ...at(id), body: { reason } })),
    unblock: (id: string) => done(caller.DELETE(path('block'), at(id))),
    /** It is the same person as before, and how the agent knows. */
    vouch: (id: string, means: VouchMeans) => read<Conversation>(caller.POST(path('vouchings'), { ...at(id), body: { means } })),
    /** It is somebody else since the change; the Conversation in which their matter stands now. */
    split: (id: string) => read<Conversation>(caller.POST(path('splits'), at(id))),
    /** The newest Conversations with those who are the same person. */
    merges: (id: string) => read<{ items: Conversation[] }>(caller.GET(path('merges'), at(id))),
    merge: (id: string, contact: string) => read<Conversation>(caller.POST(path('merges'), { ...at(id), body: { contact } })),
    unmerge: (id: string, contact: string) =>
      read<Conversation>(caller.DELETE('/api/v1/conversations/{id}/merges/{contact}', { params: { path: { id, contact } } })),
    /** The newest Conversations with whoever is reached by a number, in any spelling. */
    seek: (text: string) => read<{ items: Conversation[] }>(caller.POST('/api/v1/contacts/searches', { body: { text } })),
    restrict: (id: string, reason: string) => done(caller.PUT(path('restriction'), { ...at(id), body: { reason } })),
    /** The Contact wants no advertising any more: for a Purpose, or at all (""). */
    withdraw: (id: string, purpose: string) => done(caller.POST(path('withdrawals'), { ...at(id), body: { purpose } })),
    /** A colleague has read the Message: it withdraws nothing. */
    clear: (id: string, message: string) => done(caller.POST(path('clearances'), { ...at(id), body: { message } })),
    object: (id: string, purpose: string) => done(caller.POST(path('objections'), { ...at(id), body: { purpose } })),
    liftObjection: (id: string, purpose: string) =>
      done(caller.DELETE(path('objections'), { ...at(id), body: { purpose } })),
    unrestrict: (id: string) => done(caller.DELETE(path('restriction'), at(id))),
  };
}
