import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { office } from './office';
import { at, conversation, message, turn } from './nouns';

const all = { view: 'all', inbox: '' } as const;
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const settle = async () => {
  for (let i = 0; i < 10; i++) await pass(1);
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function opened() {
  const here = office();
  here.state.conversations = [conversation('a', 0), conversation('l', -1, { inbox: { id: 'leben', name: 'Leben' } })];
  await here.desk.load(all);
  await settle();
  here.live();
  await settle();
  expect(here.desk.liveness).toBe('live');
  return here;
}

describe('loading', () => {
  test('a load that fails leaves the stream as it is, and is repeated until it succeeds', async () => {
    const here = await opened();
    here.state.wrong.set('GET /conversations', 503);
    await here.desk.load(all);
    expect(here.desk.listState).toBe('failed');
    expect(here.ids()).toEqual(['a', 'l']);
    here.tell(11, { kind: 'conversation', conversation: conversation('b', 1) });
    await pass(100);
    expect(here.ids()).toEqual(['b', 'a', 'l']);
    here.state.wrong.clear();
    here.state.conversations.push(conversation('b', 1));
    here.state.asOf = 'f.11';
    await pass(1000);
    await settle();
    expect(here.desk.listState).toBe('idle');
    expect(here.stream.calls.at(-1)!.cursor).toBe('f.11');
  });

  test('whoever is told to load anew and cannot is offline, and comes back by themselves', async () => {
    const here = await opened();
    here.state.wrong.set('*', 'unreachable');
    here.stream.calls.at(-1)!.write('event: reload\ndata: {}\n\n');
    await settle();
    expect(here.desk.liveness).toBe('offline');
    const streams = here.stream.calls.length;
    await pass(3000);
    here.state.wrong.clear();
    await pass(30_000);
    await settle();
    expect(here.stream.calls.length).toBe(streams + 1);
    expect(here.desk.listState).toBe('idle');
  });

  test('the network is back: what is owed is loaded at once', async () => {
    const here = await opened();
    here.state.wrong.set('*', 'unreachable');
    here.stream.calls.at(-1)!.write('event: reload\ndata: {}\n\n');
    await settle();
    await pass(20_000);
    here.state.wrong.clear();
    here.desk.wake();
    await settle();
    expect(here.desk.listState).toBe('idle');
  });

  test.each([
    ['trying again', (desk: Awaited<ReturnType<typeof opened>>['desk']) => desk.more()],
    ['another view', (desk: Awaited<ReturnType<typeof opened>>['desk']) => desk.list({ view: 'mine', inbox: '' })],
  ])('%s brings the stream back too', async (_, act) => {
    const here = await opened();
    here.state.wrong.set('*', 'unreachable');
    here.stream.calls.at(-1)!.write('event: reload\ndata: {}\n\n');
    await settle();
    here.state.wrong.clear();
    const streams = here.stream.calls.length;
    await act(here.desk);
    await settle();
    expect(here.stream.calls.length).toBe(streams + 1);
    await pass(60_000);
    expect(here.asked('GET /me')).toBe(3); // at first, in vain, and by hand
  });

  test('a stream that leads to nothing but loading does not make it load without end', async () => {
    const here = await opened();
    here.stream.answer(403);
    here.stream.calls.at(-1)!.cut();
    await pass(60_000);
    expect(here.asked('GET /me')).toBeLessThan(9);
    expect(here.asked('GET /me')).toBeGreaterThan(3);
  });
});

describe('access', () => {
  const without = (here: Awaited<ReturnType<typeof opened>>, inbox: string) => {
    here.state.me = { ...here.state.me, inboxes: here.state.me.inboxes.filter(({ id }) => id !== inbox) };
  };

  test('an Inbox that is taken away takes its open thread along, and what was revealed', async () => {
    const here = await opened();
    await here.desk.opened.show('l');
    here.desk.panel.open('l');
    here.desk.panel.revealed = [];
    here.desk.writing.write('l', 'Guten Tag');
    without(here, 'leben');
    here.tell(11, { kind: 'access' });
    await pass(100);
    await settle();
    expect(here.ids()).toEqual(['a']);
    expect(here.desk.data!.threads).toEqual({});
    expect(here.desk.data!.conversations['l']).toBeUndefined();
    expect(here.desk.panel.revealed).toBeNull();
    expect(here.desk.writing.of('l').reply).toBe('');
    expect(here.desk.opened.problem?.status).toBe(404);
  });

  test.each([404, 403])('a thread that is answered with %d leaves the screen', async (status) => {
    const here = await opened();
    await here.desk.opened.show('a');
    here.state.wrong.set('GET /conversations/a/thread', status);
    await here.desk.opened.show('a');
    expect(here.desk.data!.threads['a']).toBeUndefined();
    expect(here.desk.opened.state).toBe('failed');
    expect(here.ids()).toEqual(['l']);
  });

  test('a thread that cannot be fetched just now stays', async () => {
    const here = await opened();
    await here.desk.opened.show('a');
    here.state.wrong.set('GET /conversations/a/thread', 503);
    await here.desk.opened.show('a');
    expect(here.desk.data!.threads['a']).toBeDefined();
    expect(here.desk.opened.problem).toBeNull();
  });

  test('a list of the Inbox that is taken away becomes the list of all', async () => {
    const here = await opened();
    await here.desk.list({ view: 'all', inbox: 'leben' });
    expect(here.ids()).toEqual(['l']);
    without(here, 'leben');
    here.tell(11, { kind: 'access' });
    await pass(100);
    await settle();
    expect(here.ids()).toEqual(['a']);
    expect(here.desk.listState).toBe('idle');
    expect(here.desk.data!.list!.filter.inbox).toBe('');
  });

  test('nothing that may not be seen waits for an answer to go', async () => {
    const here = await opened();
    await here.desk.opened.show('l');
    without(here, 'leben');
    here.state.wrong.set('GET /conversations', 503);
    here.tell(11, { kind: 'access' });
    await pass(100);
    await settle();
    expect(here.desk.data!.conversations).toEqual({});
    here.state.wrong.clear();
    await pass(5000);
    await settle();
    expect(here.ids()).toEqual(['a']);
  });

  test('whoever oversees now has nothing of the conversations left, told by the stream or by its end', async () => {
    for (const how of ['access', '403'] as const) {
      const here = await opened();
      await here.desk.opened.show('a');
      here.desk.writing.write('a', 'Guten Tag');
      here.state.me = { ...here.state.me, agent: { ...here.state.me.agent, role: 'dpo' }, inboxes: [] };
      here.stream.answer(403);
      if (how === 'access') here.tell(11, { kind: 'access' });
      here.stream.calls.at(-1)!.cut();
      await pass(1000);
      await settle();
      const { me, ...rest } = here.desk.data!;
      expect(me.agent.role).toBe('dpo');
      expect(rest).toEqual({ ...here.nothing, me: undefined, inboxes: {} });
      expect(here.desk.writing.of('a').reply).toBe('');
      const streams = here.stream.calls.length;
      await pass(120_000);
      expect(here.stream.calls.length).toBe(streams);
    }
  });

  test('an answer about another state of the desk is not taken into this one', async () => {
    const here = await opened();
    let arrive = () => {};
    here.state.slow.set('GET /conversations/a/thread', new Promise((done) => (arrive = done)));
    const late = here.desk.opened.show('a');
    await settle();
    here.state.me = { ...here.state.me, agent: { ...here.state.me.agent, role: 'dpo' }, inboxes: [] };
    await here.desk.load(all);
    arrive();
    await late;
    expect(here.desk.data!.conversations).toEqual({});
    expect(here.desk.data!.threads).toEqual({});
  });
});

describe('logging out', () => {
  test('is done when the server knows', async () => {
    const here = await opened();
    await here.desk.logout();
    expect(here.desk.session).toBe('out');
    expect(here.desk.data).toBeNull();
    expect(here.desk.leaving.owed).toBe(false);
  });

  test.each(['unreachable', 503] as const)('that leads to "%s" is said and repeated until the server knows', async (wrong) => {
    const here = await opened();
    here.state.wrong.set('DELETE /session', wrong);
    const out = here.desk.logout();
    await settle();
    expect(here.desk.session).toBe('leaving');
    expect(here.desk.leaving.late).toBe(true);
    expect(here.desk.data).toBeNull();
    await pass(60_000);
    expect(here.desk.session).toBe('leaving');
    expect(here.asked('DELETE /session')).toBeGreaterThan(4);
    here.state.wrong.clear();
    here.desk.wake();
    await settle();
    await out;
    expect(here.desk.session).toBe('out');
    expect(here.desk.leaving.late).toBe(false);
  });

  test('without a session there is none to close', async () => {
    const here = await opened();
    here.state.wrong.set('DELETE /session', 401);
    await here.desk.logout();
    expect(here.desk.session).toBe('out');
  });

  test('the page that is started anew ends the session first', async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    });
    const here = await opened();
    here.state.wrong.set('*', 'unreachable');
    void here.desk.logout();
    await settle();

    const next = office();
    void next.desk.load(all);
    await settle();
    expect(next.state.asked).toEqual(['DELETE /session']);
    expect(next.desk.session).toBe('out');
    await here.desk.leaving.hurry();
    await settle();
    expect(here.desk.session).toBe('out'); // the other tab has told the server
    expect(here.asked('DELETE /session')).toBe(1);
  });

  test('an answer that was on its way lets nobody in again', async () => {
    const here = await opened();
    let arrive = () => {};
    here.state.slow.set('GET /conversations', new Promise((done) => (arrive = done)));
    const late = here.desk.load(all);
    await settle();
    await here.desk.logout();
    arrive();
    await late;
    expect(here.desk.session).toBe('out');
    expect(here.desk.data).toBeNull();
    expect(here.desk.listState).toBe('idle');
  });
});

