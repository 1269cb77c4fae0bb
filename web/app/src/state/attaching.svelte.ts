import { asProblem, type Problem } from '../api/problem';
import type { Reason, Upload } from '../api/types';
import { contentOf, fault, type Why } from './attachable';
import { lowestShown } from './collision';
import type { Ground } from './ground';
import type { Sending } from './sending';

/** A file that waits beside the field to be sent. */
export type Attached = {
  key: string;
  file: File;
  caption: string;
  /** A recording goes as a voice message. */
  voice: boolean;
  state: 'waiting' | 'uploading' | 'ready' | 'failed' | 'sending';
  /** How much of it has gone, from 0 to 1. */
  part: number;
  upload: Upload | null;
  why: Why | null;
  reasons: Reason[];
  /** By which it is sent once, however often it is tried. */
  clientId: string;
  /** It may have been sent already: what is said of it stays as it is. */
  tried: boolean;
};

const none: Attached[] = [];

/** What is attached, by Conversation: brought in one after the other, and sent in order. */
export class Attaching {
  #all = $state.raw<Record<string, Attached[]>>({});
  #ground: Ground;
  #sending: Sending;
  #uploads = new Map<string, AbortController>();

  constructor(ground: Ground, sending: Sending) {
    this.#ground = ground;
    this.#sending = sending;
  }

  of(id: string): Attached[] {
    return this.#all[id] ?? none;
  }

  /** Whether nothing stands in the way of sending what is attached. */
  ready(id: string): boolean {
    return this.of(id).every(({ state }) => state === 'ready');
  }

  add(id: string, files: readonly File[]) {
    const added = files.map((file) => attachedOf(file, fault(file)));
    this.#put(id, [...this.of(id), ...added]);
    void this.#bringNext(id);
  }

  say(id: string, key: string, change: Partial<Pick<Attached, 'caption' | 'voice'>>) {
    this.#set(id, key, change);
  }

  /** Gives a file up: it stops where it is, and the server forgets it. */
  remove(id: string, key: string) {
    const gone = this.of(id).find((each) => each.key === key);
    this.#put(id, this.of(id).filter((each) => each.key !== key));
    this.#uploads.get(key)?.abort();
    if (gone?.upload && !gone.tried) this.drop(id, gone.upload);
    void this.#bringNext(id);
  }

  /** Brings in again what did not come. */
  retry(id: string, key: string) {
    this.#set(id, key, { state: 'waiting', part: 0, why: null, reasons: [], upload: null });
    void this.#bringNext(id);
  }

  /** Brings in one file for whoever sends it otherwise. Throws the Problem. */
  async bring(id: string, file: File, told: (part: number) => void, signal: AbortSignal): Promise<Upload> {
    try {
      return await this.#ground.api.bringFile(id, file, told, signal);
    } catch (error) {
      const problem = asProblem(error);
      this.#ground.ended(problem);
      throw problem;
    }
  }

  /** Has the server forget such a file; what was sent stays. */
  drop(id: string, { id: upload }: Upload) {
    void this.#ground.api.dropFile(id, upload).catch(() => undefined);
  }

  /** Sends everything, in order; false if something stays. What follows on what stays does not go ahead of it. */
  async send(id: string): Promise<boolean> {
    const { data } = this.#ground;
    if (!data || !this.ready(id)) return false;
    const after = lowestShown(data, id);
    for (const { key, upload, file, caption, voice, clientId } of this.of(id)) {
      if (!upload) return false;
      this.#set(id, key, { state: 'sending', why: null, reasons: [] });
      try {
        await this.#sending.compose(id, clientId, contentOf(upload, file.name, caption, voice), after);
      } catch (error) {
        this.#unsent(id, key, asProblem(error));
        return false;
      }
      this.#put(id, this.of(id).filter((each) => each.key !== key));
    }
    return true;
  }

  #unsent(id: string, key: string, problem: Problem) {
    const why = whyOf(problem);
    // The server has it no more: it is brought in once more.
    const gone = why === 'gone';
    this.#set(id, key, {
      state: gone ? 'failed' : 'ready', why, reasons: problem.reasons, tried: why === 'unreachable', ...(gone && { upload: null }),
    });
    if (why === 'overtaken') void this.#ground.refresh(id);
  }

  // One at a time: the first to be sent is the first to be there.
  async #bringNext(id: string): Promise<void> {
    const all = this.of(id);
    const next = all.find(({ state }) => state === 'waiting');
    if (!next || all.some(({ state }) => state === 'uploading')) return;
    const { key } = next;
    const stop = new AbortController();
    this.#uploads.set(key, stop);
    this.#set(id, key, { state: 'uploading' });
    try {
      const upload = await this.#ground.api.bringFile(id, next.file, (part) => this.#set(id, key, { part }), stop.signal);
      this.#set(id, key, { state: 'ready', part: 1, upload });
    } catch (error) {
      const problem = asProblem(error);
      if (!stop.signal.aborted && !this.#ground.ended(problem)) this.#set(id, key, { state: 'failed', why: whyOf(problem) });
    }
    this.#uploads.delete(key);
    void this.#bringNext(id);
  }

  lose(id: string) {
    for (const { key } of this.of(id)) this.#uploads.get(key)?.abort();
    const { [id]: _, ...others } = this.#all;
    this.#all = others;
  }

  leave() {
    for (const id of Object.keys(this.#all)) this.lose(id);
  }

  #set(id: string, key: string, change: Partial<Attached>) {
    if (this.of(id).some((each) => each.key === key)) this.#put(id, this.of(id).map((each) => (each.key === key ? { ...each, ...change } : each)));
  }

  #put(id: string, all: Attached[]) {
    this.#all = { ...this.#all, [id]: all };
  }
}

/** A file that somebody chose just now. */
export function attachedOf(file: File, why: Why | null): Attached {
  return {
    key: crypto.randomUUID(), file, caption: '', voice: true, state: why ? 'failed' : 'waiting', part: 0,
    upload: null, why, reasons: [], clientId: crypto.randomUUID(), tried: false,
  };
}

/** Why a file did not come or was not sent. */
export function whyOf({ code, field }: Problem): Why {
  if (code === 'conflict' && field === 'after') return 'overtaken';
  if (code === 'invalid' && field.endsWith('.file')) return 'gone';
  return code === 'too_large' || code === 'unsupported' || code === 'unreachable' || code === 'refused' ? code : 'other';
}
