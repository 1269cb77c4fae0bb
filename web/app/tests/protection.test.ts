import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareLines, folded, linesOf } from '../src/settings/compare';
import '../src/words/protection';
import { keyOf, opened, policyWord } from '../src/settings/diff';
import { calendarDay } from '../src/state/zone';
import { dueOn } from '../src/settings/due';
import { rows } from '../src/settings/gate';
import { stateOf, versionOf, versionsOf } from '../src/settings/notices';
import { departures, needsApproval, parted } from '../src/settings/policies';
import { alterations, factsOf, formOf, labelOf, ofProcessing, sayMissing, wordOf } from '../src/settings/recipient';
import { balancing, factsOfValues, lacking, valuesOf } from '../src/settings/purposes';
import type { NoticeDraft, Policies, Policy, Purpose, Recipient } from '../src/settings/state/nouns';
import { t } from '../src/words/t';

const house = fileURLToPath(new URL('../../../internal', import.meta.url));
const go = (folder: string) =>
  readdirSync(join(house, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
    .map((name) => readFileSync(join(house, folder, name), 'utf8'))
    .join('\n');

describe('days', () => {
  test('the day itself is still in time, the next one is not', () => {
    expect(dueOn('2026-11-30', '2026-11-30')).toBe('soon');
    expect(dueOn('2026-11-29', '2026-11-30')).toBe('overdue');
    expect(dueOn('2026-12-30', '2026-11-30')).toBe('soon');
    expect(dueOn('2026-12-31', '2026-11-30')).toBe('later');
  });
  test('no day, or none that exists, is said to be none', () => {
    for (const date of ['', 'bald', '2026-13-01']) expect(dueOn(date, '2026-11-30')).toBe('none');
  });
  test('the day of the house begins at its own midnight', () => {
    const late = Date.parse('2026-11-30T23:30:00Z');
    expect(calendarDay(late, 'Europe/Berlin')).toBe('2026-12-01');
    expect(calendarDay(late, 'UTC')).toBe('2026-11-30');
  });
});

describe('two texts', () => {
  const said = (before: string, after: string) =>
    compareLines([...before], [...after]).map((line) => ({ same: ' ', added: '+', removed: '-' })[line.kind] + line.text).join('');

  test('tell what went and what came, in place', () => {
    expect(said('abc', 'abc')).toBe(' a b c');
    expect(said('abc', 'axc')).toBe(' a-b+x c');
    expect(said('', 'ab')).toBe('+a+b');
    expect(said('ab', '')).toBe('-a-b');
    expect(said('abcd', 'bd')).toBe('-a b-c d');
  });
  test('can be put together again', () => {
    for (const [before, after] of [['abcabba', 'cbabac'], ['aaa', 'aa'], ['xy', 'yx']] as const) {
      const lines = compareLines([...before], [...after]);
      const of = (kind: string) => lines.filter((line) => line.kind === 'same' || line.kind === kind).map((line) => line.text).join('');
      expect([of('removed'), of('added')]).toEqual([before, after]);
    }
  });
  test('long equal stretches are folded, with a line beside each change', () => {
    const kinds = folded(compareLines([...'abcdef'], [...'abcdeX']));
    expect(kinds[0]).toEqual({ kind: 'skipped', count: 4 });
    expect(kinds.slice(1).map(({ kind }) => kind)).toEqual(['same', 'removed', 'added']);
  });
  test('a Notice is read with its layers in order, and without empty lines', () => {
    expect(linesOf({ short: 'a\n\nb', sections: [{ item: '', title: 'c', text: ['d', 'e'] }] })).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('a Notice', () => {
  const draft = (in_use: number, stale = false) => ({ in_use, stale, problems: [] as unknown[] }) as NoticeDraft;
  test('is in use when every language is, and stale when one is', () => {
    expect(stateOf({ drafts: [] })).toBe('none');
    expect(stateOf({ drafts: [draft(0), draft(1)] })).toBe('none');
    expect(stateOf({ drafts: [draft(2), draft(2, true)] })).toBe('stale');
    expect(stateOf({ drafts: [draft(2), draft(2)] })).toBe('used');
    expect(versionOf({ drafts: [draft(2), draft(2)] })).toBe(2);
  });
  test('its versions are counted once, the newest first', () => {
    expect(versionsOf({ used: [2, 2, 10, 10, 1].map((version) => ({ version })) as never })).toEqual([10, 2, 1]);
  });
});

describe('a Recipient', () => {
  const facts: Recipient = {
    name: 'Carrier, Inc.',
    address: '1 Way',
    country: 'US',
    service: { de: 'befördert', en: 'carries' },
    roles: ['processor', 'controller', 'joint'],
    for: 'Another',
    data: ['content'],
    carries: ['whatsapp'],
    own_use: { de: 'zählt' },
    privacy_url: 'carrier',
    essence: { de: 'beide antworten', en: 'both answer' },
    review_by: '2027-01-01',
    transfer: { mechanism: 'dpf', checked: '2026-11-01', checked_by: 'DSB', source: 'list', fallback: { mechanism: 'clauses', module: 3 } },
    contract: { subject: 'befördern', duration: 'auf Dauer', nature: 'um zu antworten', clauses: { a: '1', h: '8' }, terms: [{ title: 'T', version: '1', url: 'u', digest: 'd', accepted_by: 'E', accepted_at: '2026-01-01', reviewed_at: '2026-10-01' }] },
  };
  test('comes out of the form as it went in', () => {
    expect(factsOf(formOf(facts))).toEqual(facts);
  });
  test('what was left empty is not said', () => {
    const empty = factsOf(formOf({ name: ' X ' }));
    expect(empty).toEqual({ name: 'X', address: '', country: '', service: { de: '' }, roles: [], data: [], review_by: '', transfer: {}, contract: {} });
  });
  test('tells by field what two versions differ in', () => {
    const now = structuredClone(facts);
    now.roles = ['processor'];
    now.essence = { de: 'beide antworten' };
    now.transfer.fallback!.module = 2;
    now.contract.clauses!.b = '2';
    expect(alterations(facts, now)).toEqual([
      { field: 'roles', before: ['processor', 'controller', 'joint'], after: ['processor'] },
      { field: 'essence.en', before: ['both answer'], after: [] },
      { field: 'transfer.fallback.module', before: ['3'], after: ['2'] },
      { field: 'contract.clauses.b', before: [], after: ['2'] },
    ]);
  });
  test('the history opens facts that were kept as a whole', () => {
    const change = { field: 'facts', before: [JSON.stringify({ name: 'a', x: 1 })], after: [JSON.stringify({ name: 'b', x: 1 })] };
    expect(opened([change])).toEqual([{ field: 'name', before: ['a'], after: ['b'] }]);
    expect(opened([{ field: 'facts', before: [], after: ['no JSON'] }])).toHaveLength(1);
  });
  test('every fact that the server can miss has words', () => {
    const source = readFileSync(join(house, 'desk/recipient.go'), 'utf8');
    const paths = [
      ...[...source.matchAll(/want\([^\n]*, "([\w.]+)"\)/g)].map(([, path]) => path!),
      'transfer.mechanism', 'transfer.module', 'transfer.assessment', 'transfer.checked', 'transfer.checked_by', 'transfer.source',
      ...[...source.matchAll(/missing = append\(missing, "([\w.]+)"\)/g)].map(([, path]) => path!),
    ].map((path) => (/^(mechanism|module|assessment|checked|checked_by|source)$/.test(path) ? `transfer.${path}` : path));
    expect(paths.length).toBeGreaterThan(15);
    expect(paths.filter((path) => !labelOf(path))).toEqual([]);
    expect(labelOf('contract.terms.0.title')).toBe('recipient.terms.title');
    expect(labelOf('essence.en')).toBe('recipient.essence.en');
    expect(['subject', 'duration', 'nature'].map((name) => labelOf(`contract.${name}`))).toEqual(ofProcessing.map((name) => `recipient.contract.${name}`));
    expect(labelOf('contract.clauses.d')).toBe('recipient.clause.d');
    expect(wordOf('transfer.fallback.mechanism', 'clauses')).toBe('recipient.mechanism.clauses');
  });
  test('missing letters of the contract are named together', () => {
    const said = sayMissing(['address', 'contract.clauses.a', 'contract.clauses.b', 'contract.terms'], t);
    expect(said).toHaveLength(3);
    expect(said.at(-1)).toContain('a, b');
  });
});

describe('a Purpose', () => {
  const weighed = { necessity: 'n', balance: 'b', safeguards: 's', objection: 'o', approved_by: 'DSB', approved_at: '2026-11-30' };
  const purpose: Purpose = { name: 'Betrug', basis: '6(1)(f)', name_en: 'Fraud', interest: { de: 'i' }, balancing: weighed, period: { de: 'p', en: 'q' } };
  const facts = { name: 'Muster', address: '', seat: '', land: '', authority: '', privacy_url: '', alternative: '', dpo: { name: '', email: '' } };

  test('comes out of the form as it went in, with all its parts or none', () => {
    const both = { ...facts, purposes: [purpose, { name: 'Vertrag', basis: '6(1)(b)' }] };
    expect(factsOfValues(valuesOf(both))).toEqual(both);
  });
  test('lacks each part of a balancing that is not there, and only where one is asked for', () => {
    expect(lacking(purpose)).toEqual([]);
    expect(lacking({ ...purpose, interest: {} })).toEqual(['interest']);
    for (const name of balancing) expect(lacking({ ...purpose, balancing: { ...weighed, [name]: ' ' } })).toEqual([name]);
    expect(lacking({ name: 'Betrug', basis: '6(1)(f)' })).toHaveLength(7);
    expect(lacking({ name: 'Vertrag', basis: '6(1)(b)' })).toEqual([]);
  });
});

describe('policies', () => {
  const source = readFileSync(join(house, 'desk/policies.go'), 'utf8');
  const known = [...source.matchAll(/^\s+(\w+)\s+string `json:"(\w+)".* enum:"([^"]+)" default:"([^"]+)"`/gm)].map(([, field, key, options, usual]) => ({
    field: field!,
    key: key!,
    options: options!.split(','),
    default: usual!,
  }));

  test('each has words, and so has each of its options', () => {
    expect(known.length).toBeGreaterThan(20);
    const names = known.flatMap(({ key, options }) => [keyOf(`policy.${key}`) ?? key, ...options.map((option) => policyWord(key, option) ?? `${key} ${option}`)]);
    expect(names.filter((name) => !name.startsWith('policy.'))).toEqual([]);
  });
  test('the page shows those in effect apart from those kept on record', () => {
    const of = (key: string, in_effect: boolean): Policy => ({ key, options: [], default: '', in_effect, means: { de: '', en: '' } });
    const parts = parted([of('tone', true), of('survey', false), of('media', true)]);
    expect(parts.map(({ id, policies }) => [id, policies.map(({ key }) => key)])).toEqual([
      ['now', ['tone', 'media']],
      ['later', ['survey']],
    ]);
  });
  test('the page knows what needs a second person, as the server does', () => {
    const policies: Policy[] = known.map(({ key, options, default: usual }) => ({ key, options, default: usual, in_effect: true, means: { de: '', en: '' } }));
    const usual = Object.fromEntries(policies.map((policy) => [policy.key, policy.default])) as Policies;
    const about = /var aboutApprovals = map\[string\]bool\{([^}]*)\}/.exec(go('desk'))![1]!;
    const both = [...about.matchAll(/"(\w+)"/g)].map(([, key]) => key!);
    expect(both.length).toBe(4);
    for (const { key, options, default: first } of policies) {
      const departed = { ...usual, [key]: options.find((option) => option !== first)! };
      expect(needsApproval(policies, usual, departed), key).toBe(true);
      expect(needsApproval(policies, departed, usual), key).toBe(both.includes(key));
      expect(needsApproval(policies, departed, departed), key).toBe(false);
    }
  });
  test('what departs from the default is found', () => {
    const policies: Policy[] = known.map(({ key, options, default: usual }) => ({ key, options, default: usual, in_effect: true, means: { de: '', en: '' } }));
    const usual = Object.fromEntries(policies.map((policy) => [policy.key, policy.default])) as Policies;
    expect(departures(usual, policies)).toEqual([]);
    expect(departures({ ...usual, tone: 'du' }, policies).map(({ key }) => key)).toEqual(['tone']);
  });
});

test('the page about the gate has every row that the gate asks', () => {
  const asked = new Set([...readFileSync(join(house, 'policy/rows.go'), 'utf8').matchAll(/\{"(G\d+)"/g)].map(([, row]) => row!.toLowerCase()));
  expect(rows.filter((row) => row !== 'g12')).toEqual([...asked]);
});