describe('an act that fails', () => {
  const me = { id: 'ben', name: 'Ben Beispiel' };
  const reading = { kind: 'reading', reading: { conversation: 'a', position: 0 } };

  test('is taken back, whatever was read meanwhile', async () => {
    const here = await opened();
    here.state.wrong.set('PUT /conversations/a/assignment', 503);
    const acting = here.desk.work.act('a', { kind: 'assign', agent: me });
    expect(here.desk.data!.conversations['a']!.assignee).toEqual(me);
    here.tell(11, reading);
    await here.desk.reading.set('a', 0);
    await acting;
    expect(here.desk.data!.conversations['a']!.assignee).toBeNull();
  });

  test('is not, where the server told meanwhile how the Conversation is', async () => {
    const here = await opened();
    let fail = () => {};
    here.state.wrong.set('DELETE /conversations/a/closure', 503);
    here.state.slow.set('DELETE /conversations/a/closure', new Promise((done) => (fail = done)));
    const closed = { closed_at: '2026-11-23T12:00:00Z' };
    here.tell(11, { kind: 'conversation', conversation: conversation('a', 0, closed) });
    await pass(100);
    const acting = here.desk.work.act('a', { kind: 'reopen' });
    here.tell(12, { kind: 'conversation', conversation: conversation('a', 0) });
    await pass(100);
    fail();
    await acting;
    expect(here.desk.data!.conversations['a']!.closed_at).toBeNull();
  });

  test('leaves another one that is on its way as it is', async () => {
    const here = await opened();
    let fail = () => {};
    here.state.wrong.set('PUT /conversations/a/assignment', 503);
    here.state.slow.set('PUT /conversations/a/assignment', new Promise((done) => (fail = done)));
    here.state.slow.set('PUT /conversations/a/snooze', new Promise(() => {}));
    const acting = here.desk.work.act('a', { kind: 'assign', agent: me });
    void here.desk.work.act('a', { kind: 'snooze', until: null });
    fail();
    await acting;
    const { assignee, snooze } = here.desk.data!.conversations['a']!;
    expect(assignee).toBeNull();
    expect(snooze).not.toBeNull();
  });
});

