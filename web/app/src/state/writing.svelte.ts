import { asProblem } from '../api/problem';
import { isAutomatic } from './automatic';
import { answersSince, lowestShown, seenBy } from './collision';
import type { DeskState, Pending } from './desk';
import type { Ground } from './ground';
import { Saver, type Saving } from './saver';
import type { Sending } from './sending';

export type Mode = Pending['kind'];

/** What an agent writes in one Conversation. */
export type Text = {
  mode: Mode;
  reply: string;
  note: string;
  /** The position up to which the thread was shown when the reply was begun; null without one. */
  after: number | null;
  /** A colleague's answer came first: the server said so. */
  collided: boolean;
  /** The Message that the reply answers; null: none in particular. */
  about: string | null;
  saving: Saving;
};

type Draft = { reply: string; note: string };

const nothing: Text = { mode: 'reply', reply: '', note: '', after: null, collided: false, about: null, saving: 'saved' };
const pause = 700;
const again = 5000;

/** What is being written, by Conversation, and its Drafts with the server. */
export class Writing {
  #texts = $state.raw<Record<string, Text>>({});
  #ground: Ground;
  #sending: Sending;
  #savers = new Map<string, Saver<Draft>>();
  #opened = new Set<string>();

  constructor(ground: Ground, sending: Sending) {
    this.#ground = ground;
    this.#sending = sending;
  }

  of(id: string): Text {
    return this.#texts[id] ?? nothing;
  }

