import { toasts } from '../../parts/toasts.svelte';
import type { Act } from '../../state/acts';
import { clock } from '../../state/clock.svelte';
import { place } from '../../state/location.svelte';
import type { Conversation } from '../../state/nouns';
import type { Desk } from '../../state/store.svelte';
import type { Done, Failed } from '../../state/work.svelte';
import { moment } from '../../words/format';
import { t } from '../../words/t';

/**
 * Does something with a Conversation, says in a sentence what became of it, and offers
 * to take it back. `was` as in Work.act. Tells whether it was done.
 */
export async function perform(desk: Desk, id: string, act: Act, was?: string): Promise<boolean> {
  const result = await desk.work.act(id, act, was);
  if (!result.ok) sayFailed(desk, id, result);
  else if (result.undo.length > 0) toasts.show(doneWords(result, desk.work.me.id), { undo: () => void takeBack(desk, result) });
  return result.ok;
}

/** Closes a Conversation and goes on to the next one in the list. */
export async function closeAndGoOn(desk: Desk, id: string, reason = ''): Promise<void> {
  const listed = desk.data?.list?.ids.includes(id);
  const next = desk.work.after(id);
  const closing = perform(desk, id, { kind: 'close', reason });
  if (listed && place.route.conversation === id) place.open(next);
  await closing;
}

export async function markUnread(desk: Desk, conversation: Conversation): Promise<void> {
  const before = conversation.read_to;
  if (!(await desk.reading.unread(conversation.id))) {
    toasts.show(t('work.failed', { name: nameOf(conversation) }), { tone: 'red' });
    return;
  }
  toasts.show(t('work.done.unread', { name: nameOf(conversation) }), {
    undo: () => void desk.reading.set(conversation.id, before),
  });
}

async function takeBack(desk: Desk, done: Done): Promise<void> {
  const id = done.before.id;
  const result = await desk.work.undo(done);
  if (!result.ok) return sayFailed(desk, id, result);
  toasts.show(t('work.undone'), { seconds: 4 });
  if (done.act.kind === 'close') place.open(id);
}

function doneWords({ act, before }: Done, me: string): string {
  const name = nameOf(before);
  switch (act.kind) {
    case 'assign':
      return act.agent.id === me ? t('work.done.take', { name }) : t('work.done.assign', { name, to: act.agent.name });
    case 'transfer':
      return t('work.done.transfer', { name, to: act.agent.name });
    case 'snooze':
      return act.until
        ? t('work.done.snooze', { name, time: moment(Date.parse(act.until), clock.now) })
        : t('work.done.snooze.reply', { name });
    default:
      return t(`work.done.${act.kind}`, { name });
  }
}

function sayFailed(desk: Desk, id: string, failed: Failed) {
  const conversation = failed.now ?? desk.data?.conversations[id];
  if (!conversation) return;
  toasts.show(failedWords(failed, nameOf(conversation), conversation, desk.work.me.id), { tone: 'red' });
}

function failedWords({ act, overtaken, problem }: Failed, name: string, now: Conversation, me: string): string {
  const owner = now.assignee;
  const aboutOwner = act.kind === 'assign' || act.kind === 'transfer' || act.kind === 'release';
  if (overtaken && aboutOwner) {
    if (!owner) return t('work.overtaken.released', { name });
    if (owner.id !== me) return t('work.overtaken.taken', { name, by: owner.name });
  }
  if (overtaken) return t('work.overtaken', { name });
  if (problem?.code === 'unreachable') return t('work.failed.unreachable', { name });
  if (problem?.status === 403) return t('work.failed.forbidden', { name });
  return t('work.failed', { name });
}

export function nameOf({ contact }: Conversation): string {
  return contact.name || contact.identity;
}