describe('what is sent again', () => {
  const path = 'POST /conversations/a/messages';

  test('is stopped by the answer of a colleague, as it was at first', async () => {
    const here = await opened();
    here.state.thread = [message('m', 'a', 0, { position: 3 })];
    await here.desk.opened.show('a');
    here.state.wrong.set(path, 'unreachable');
    here.desk.writing.write('a', 'Ja, einen Kleinwagen.');
    await here.desk.writing.send('a');
    const [pending] = here.desk.data!.pending['a']!;
    expect(pending!.after).toBe(3);

    const theirs = message('n', 'a', 1, { position: 4, direction: 'out', author: { kind: 'agent', id: 'anna', name: 'Anna Muster' } });
    here.state.thread = [theirs, message('m', 'a', 0, { position: 3 })];
    await here.desk.opened.show('a');
    here.state.wrong.set(path, { status: 409, body: { code: 'conflict', detail: '', field: 'after' } });
    await here.desk.writing.again('a', pending!);
    expect(here.state.sent.get(path)).toEqual({ client_id: pending!.clientId, kind: 'text', text: pending!.text, after: 3 });
    expect(here.desk.data!.pending['a']).toEqual([]);
    expect(here.desk.writing.of('a')).toMatchObject({ mode: 'reply', reply: 'Ja, einen Kleinwagen.', after: 3, collided: true });
    expect(here.desk.writing.theirs('a').map(({ id }) => id)).toEqual(['n']);
  });
});

