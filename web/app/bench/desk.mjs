// Takes one figure of the workspace in a real browser and prints it as JSON: values by
// unit, one for each round. The benchmark Desk in /bench starts the house, tells where
// it is, and plays the street. `make bench FIG=desk` runs all of them.
import { launch } from '../e2e/browser.mjs';
import { arrival } from './arrival.mjs';
import { hour } from './hour.mjs';
import { load } from './load.mjs';
import { open } from './open.mjs';
import { scroll } from './scroll.mjs';
import { type } from './type.mjs';

const figures = { load, open, arrival, type, scroll, hour };

const { BASE_URL, EMAIL, PASSWORD, STREET } = process.env;
const given = (name) => Number(process.env[`BENCH_${name}`]);

const figure = figures[process.argv[2]];
if (!figure || !BASE_URL) {
  console.error(`make bench FIG=desk/NAME, with one of ${Object.keys(figures).join(', ')}`);
  process.exit(2);
}

const browser = await launch();
try {
  const values = await figure({
    browser,
    house: { url: BASE_URL, email: EMAIL, password: PASSWORD },
    rounds: given('ROUNDS'),
    seconds: given('SECONDS'),
    hour: given('HOUR'),
    talkers: given('TALKERS'),
    senders: given('SENDERS'),
    /** Messages arrive. Resolves when the last was taken in. */
    street: async (what) => {
      const answer = await fetch(`${STREET}/${what}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
      return answer.json();
    },
  });
  console.log(JSON.stringify(values));
} finally {
  await browser.close();
}
