import { alterations, labelOf, wordOf, type Alteration } from './recipient';
import { catalogue, type Key } from '../words/catalogue';

export type { Alteration } from './recipient';

/** How a value is said: by a key of the catalogue, by the name of a thing, or as it is. */
export type Value = { key: Key } | { text: string };

/** One field as people read it. `unseen` changed and its value is nobody's business. */
export type Line = { field: string; label: Key | undefined; unseen: boolean; before: Value[]; after: Value[] };

/** Names of things by id. */
export type Names = (id: string) => string | undefined;

export function lineOf({ field, before, after }: Alteration, names: Names): Line {
  const old = many(before);
  const now = many(after);
  return {
    field,
    label: keyOf(`field.${field.replaceAll('.', '_')}`) ?? keyOf(`policy.${field}`) ?? labelOf(field),
    unseen: !old?.length && !now?.length,
    before: (old ?? []).map((value) => valueOf(field, value, names)),
    after: (now ?? []).map((value) => valueOf(field, value, names)),
  };
}

function many(side: string[] | string | null | undefined): string[] | undefined {
  if (side === null || side === undefined) return undefined;
  if (typeof side === 'string') return side ? [side] : [];
  return side;
}

const bases: Record<string, Key> = {
  '6(1)(a)': 'basis.a',
  '6(1)(b)': 'basis.b',
  '6(1)(c)': 'basis.c',
  '6(1)(d)': 'basis.d',
  '6(1)(e)': 'basis.e',
  '6(1)(f)': 'basis.f',
};

/** The words for a legal basis as the API writes it. */
export const keyOfBasis = (basis: string): Key | undefined => bases[basis];

// Codes have words, ids have names, everything else speaks for itself.
function valueOf(field: string, value: string, names: Names): Value {
  const key =
    field === 'role' ? keyOf(`role.${value}`)
    : field === 'land' ? keyOf(`land.${value}`)
    : field === 'auth' ? keyOf(`inboxes.auth.${value}`)
    : field === 'state' ? keyOf(`agents.state.${value}`)
    : field === 'basis' ? bases[value]
    : value === 'true' ? keyOf('settings.yes')
    : value === 'false' ? keyOf('settings.no')
    : field === 'replaced' ? keyOf(`field.${value}`)
    : field === 'step' ? keyOf(`step.${value}`)
    : wordOf(field, value) ?? policyWord(field, value);
  return key ? { key } : { text: names(value) ?? value };
}

/** The words of this name, if there are any. */
export function keyOf(name: string): Key | undefined {
  return name in catalogue ? (name as Key) : undefined;
}

/** The words for a choice of a policy. */
export const policyWord = (policy: string, choice: string): Key | undefined => keyOf(`policy.${policy}.${choice.replaceAll('-', '_')}`);

/** Facts that are kept as a whole, as the fields of them that changed. */
export function opened(changes: readonly Alteration[]): Alteration[] {
  return changes.flatMap((change) => {
    if (change.field !== 'facts') return [change];
    const [before, after] = [change.before, change.after].map((side) => parsed(many(side)?.[0]));
    return before || after ? alterations(before, after) : [change];
  });
}

function parsed(text: string | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The words for an act of the log; undefined for an act that is newer than this app. */
export function actKey(act: string): Key | undefined {
  return keyOf(`act.${act}`);
}

/** A subject of the log, "inbox:0192…", as noun and id. */
export function subjectOf(subject: string): { noun: Key | undefined; kind: string; id: string } {
  const [kind = '', id = ''] = subject.split(':');
  return { noun: keyOf(`noun.${kind}`), kind, id };
}

/** Every act that has words. */
export const actKeys = Object.keys(catalogue).filter((key) => key.startsWith('act.')) as Key[];

const id = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** One detail of an entry of the log; several ids stand apart by spaces. */
export function detailOf(field: string, value: string, names: Names): Line {
  const parts = value.split(' ');
  return lineOf({ field, before: [], after: parts.every((part) => id.test(part)) ? parts : [value] }, names);
}
