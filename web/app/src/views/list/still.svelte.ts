import type { List } from '../../state/desk';
import { held, type Held } from '../../state/hold';

/** Keeps the order of the list while a pointer or the focus is in it. */
export class Still {
  #hold = $state.raw<{ filter: unknown; ids: string[] } | null>(null);
  #pointed = false;
  #moving = false;

  constructor(
    private readonly list: () => List | null,
    private readonly box: () => HTMLElement | undefined,
  ) {}

  readonly shown: Held = $derived.by(() => {
    const list = this.list();
    const hold = this.#hold;
    return list && hold?.filter === list.filter ? held(hold.ids, list.ids) : { ids: list?.ids ?? [], waiting: 0 };
  });

  get holds(): boolean {
    return this.#hold !== null;
  }

  /** Rows loaded at the end belong to what is held from now on. */
  grow() {
    const { ids } = this.shown;
    if (this.#hold && this.#hold.filter === this.list()?.filter && ids.length > this.#hold.ids.length) {
      this.#hold = { ...this.#hold, ids };
    }
  }

  /** Shows the order as it is now, and holds that. */
  renew() {
    const list = this.list();
    this.#hold = list && { filter: list.filter, ids: list.ids };
  }

  focused() {
    const list = this.list();
    this.#hold ??= list && { filter: list.filter, ids: this.shown.ids };
  }

  /** Moves the focus from row to row: between the two it is nowhere, and has not left. */
  move(step: () => void) {
    this.#moving = true;
    step();
    this.#moving = false;
  }

  pointed() {
    this.#pointed = true;
    this.focused();
  }

  left() {
    this.#pointed = false;
    if (!this.box()?.contains(document.activeElement)) this.#hold = null;
  }

  blurred(event: FocusEvent) {
    const inside = event.relatedTarget instanceof Node && this.box()?.contains(event.relatedTarget);
    if (!inside && !this.#pointed && !this.#moving) this.#hold = null;
  }

  /** Whoever types elsewhere is not about to click here, wherever the pointer rests. */
  typed(event: KeyboardEvent) {
    if (event.target instanceof Node && this.box()?.contains(event.target)) return;
    this.#pointed = false;
    this.#hold = null;
  }
}