  /** Brings back what was written here before, on this device or another. */
  async open(id: string): Promise<void> {
    const { reply, note } = this.of(id);
    if (this.#opened.has(id) && (reply || note)) return;
    this.#opened.add(id);
    try {
      const draft = await this.#ground.api.draft(id);
      if (this.#ground.data) this.#restore(id, draft.reply, draft.note, Date.parse(draft.at ?? ''));
    } catch (error) {
      this.#opened.delete(id);
      this.#ground.ended(asProblem(error));
    }
  }

  // What was typed while the Draft was on its way stands below it: neither is lost.
  #restore(id: string, reply: string, note: string, at: number) {
    const { data } = this.#ground;
    if (!reply && !note) return;
    const now = this.of(id);
    const kept = (mode: Mode, text: string) => (data && wasSaid(data, id, mode, text, at) ? '' : text);
    const [ours, inside] = [kept('reply', reply), kept('note', note)];
    this.#set(id, {
      reply: joined(ours, now.reply),
      note: joined(inside, now.note),
      mode: !ours && inside && !now.reply ? 'note' : now.mode,
      after: ours && data && Number.isFinite(at) ? seenBy(data, id, at) : now.after,
    });
  }

  mode(id: string, mode: Mode) {
    if (this.of(id).mode !== mode) this.#set(id, { mode });
  }

  write(id: string, text: string) {
    const before = this.of(id);
    this.#set(id, { [before.mode]: text });
    if (before.mode === 'reply') this.#begin(id, before.reply, text);
    this.#save(id);
  }

  /** Puts words back into the field, above what stands there. */
  putBack(id: string, mode: Mode, text: string) {
    this.#set(id, { mode, [mode]: joined(text, this.of(id)[mode]) });
    if (mode === 'reply' && this.of(id).after === null) this.#begin(id, '', text);
    this.#save(id);
  }

  // The author answers what is shown in the moment of the first letter.
  #begin(id: string, before: string, text: string) {
    const { data } = this.#ground;
    if (!text.trim()) this.#set(id, { after: null, collided: false });
    else if (!before.trim() && data) this.#set(id, { after: lowestShown(data, id) });
  }

  /** The reply answers one Message; null: none in particular. */
  answer(id: string, about: string | null) {
    this.#set(id, { about });
  }

  /** What colleagues answered since the reply was begun. */
  theirs(id: string) {
    const { data } = this.#ground;
    const { after } = this.of(id);
    return data && after !== null ? answersSince(data, id, after) : [];
  }

  /** The author has read what colleagues answered, and writes on. */
  accept(id: string) {
    const { data } = this.#ground;
    if (data) this.#set(id, { after: lowestShown(data, id), collided: false });
  }

  /** Sends what stands in the field. */
  async send(id: string): Promise<void> {
    const { data } = this.#ground;
    const { mode, ...texts } = this.of(id);
    const text = texts[mode].trim();
    if (!data || !text) return;
    const { after: begun, about } = texts;
    const reply = mode === 'reply';
    this.#set(id, { [mode]: '', ...(reply && { after: null, collided: false, about: null }) });
    this.#savers.get(id)?.hold();
    const fate = await this.#sending.say(id, mode, text, reply ? lowestShown(data, id) : null, reply ? about : null);
    if (fate === 'collided') await this.#collided(id, text, begun, about);
    else this.#save(id);
  }

  // Nothing was sent: the words go back into the field, and the answer of the other is shown.
  async #collided(id: string, text: string, after: number | null, about: string | null): Promise<void> {
    this.putBack(id, 'reply', text);
    this.#set(id, { after: after ?? 0, collided: true, about });
    await this.#ground.refresh(id);
  }

  /** Sends again what was not sent. */
  async again(id: string, pending: Pending): Promise<void> {
    const fate = await this.#sending.again(id, pending);
    if (fate === 'collided') await this.#collided(id, pending.text, pending.after, pending.about);
    else if (fate === 'sent') this.#save(id);
  }

  /** What was not sent is given up; its Draft goes with it. */
  forget(id: string) {
    this.#save(id);
  }

  /** The open Conversation is left: what is written is saved at once. */
  flush(id: string) {
    void this.#savers.get(id)?.flush();
  }

  /** The page goes: the browser is asked to deliver what is not saved yet. */
  farewell() {
    for (const [id, saver] of this.#savers) {
      const left = saver.unsaved();
      if (left) void this.#ground.api.setDraft(id, left.value.reply, left.value.note, true).catch(() => undefined);
    }
  }

  /** The Conversation is none of this agent's business any more, nor is what was written in it. */
  lose(id: string) {
    this.#savers.get(id)?.stop();
    this.#savers.delete(id);
    this.#opened.delete(id);
    const { [id]: _, ...others } = this.#texts;
    this.#texts = others;
  }

  /** Forgets everything: nobody is logged in any more. */
  leave() {
    for (const saver of this.#savers.values()) saver.stop();
    this.#savers.clear();
    this.#opened.clear();
    this.#texts = {};
  }

  // What was sent and is not confirmed belongs to the Draft: after a crash it is there.
  #save(id: string) {
    const { data } = this.#ground;
    if (!data) return;
    const all = (mode: Mode) => [...unconfirmed(data, id, mode), this.of(id)[mode]].filter(Boolean).join('\n\n');
    this.#saver(id).want({ reply: all('reply'), note: all('note') });
  }

  #saver(id: string): Saver<Draft> {
    let saver = this.#savers.get(id);
    if (!saver) {
      const save = ({ reply, note }: Draft) => this.#ground.api.setDraft(id, reply, note);
      saver = new Saver(save, { wait: pause, again, state: (saving) => this.#set(id, { saving }) });
      this.#savers.set(id, saver);
    }
    return saver;
  }

  #set(id: string, change: Partial<Text>) {
    this.#texts = { ...this.#texts, [id]: { ...this.of(id), ...change } };
  }
}

function joined(above: string, below: string): string {
  return above && below && above !== below ? `${above}\n\n${below}` : above || below;
}

function unconfirmed(state: DeskState, id: string, mode: Mode): string[] {
  return (state.pending[id] ?? []).filter(({ kind }) => kind === mode).map(({ text }) => text);
}

// A Draft of what was said stays where a crash came between the sending and the saving,
// or while the answer is on its way. What waits for one is shown in the thread already.
function wasSaid(state: DeskState, id: string, mode: Mode, text: string, at: number): boolean {
  const said = text.trim();
  if (said === unconfirmed(state, id, mode).join('\n\n')) return true;
  return (state.threads[id]?.ids ?? []).some((each) => {
    const item = mode === 'reply' ? ownReply(state, each) : ownNote(state, each);
    return item?.text === said && Date.parse(item.at) >= at;
  });
}

function ownReply({ messages, me }: DeskState, id: string) {
  const message = messages[id];
  return message?.direction === 'out' && !isAutomatic(message) && message.author?.id === me.agent.id ? message : undefined;
}

function ownNote({ turns, me }: DeskState, id: string) {
  const turn = turns[id];
  return turn?.kind === 'note' && turn.by?.id === me.agent.id ? turn : undefined;
}
