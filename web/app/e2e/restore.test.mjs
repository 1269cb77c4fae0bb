// What an open page makes of a house that was lost and brought back from its backup.
import { execFileSync } from 'node:child_process';
import { mkdtemp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { program } from './house.mjs';
import { missing, office } from './office.mjs';

const stores = /^(botschaft|vault)\.db/;

describe('after a restore', { skip: missing }, () => {
  const here = office();
  const run = (...args) => execFileSync(program(), args, { encoding: 'utf8' }).trim();

  test('an open page shows nothing of before, and goes on from what there is', async () => {
    const { dir } = here.house;
    const away = await mkdtemp(join(tmpdir(), 'botschaft-away-'));
    const at = (name) => join(away, name);
    await mkdir(at('lost'));
    await writeFile(at('recipient'), run('key', 'create-identity', at('identity')));
    run('backup', '--data-dir', dir, '--to', at('data'), '--vault-to', at('vault'), '--recipient-file', at('recipient'));

    const seat = await here.sit(here.people.motor, { session: await here.login(here.people.motor), path: '/?view=all' });
    await seat.live();
    const later = await here.customer(['Das kam nach der Sicherung.']);
    await seat.row(later.name).waitFor();

    await here.house.kill();
    for (const name of await readdir(dir)) if (stores.test(name)) await rename(join(dir, name), join(at('lost'), name));
    const only = async (name) => join(at(name), (await readdir(at(name)))[0]);
    run('restore', '--data-dir', dir, '--data', await only('data'), '--vault', await only('vault'), '--identity-file', at('identity'));
    await here.house.restart();

    await seat.page.getByLabel('E-Mail-Adresse').fill(here.people.motor.email);
    await seat.page.getByLabel('Passwort', { exact: true }).fill(here.people.motor.password);
    await seat.page.keyboard.press('Enter');
    await seat.row('Ben Beispiel').waitFor();
    await seat.row(later.name).waitFor({ state: 'detached' });
    await seat.live();
    const fresh = await here.customer(['Das kam nach der Wiederherstellung.']);
    await seat.row(fresh.name).waitFor();
    await rm(away, { recursive: true });
  });
});
