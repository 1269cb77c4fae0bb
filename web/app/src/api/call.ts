import createClient from 'openapi-fetch';
import { asProblem, problemFrom } from './problem';
import type { paths } from './schema';

type Answer = { data?: unknown; error?: unknown; response: Response };

/** A request to a path of the contract with its {places}, query and body. */
type Given = { params?: { path?: Record<string, string>; query?: object }; body?: unknown; keepalive?: boolean };
type Ask = (path: string, given?: Given) => Promise<Answer>;
export type Caller = { GET: Ask; POST: Ask; PUT: Ask; DELETE: Ask };

/** What makes the requests; each tells the language that sentences shall come in. */
export function createCaller(language: () => string, baseUrl: string): Caller {
  const client = createClient<paths>({ baseUrl, headers: { Accept: 'application/json' } });
  client.use({
    onRequest({ request }) {
      request.headers.set('Accept-Language', language());
    },
  });
  return client as unknown as Caller;
}

async function settled(call: Promise<Answer>): Promise<Answer> {
  const answer = await call.catch((error: unknown) => {
    throw asProblem(error);
  });
  if (!answer.response.ok) throw problemFrom(answer.response.status, answer.error);
  return answer;
}

/** The noun that was asked for, or a Problem. */
export async function read<T>(call: Promise<Answer>): Promise<T> {
  return (await settled(call)).data as T;
}

export async function done(call: Promise<Answer>): Promise<void> {
  await settled(call);
}

export const at = (id: string) => ({ params: { path: { id } } });
