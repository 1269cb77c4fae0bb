import { asProblem } from '../api/problem';
import type { Conversation, Identity, MaskedIdentity, Preferences, Turn } from '../api/types';
import type { Ground } from './ground';
import { takeConversation } from './lists';
import type { Loading } from './store.svelte';

/** What the side panel asks for beside the Conversation itself. */
export type Facts = {
  identities: MaskedIdentity[];
  matters: Conversation[];
  notes: Turn[];
};
export type FactName = keyof Facts;

type Known = { [K in FactName]?: Facts[K] };
type Order = Preferences['panel'];

/** What the side panel shows of the open Conversation, and in which order. */
export class Panel {
  #facts = $state.raw<Known>({});
  #state = $state.raw<Partial<Record<FactName, Loading>>>({});
  /** The full Identities, once they were asked for; gone when another Conversation is opened. */
  revealed = $state.raw<Identity[] | null>(null);
  #of = '';
  #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get<K extends FactName>(name: K): Facts[K] | undefined {
    return this.#facts[name];
  }

  stateOf(name: FactName): Loading {
    return this.#state[name] ?? 'idle';
  }

  /** Another Conversation is open: what was known of the last one is put away. */
  open(id: string) {
    if (this.#of === id) return;
    this.#of = id;
    this.#facts = {};
    this.#state = {};
    this.revealed = null;
  }

  /** Asks for something that is shown now. */
  async load(name: FactName): Promise<void> {
    const id = this.#of;
    if (!id || this.#state[name] === 'loading') return;
    this.#state = { ...this.#state, [name]: 'loading' };
    try {
      const { items } = await this.#ground.api[name](id);
      if (this.#of !== id) return;
      this.#facts = { ...this.#facts, [name]: items };
      this.#state = { ...this.#state, [name]: 'idle' };
    } catch (error) {
      if (this.#ground.ended(asProblem(error)) || this.#of !== id) return;
      this.#state = { ...this.#state, [name]: 'failed' };
    }
  }

  /** Shows the full Identities. That is recorded. Throws the Problem. */
  async reveal(): Promise<void> {
    const id = this.#of;
    const { items } = await this.#orThrow(this.#ground.api.reveal(id));
    if (this.#of === id) this.revealed = items;
  }

  /** Stores the Contact's language. Throws the Problem. */
  async setLanguage(id: string, language: string): Promise<void> {
    await this.#orThrow(this.#ground.api.setContactLanguage(id, language));
    this.#change(id, (conversation) => ({ ...conversation, contact: { ...conversation.contact, language } }));
  }

  /** Restricts the processing of the Contact's data (Art. 18 GDPR), or ends that. Throws the Problem. */
  async restrict(id: string, reason: string | null): Promise<void> {
    const { api } = this.#ground;
    await this.#orThrow(reason === null ? api.unrestrict(id) : api.restrict(id, reason));
    const asOf = this.#ground.asOf();
    const conversation = await api.conversation(id).catch(() => null);
    const { data } = this.#ground;
    if (data && conversation) this.#ground.data = takeConversation(data, conversation, asOf);
  }

  /** Keeps how the agent wants the panel. It is shown at once; if keeping fails, only this page knows. */
  async arrange(panel: Order): Promise<void> {
    const { data, api } = this.#ground;
    if (!data) return;
    const preferences = { ...data.me.preferences, panel };
    this.#ground.data = { ...data, me: { ...data.me, preferences } };
    await api.setPreferences(preferences).catch((error: unknown) => this.#ground.ended(asProblem(error)));
  }

  leave() {
    this.open('');
  }

  async #orThrow<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      const problem = asProblem(error);
      this.#ground.ended(problem);
      throw problem;
    }
  }

  #change(id: string, change: (conversation: Conversation) => Conversation) {
    const { data } = this.#ground;
    const before = data?.conversations[id];
    if (data && before) this.#ground.data = { ...data, conversations: { ...data.conversations, [id]: change(before) } };
  }
}