describe('a note', () => {
  const path = 'POST /conversations/a/notes';
  const draft = 'PUT /conversations/a/draft';

  test('that is on its way is saved as a Draft neither by leaving nor by the time', async () => {
    const here = await opened();
    await here.desk.opened.show('a');
    here.desk.writing.mode('a', 'note');
    here.desk.writing.write('a', 'Gutachter nicht nötig.');
    let arrive = () => {};
    here.state.slow.set(path, new Promise((done) => (arrive = done)));
    here.state.wrong.set(path, { status: 201, body: turn('t', 'a', 1, { by: { id: 'ben', name: 'Ben' }, text: 'Gutachter nicht nötig.' }) });
    const sending = here.desk.writing.send('a');
    here.desk.writing.flush('a');
    await pass(5000);
    expect(here.asked(draft)).toBe(0);
    here.desk.writing.farewell(); // the page closes: now it must not be lost
    await settle();
    expect(here.asked(draft)).toBe(1);
    arrive();
    await sending;
    await pass(1000);
    expect(here.state.sent.get(draft)).toEqual({ reply: '', note: '' });
  });

  test.each([
    ['was said', true],
    ['is on its way', false],
  ])('that %s does not come back into the field', async (_, said) => {
    const here = await opened();
    const ours = turn('t', 'a', 1, { by: { id: 'ben', name: 'Ben' }, text: 'Gutachter nicht nötig.' });
    here.state.thread = said ? [ours] : [];
    here.state.draft = { reply: '', note: ours.text, at: at(0) };
    await here.desk.opened.show('a');
    if (!said) {
      here.state.slow.set(path, new Promise(() => {}));
      here.desk.writing.mode('a', 'note');
      here.desk.writing.write('a', ours.text);
      void here.desk.writing.send('a');
    }
    await here.desk.writing.open('a');
    expect(here.desk.writing.of('a').note).toBe('');
  });

  test('of a colleague, or an earlier one, leaves the Draft alone', async () => {
    const here = await opened();
    here.state.thread = [turn('t', 'a', 1, { text: 'Nachfragen' }), turn('u', 'a', -1, { by: { id: 'ben', name: 'Ben' }, text: 'Nachfragen' })];
    here.state.draft = { reply: '', note: 'Nachfragen', at: at(0) };
    await here.desk.opened.show('a');
    await here.desk.writing.open('a');
    expect(here.desk.writing.of('a')).toMatchObject({ note: 'Nachfragen', mode: 'note' });
  });
});
