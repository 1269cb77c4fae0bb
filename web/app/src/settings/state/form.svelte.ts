import { asProblem, type Problem } from '../../api/problem';

/** What is wrong, by the name of the field: keys of words. */
type Faults<F extends string> = Record<string, F>;

/**
 * What somebody enters until it is sent. Nothing typed is ever lost to an error, and
 * a form knows whether it holds something that is not saved.
 */
export class Form<T extends object, F extends string = string> {
  values = $state() as T;
  faults = $state.raw<Faults<F>>({});
  problem = $state.raw<Problem | undefined>();
  busy = $state(false);
  #saved = $state(false);
  #kept = $state('');

  constructor(start: T) {
    this.values = start;
    this.#kept = JSON.stringify(start);
  }

  /** Whether something was entered and not sent. */
  get dirty(): boolean {
    return JSON.stringify(this.values) !== this.#kept;
  }

  /** Whether what stands here was just saved. */
  get saved(): boolean {
    return this.#saved && !this.dirty;
  }

  /** Starts anew from these values. */
  take(values: T): void {
    this.values = values;
    this.#kept = JSON.stringify(values);
    this.faults = {};
    this.problem = undefined;
    this.#saved = false;
  }

  /** Goes back to what was there. */
  discard(): void {
    this.take(JSON.parse(this.#kept) as T);
  }

  /** Checks and sends; tells whether it is saved. */
  async save(check: (values: T) => Faults<F>, send: (values: T) => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    const sent = JSON.stringify(this.values);
    const values = JSON.parse(sent) as T; // what is typed meanwhile is not sent
    this.problem = undefined;
    this.faults = check(values);
    if (Object.keys(this.faults).length > 0) return false;
    this.busy = true;
    try {
      await send(values);
      this.#kept = sent;
      this.#saved = true;
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
