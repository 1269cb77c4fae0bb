import { vi } from 'vitest';
import type { Conversation, Me, Message, Turn } from '../src/api/types';
import { createApi } from '../src/api/client';
import { Desk } from '../src/state/store.svelte';
import { emptyDesk } from '../src/state/desk';
import { desk as shown, page } from './nouns';
import { serve } from './serve';

type Answer = { status: number; body?: unknown };

/** A server whose answers are given by hand, and a desk in front of it. */
export function office() {
  const stream = serve();
  const { me } = shown();
  const state = {
    me: { ...me, inboxes: [...me.inboxes, { ...me.inboxes[0]!, id: 'leben', name: 'Leben' }] } as Me,
    conversations: [] as Conversation[],
    thread: [] as (Message | Turn)[],
    draft: { reply: '', note: '', at: null as string | null },
    asOf: 'f.10',
    /** What a request leads to instead: an answer, or no network at all. */
    wrong: new Map<string, number | Answer | 'unreachable'>(),
    /** Requests whose answer is on its way until the promise resolves. */
    slow: new Map<string, Promise<void>>(),
    asked: [] as string[],
    /** The newest body of each request. */
    sent: new Map<string, unknown>(),
  };

  function answer(method: string, { pathname, searchParams }: URL): Answer {
    const path = pathname.replace('/api/v1', '');
    const serves = (inbox: string) => state.me.inboxes.some(({ id }) => id === inbox);
    const seen = state.conversations.filter(({ inbox }) => serves(inbox.id));
    const [, noun, id, part] = path.split('/');
    if (path === '/me') return { status: 200, body: state.me };
    if (path === '/counts') return { status: 200, body: { items: [], unread: 0, as_of: state.asOf } };
    if (path === '/session') return { status: 204 };
    if (noun !== 'conversations') return { status: 404 };
    if (state.me.agent.role === 'dpo') return { status: 403 };
    const inbox = searchParams.get('inbox') ?? '';
    if (!id && inbox && !serves(inbox)) return { status: 404 };
    if (!id) return { status: 200, body: { items: seen.filter((one) => !inbox || one.inbox.id === inbox), next: '', as_of: state.asOf } };
    const found = seen.find((one) => one.id === id);
    if (!found) return { status: 404 };
    if (part === 'thread') return { status: 200, body: { ...page(state.thread), as_of: state.asOf } };
    if (part === 'draft' && method === 'GET') return { status: 200, body: state.draft };
    if (part) return { status: 204 };
    return { status: 200, body: found };
  }

  const fetch = async (request: Request) => {
    const url = new URL(request.url);
    const name = `${request.method} ${url.pathname.replace('/api/v1', '')}`;
    state.asked.push(name);
    if (request.body) state.sent.set(name, await request.clone().json());
    const wrong = state.wrong.get(name) ?? state.wrong.get('*');
    if (wrong === 'unreachable') throw new TypeError('no network');
    const given = !wrong ? answer(request.method, url) : typeof wrong === 'number' ? { status: wrong } : wrong;
    await state.slow.get(name);
    const { status, body = { code: 'test', detail: '' } } = given;
    if (status === 204) return new Response(null, { status });
    return Response.json(body, { status });
  };
  vi.stubGlobal('fetch', fetch);
  const desk = new Desk(createApi(() => 'de', 'http://house.test'), { fetch: stream.fetch, random: () => 1, together: null });
  return {
    desk,
    state,
    stream,
    ids: () => desk.data?.list?.ids ?? null,
    asked: (name: string) => state.asked.filter((one) => one === name).length,
    live: () => stream.calls.at(-1)!.write('event: live\ndata: {}\n\n'),
    tell: (n: number, change: object) => stream.calls.at(-1)!.write(`id: f.${n}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`),
    nothing: emptyDesk(me),
  };
}
