import type { Api } from '../api/client';
import { asProblem } from '../api/problem';
import type { NewThird, Task, TaskResult } from '../api/tasks';
import type {
  BlockReason,
  Conversation,
  Customer,
  Decision,
  Grounds,
  Identity,
  MaskedIdentity,
  Preferences,
  SignedForm,
  Turn,
  VouchMeans,
} from '../api/types';
import type { Ground } from './ground';
import { agreed } from './grounds';
import { takeConversation } from './lists';
import type { Loading } from './store.svelte';

/** What the side panel asks for beside the Conversation itself. */
export type Facts = {
  identities: MaskedIdentity[];
  matters: Conversation[];
  merges: Conversation[];
  notes: Turn[];
  grounds: Grounds;
  tasks: Task[];
};
export type FactName = keyof Facts;

const asked: { [K in FactName]: (api: Api, id: string) => Promise<Facts[K]> } = {
  identities: async (api, id) => (await api.identities(id)).items,
  matters: async (api, id) => (await api.matters(id)).items,
  merges: async (api, id) => (await api.merges(id)).items,
  notes: async (api, id) => (await api.notes(id)).items,
  grounds: (api, id) => api.grounds(id),
  tasks: async (api, id) => (await api.tasks({ conversation: id, limit: 200 })).items,
};

/** How a Consent comes about: by a question, on a form, or as § 7(3) UWG allows. */
export type Given =
  | { by: 'question'; purpose: string; wished: string | null }
  | { by: 'form'; form: SignedForm }
  | { by: 'customer'; customer: Customer };

type Known = { [K in FactName]?: Facts[K] };
type Order = Preferences['panel'];

/** What the side panel shows of the open Conversation, and in which order. */
export class Panel {
  #facts = $state.raw<Known>({});
  #state = $state.raw<Partial<Record<FactName, Loading>>>({});
  /** The full Identities, once they were asked for; gone when another Conversation is opened. */
  revealed = $state.raw<Identity[] | null>(null);
  #of = '';
  #again = new Set<FactName>();
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
    this.#again.clear();
    this.revealed = null;
  }

  /** Asks for something that is shown now; once more if it is asked for while the answer is on its way. */
  async load(name: FactName): Promise<void> {
    const id = this.#of;
    if (!id) return;
    if (this.#state[name] === 'loading') return void this.#again.add(name);
    this.#state = { ...this.#state, [name]: 'loading' };
    try {
      const facts = await asked[name](this.#ground.api, id);
      if (this.#of !== id) return;
      this.#facts = { ...this.#facts, [name]: facts };
      this.#state = { ...this.#state, [name]: 'idle' };
      if (this.#again.delete(name)) await this.load(name);
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

  /** Keeps the Contact from writing to the Inbox, or ends that. The stream shows it. Throws the Problem. */
  async block(id: string, reason: BlockReason | null): Promise<void> {
    const { api } = this.#ground;
    await this.#orThrow(reason === null ? api.unblock(id) : api.block(id, reason));
  }

  /** It is the same person as before. The stream brings what was hidden. Throws the Problem. */
  async vouch(id: string, means: VouchMeans): Promise<void> {
    await this.#orThrow(this.#ground.api.vouch(id, means));
  }

  /** It is somebody else since; where their matter stands now. Throws the Problem. */
  async split(id: string): Promise<string> {
    return (await this.#orThrow(this.#ground.api.split(id))).id;
  }

  /** Who is reached by a number. Throws the Problem. */
  async seek(text: string): Promise<Conversation[]> {
    return (await this.#orThrow(this.#ground.api.seek(text))).items;
  }

  /** Another Contact is the same person, or is not after all. Throws the Problem. */
  async merge(id: string, contact: string, undo = false): Promise<void> {
    const { api } = this.#ground;
    await this.#orThrow(undo ? api.unmerge(id, contact) : api.merge(id, contact));
    if (this.#of === id) await Promise.all([this.load('merges'), this.load('matters'), this.load('identities')]);
  }

  /** The Contact wants no advertising any more. Throws the Problem. */
  withdraw(id: string): Promise<void> {
    return this.#record(id, (api) => api.withdraw(id, ''));
  }

  /** Asks for a Consent, or to confirm a wish of before; or records one. Throws the Problem. */
  grant(id: string, given: Given): Promise<void> {
    return this.#record(id, async (api) => {
      if (given.by === 'form') await api.recordForm(id, given.form);
      else if (given.by === 'customer') await api.recordCustomer(id, given.customer);
      else await api.askConsent(id, given.purpose, given.wished);
    });
  }

  /** The Purposes that the Contact agreed to; looking is recorded. Throws the Problem. */
  async agreed(id: string): Promise<string[]> {
    return agreed(await this.#orThrow(this.#ground.api.grounds(id)));
  }

  /** What the gate would say of advertising. Throws the Problem. */
  mayAdvertise(id: string, purpose: string): Promise<Decision> {
    return this.#orThrow(this.#ground.api.permitAdvertising(id, purpose));
  }

  /** Advertises. The stream brings the Message. Throws the Problem. */
  async advertise(id: string, clientId: string, text: string, purpose: string): Promise<void> {
    await this.#orThrow(this.#ground.api.advertise(id, clientId, text, purpose));
  }

  /** A colleague has read the Message: it withdraws nothing. Throws the Problem. */
  clear(id: string, message: string): Promise<void> {
    return this.#record(id, (api) => api.clear(id, message));
  }

  /** The Contact objects to a Purpose (Art. 21 GDPR). Throws the Problem. */
  object(id: string, purpose: string): Promise<void> {
    return this.#record(id, (api) => api.object(id, purpose));
  }

  /** Ends an objection. Throws the Problem. */
  liftObjection(id: string, purpose: string): Promise<void> {
    return this.#record(id, (api) => api.liftObjection(id, purpose));
  }

  /** Notes that a Message introduces a third person (Art. 14 GDPR); gives the Task. Throws the Problem. */
  async mark(id: string, third: NewThird): Promise<Task> {
    const task = await this.#orThrow(this.#ground.api.markThird(id, third));
    if (this.#of === id) await this.load('tasks');
    return task;
  }

  /** Ends the Task about a third person. Throws the Problem. */
  async finish(id: string, task: string, result: TaskResult): Promise<void> {
    await this.#orThrow(this.#ground.api.finishTask(task, result));
    if (this.#of === id) await this.load('tasks');
  }

  // What was recorded shows in the grounds at once.
  async #record(id: string, act: (api: Api) => Promise<void>): Promise<void> {
    await this.#orThrow(act(this.#ground.api));
    if (this.#of === id) await this.load('grounds');
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
