import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Api } from '../src/api/client';
import { Problem } from '../src/api/problem';
import { commandIds } from '../src/commands/keys';
import { isLastAdmin, toggled } from '../src/settings/access';
import { checkFacts, checkPassword, checkSecrets, lines, missingFacts } from '../src/settings/check';
import { dayEnd, dayStart } from '../src/settings/dates';
import { daysLeft } from '../src/settings/deadline';
import { actKey, detailOf, lineOf } from '../src/settings/diff';
import { auditQuery, formatFilter, parseFilter } from '../src/settings/filter';
import { pages, pagesFor } from '../src/settings/pages';
import { faultOf, ruleOf, sentenceOf } from '../src/settings/problems';
import { fold, search } from '../src/settings/search';
import { catalogue } from '../src/words/catalogue';
import { bindings, choose, groups, inTheWay } from '../src/settings/shortcuts';
import { Form } from '../src/settings/state/form.svelte';
import { watched } from '../src/settings/state/watched';
import { unsaved } from '../src/settings/state/unsaved.svelte';

const house = fileURLToPath(new URL('../../../internal', import.meta.url));
const goFiles = (folder: string) =>
  readdirSync(`${house}/${folder}`)
    .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
    .map((name) => readFileSync(`${house}/${folder}/${name}`, 'utf8'))
    .join('\n');

