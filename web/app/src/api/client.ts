import createClient from 'openapi-fetch';
import { asProblem, problemFrom } from './problem';
import type { paths } from './schema';
import type { Conversation, ConversationList, Decision, Me, Message, MessageList, View } from './types';

export type ListQuery = { view: View; inbox?: string; limit?: number; cursor?: string };
export type PageQuery = { limit?: number; cursor?: string };

export type Api = ReturnType<typeof createApi>;

/** The calls the app makes; each resolves to its noun or throws a Problem. */
export function createApi(language: () => string, baseUrl = '') {
  const client = createClient<paths>({ baseUrl, headers: { Accept: 'application/json' } });
  client.use({
    onRequest({ request }) {
      request.headers.set('Accept-Language', language());
    },
  });

  return {
    openSession: (email: string, password: string) =>
      done(client.POST('/api/v1/session', { body: { email, password } })),
    closeSession: () => done(client.DELETE('/api/v1/session')),
    me: () => read<Me>(client.GET('/api/v1/me')),
    conversations: (query: ListQuery) =>
      read<ConversationList>(client.GET('/api/v1/conversations', { params: { query } })),
    conversation: (id: string) =>
      read<Conversation>(client.GET('/api/v1/conversations/{id}', { params: { path: { id } } })),
    messages: (id: string, query: PageQuery) =>
      read<MessageList>(client.GET('/api/v1/conversations/{id}/messages', { params: { path: { id }, query } })),
    permit: (id: string) =>
      read<Decision>(client.GET('/api/v1/conversations/{id}/permit', { params: { path: { id } } })),
    compose: (id: string, clientId: string, text: string) =>
      read<Message>(
        client.POST('/api/v1/conversations/{id}/messages', {
          params: { path: { id } },
          body: { client_id: clientId, kind: 'text', text },
        }),
      ),
    attempt: (id: string, confirmDoubt: boolean) =>
      read<Message>(
        client.POST('/api/v1/messages/{id}/attempts', {
          params: { path: { id } },
          body: { confirm_doubt: confirmDoubt },
        }),
      ),
  };
}

type Answer = { data?: unknown; error?: unknown; response: Response };

async function settled(call: Promise<Answer>): Promise<Answer> {
  const answer = await call.catch((error: unknown) => {
    throw asProblem(error);
  });
  if (!answer.response.ok) throw problemFrom(answer.response.status, answer.error);
  return answer;
}

async function read<T>(call: Promise<Answer>): Promise<T> {
  return (await settled(call)).data as T;
}

async function done(call: Promise<Answer>): Promise<void> {
  await settled(call);
}
