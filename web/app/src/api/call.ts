import createClient, { type Client } from 'openapi-fetch';
import { asProblem, problemFrom } from './problem';
import type { paths } from './schema';

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Makes requests of the contract: path, query, body and answer are checked against it. */
export type Caller = Client<paths>;

/** What makes the requests; each tells the language that sentences shall come in. */
export function createCaller(language: () => string, baseUrl: string): Caller {
  const client = createClient<paths>({ baseUrl, headers: { Accept: 'application/json' } });
  client.use({
    onRequest({ request }) {
      request.headers.set('Accept-Language', language());
    },
  });
  return client;
}

async function settled<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
  const answer = await call.catch((error: unknown) => {
    throw asProblem(error);
  });
  if (!answer.response.ok) throw problemFrom(answer.response.status, answer.error);
  return answer;
}

/** The noun that was asked for, or a Problem. */
export async function read<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await settled(call)).data as T;
}

export async function done(call: Promise<Answer<unknown>>): Promise<void> {
  await settled(call);
}

export const at = (id: string) => ({ params: { path: { id } } });