describe('the words of the server', () => {
  test('every act has words', () => {
    const acts = [...goFiles('desk').matchAll(/^\s*Act\w+\s+Act\s*=\s*"([^"]+)"/gm)].map(([, act]) => act!);
    expect(acts.length).toBeGreaterThan(20);
    expect(acts.filter((act) => !actKey(act))).toEqual([]);
  });

  test('every rule that settings can break has words', () => {
    const choices = /is not one of/; // the page offers no other
    const shell = /botschaft agent create|set up by somebody|a token cannot/; // not met on a page
    const rules = [...(goFiles('settings') + goFiles('auth')).matchAll(/desk\.(?:Invalid\([\w".]+, |Conflict\()"([^"]+)"\)/g)].map(([, rule]) => rule!);
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter((rule) => !choices.test(rule) && !shell.test(rule) && !ruleOf(rule))).toEqual([]);
  });

  test('a problem stands at its field, or is a sentence', () => {
    const field = new Problem(422, 'invalid', 'must have at least 10 characters', [], 'password');
    expect(faultOf(field)).toEqual({ field: 'password', word: 'fault.password.short' });
    expect(faultOf(new Problem(422, 'invalid', 'is not one of a and b', [], 'role'))?.word).toBe('fault.declined');
    expect(faultOf(new Problem(0, 'unreachable'))).toBeUndefined();
    expect(sentenceOf(new Problem(409, 'conflict', 'this is the last admin; make another one first'))).toBe('fault.last_admin');
    expect(sentenceOf(new Problem(409, 'conflict', 'something new'))).toBe('problem.conflict');
    expect(sentenceOf(new Problem(500, 'internal'))).toBe('problem.other');
  });
});

describe('search', () => {
  const places = (text: string, role: 'admin' | 'agent' | 'dpo' = 'admin') =>
    search(pagesFor(role), text).map((hit) => `${hit.page}#${hit.section}`);

  test('finds by German and by English words', () => {
    expect(places('Passwort')[0]).toBe('profile#password');
    expect(places('password')[0]).toBe('profile#password');
    expect(places('webhook')).toContain('inboxes#list');
    expect(places('Rechtsgrundlage')).toEqual(['controllers#list']);
    expect(places('legal basis')).toEqual(['controllers#list']);
  });

  test('reads umlauts in every spelling', () => {
    expect(fold('Schlüssel')).toBe(fold('Schluessel'));
    expect(places('schlussel')).toEqual(places('Schlüssel'));
    expect(places('Tastenkuerzel')[0]).toBe('shortcuts#on');
  });

  test('knows only what the role may see', () => {
    expect(places('Prüfprotokoll', 'agent')).toEqual([]);
    expect(places('einladen', 'dpo')).toEqual([]);
    expect(places('Prüfprotokoll', 'dpo').length).toBeGreaterThan(0);
  });

  test('finds nothing for nothing, and for nonsense', () => {
    expect(places('  ')).toEqual([]);
    expect(places('xyzzy')).toEqual([]);
  });

  test('every section is found by its own title', () => {
    for (const page of pages) {
      for (const section of page.sections) {
        const found = search([page], titleOf(section.title));
        expect(found.map((hit) => hit.section), `${page.id}#${section.id}`).toContain(section.id);
      }
    }
  });
});

describe('roles', () => {
  test('an agent sees what is its own', () => {
    expect(pagesFor('agent').map(({ id }) => id)).toEqual(['profile', 'shortcuts', 'tasks']);
  });
  test('a data protection officer reads the house and decides no delivery', () => {
    const ids = pagesFor('dpo').map(({ id }) => id);
    expect(ids).toContain('audit');
    expect(ids).toContain('agents');
    expect(ids).not.toContain('deliveries');
  });
  test('the last admin is the only one who can log in as one', () => {
    const admin = { id: 'a', role: 'admin', state: 'active' } as Parameters<typeof isLastAdmin>[0];
    expect(isLastAdmin(admin, [admin, { ...admin, id: 'b', state: 'disabled' }])).toBe(true);
    expect(isLastAdmin(admin, [admin, { ...admin, id: 'b' }])).toBe(false);
  });
  test('memberships are put in once and taken out', () => {
    expect(toggled(['a'], 'a', true)).toEqual(['a']);
    expect(toggled(['a', 'b'], 'a', false)).toEqual(['b']);
  });
});

describe('history', () => {
  const names = (id: string) => ({ '01a20a6c-3720-731d-bb36-3952985c98d3': 'Kfz-Schaden' })[id];
  const id = '01a20a6c-3720-731d-bb36-3952985c98d3';

  test('codes have words and ids have names', () => {
    expect(lineOf({ field: 'role', before: ['agent'], after: ['admin'] }, names)).toMatchObject({
      label: 'field.role',
      before: [{ key: 'role.agent' }],
      after: [{ key: 'role.admin' }],
    });
    expect(lineOf({ field: 'inboxes', before: [], after: [id] }, names).after).toEqual([{ text: 'Kfz-Schaden' }]);
    expect(lineOf({ field: 'dpo.email', before: ['a'], after: ['b'] }, names).label).toBe('field.dpo_email');
  });
  test('a secret is said to have changed, and nothing else', () => {
    expect(lineOf({ field: 'app_secrets', before: [], after: [] }, names)).toMatchObject({ unseen: true, before: [], after: [] });
    expect(lineOf({ field: 'name', before: [], after: ['x'] }, names).unseen).toBe(false);
  });
  test('several ids of a detail are taken apart, a sentence is not', () => {
    expect(detailOf('inboxes_joined', `${id} ${id}`, names).after).toHaveLength(2);
    expect(detailOf('reason', 'The number moves', names).after).toEqual([{ text: 'The number moves' }]);
  });
});

describe('forms', () => {
  const facts = {
    name: 'Muster Versicherung AG',
    address: '',
    seat: '',
    land: '',
    authority: '',
    privacy_url: '',
    alternative: '',
    dpo: { name: '', email: '' },
    purposes: [],
  };

  test('facts may be missing, wrong ones are named', () => {
    expect(checkFacts(facts)).toEqual({});
    expect(missingFacts(facts)).toBe(9);
    const wrong = { ...facts, name: ' ', privacy_url: 'muster.example', dpo: { name: '', email: 'nobody' }, purposes: [{ name: '', basis: '' }] };
    expect(checkFacts(wrong)).toEqual({
      name: 'fault.missing',
      privacy_url: 'fault.address',
      'dpo.email': 'fault.email',
      'purposes[0].name': 'fault.missing',
      'purposes[0].basis': 'fault.basis',
    });
  });
  test('passwords are measured in characters as people count them', () => {
    expect(checkPassword('')).toBe('fault.missing');
    expect(checkPassword('äöüäöüäöü')).toBe('fault.password.short');
    expect(checkPassword('a\u0308öüäöüäöüx')).toBeUndefined();
    expect(checkPassword('aaaaaaaaaaaa')).toBe('fault.password.same');
  });
  test('secrets are typed one per line, and at least one is given', () => {
    expect(lines(' a \n\n b')).toEqual(['a', 'b']);
    expect(checkSecrets({})).toEqual({ secrets: 'fault.missing' });
    expect(checkSecrets({ access_token: 'a b' })).toEqual({ access_token: 'fault.token' });
  });
  test('a form keeps what was typed when sending fails, and knows when it is saved', async () => {
    const form = new Form({ name: 'a' });
    form.values.name = 'b';
    expect(form.dirty).toBe(true);
    expect(await form.save(() => ({ name: 'fault.missing' }), () => Promise.resolve())).toBe(false);
    expect(form.faults).toEqual({ name: 'fault.missing' });
    expect(await form.save(() => ({}), () => Promise.reject(new Problem(500, 'internal')))).toBe(false);
    expect([form.values.name, form.dirty, form.problem?.code]).toEqual(['b', true, 'internal']);
    expect(await form.save(() => ({}), () => Promise.resolve())).toBe(true);
    expect([form.dirty, form.saved]).toEqual([false, true]);
    form.values.name = 'c';
    expect(form.saved).toBe(false);
    form.discard();
    expect(form.values.name).toBe('b');
  });
  test('what is typed while it is sent is not taken for saved', async () => {
    const form = new Form({ name: 'a' });
    form.values.name = 'b';
    await form.save(() => ({}), async () => void (form.values.name = 'c'));
    expect([form.dirty, form.saved]).toEqual([true, false]);
  });
  test('a step is held back while something is unsaved', () => {
    let dirty = true;
    let gone = 0;
    const end = unsaved.watch(() => dirty);
    expect(unsaved.hold(() => (gone += 1))).toBe(true);
    unsaved.stay();
    expect(gone).toBe(0);
    unsaved.hold(() => (gone += 1));
    unsaved.leave();
    expect(gone).toBe(1);
    dirty = false;
    expect(unsaved.hold(() => (gone += 1))).toBe(false);
    end();
  });
});

describe('calls', () => {
  test('whoever watches over the session hears of one that failed, and so does the caller', async () => {
    const heard: string[] = [];
    const api = watched({ health: () => Promise.reject(new Problem(401, 'unauthorized')) } as unknown as Api, ({ code }) => heard.push(code));
    await expect(api.health()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(heard).toEqual(['unauthorized']);
  });
});

describe('the log', () => {
  test('days are those of the house, also where the clocks change', () => {
    const iso = (at: number) => new Date(at).toISOString();
    expect(iso(dayStart('2026-11-25', 'Europe/Berlin'))).toBe('2026-11-24T23:00:00.000Z');
    expect(iso(dayStart('2026-03-29', 'Europe/Berlin'))).toBe('2026-03-28T23:00:00.000Z');
    expect(iso(dayEnd('2026-03-29', 'Europe/Berlin'))).toBe('2026-03-29T22:00:00.000Z');
    expect(iso(dayEnd('2026-10-25', 'Europe/Berlin'))).toBe('2026-10-25T23:00:00.000Z');
    expect(dayStart('nonsense', 'Europe/Berlin')).toBeNaN();
  });
  test('a filter stands in the address and comes back', () => {
    const filter = parseFilter('act=inbox.paused&from=2026-11-25&other=1');
    expect(filter).toEqual({ act: 'inbox.paused', agent: '', subject: '', from: '2026-11-25', to: '' });
    expect(parseFilter(formatFilter(filter))).toEqual(filter);
    expect(auditQuery(filter, 'Europe/Berlin')).toEqual({ act: 'inbox.paused', from: '2026-11-24T23:00:00.000Z' });
  });
  test('what was set aside is kept for thirty days', () => {
    const day = 86_400_000;
    expect(daysLeft(0, 0)).toBe(30);
    expect(daysLeft(0, 29 * day + 1)).toBe(0);
    expect(daysLeft(0, 40 * day)).toBe(0);
  });
});

describe('shortcuts', () => {
  test('a choice replaces a key, and what a command has anyway is none', () => {
    expect(choose('next', 'x', {})).toEqual({ next: 'x' });
    expect(choose('next', 'j', { next: 'x' })).toEqual({});
    expect(choose('next', '', {})).toEqual({ next: '' });
    expect(bindings('list', { next: 'x' })[0]).toEqual({ id: 'next', key: 'x', own: true });
    expect(groups.flatMap((group) => bindings(group, {})).length).toBe(commandIds.length);
  });
  test('a conflict is named, also with the beginning of a longer key', () => {
    expect(inTheWay('next', 'k', {})).toBe('previous');
    expect(inTheWay('next', 'g', {})).toBe('go.mine');
    expect(inTheWay('next', 'k', { previous: 'x' })).toBeUndefined();
    expect(inTheWay('next', 'j', {})).toBeUndefined();
    expect(inTheWay('next', '', {})).toBeUndefined();
  });
});

function titleOf(key: string): string {
  return catalogue[key as keyof typeof catalogue].de;
}
