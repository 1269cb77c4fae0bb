import type { Problem } from '../api/problem';
import { aboveTypes, faultAbove, type Why } from './attachable';
import { attachedOf, whyOf, type Attached, type Attaching } from './attaching.svelte';
import type { Above } from './composition';

/** The one file that will stand above a text: chosen, brought in, and given up with the form. */
export class AboveFile {
  item = $state.raw<Attached | null>(null);
  #attaching: Attaching;
  #of = '';
  #upload: AbortController | null = null;

  constructor(attaching: Attaching) {
    this.#attaching = attaching;
  }

  /** What was brought in; null: nothing, or not yet. */
  get brought(): Above | null {
    const { item } = this;
    return item?.state === 'ready' && item.upload ? { upload: item.upload, name: item.file.name } : null;
  }

  /** Brings in another file instead, for a Conversation. */
  choose(of: string, file: File) {
    this.remove();
    this.#of = of;
    this.item = attachedOf(file, faultAbove(file));
    if (!this.item.why) void this.#bring();
  }

  retry() {
    void this.#bring();
  }

  /** Gives it up: it stops where it is, and the server forgets it. */
  remove() {
    const { item } = this;
    this.item = null;
    this.#upload?.abort();
    if (item?.upload) this.#attaching.drop(this.#of, item.upload);
  }

  /** It went with its Message. */
  sent() {
    this.item = null;
  }

  /** The server has it no more, or does not take it like this. */
  lost(why: Why) {
    this.#set({ state: 'failed', why, upload: null });
  }

  async #bring() {
    const { item } = this;
    if (!item) return;
    const stop = (this.#upload = new AbortController());
    const told = (part: number) => (stop.signal.aborted ? undefined : this.#set({ part }));
    this.#set({ state: 'uploading', part: 0, why: null, upload: null });
    try {
      const upload = await this.#attaching.bring(this.#of, item.file, told, stop.signal);
      const fits = aboveTypes.includes(upload.type);
      if (stop.signal.aborted || !fits) this.#attaching.drop(this.#of, upload);
      if (!stop.signal.aborted) this.#set(fits ? { state: 'ready', part: 1, upload } : { state: 'failed', why: 'above' });
    } catch (error) {
      if (!stop.signal.aborted) this.#set({ state: 'failed', why: whyOf(error as Problem) });
    }
  }

  #set(change: Partial<Attached>) {
    if (this.item) this.item = { ...this.item, ...change };
  }
}
