// Typing while 200 messages a second arrive, one in 100 in the open thread.
import { openTalker, percentile, pause, rounds, working } from './seat.mjs';

const said = 'Vielen Dank, wir sehen uns Ihren Vertrag an und melden uns heute noch. ';
const between = 80; // milliseconds from key to key: 150 words a minute

export async function type(bench) {
  const { page, leave } = await working(bench);
  await openTalker(bench, page);
  const values = await rounds(bench.rounds, async () => {
    const field = page.locator('.composer textarea');
    await field.fill('');
    await field.focus();
    const arriving = bench.street(`load?rate=200&seconds=${bench.seconds}&talker=100`);
    const until = Date.now() + bench.seconds * 1000;
    await pause(1000);
    const begun = await page.evaluate(() => performance.now());
    const stop = await page.evaluateHandle(() => probe.keys());
    let typed = '';
    while (Date.now() < until) {
      const letter = said[typed.length % said.length];
      typed += letter;
      await page.keyboard.press(letter === ' ' ? 'Space' : letter);
      await pause(between);
    }
    const { waits, paints } = await stop.evaluate((end) => end());
    const tasks = await page.evaluate((since) => probe.longTasks(since), begun);
    await arriving;
    if ((await field.inputValue()) !== typed) throw new Error('letters were lost');
    return {
      keys: waits.length,
      'wait-p95-ms': percentile(waits, 95),
      'wait-max-ms': Math.max(...waits),
      'painted-p95-ms': percentile(paints, 95),
      'painted-max-ms': Math.max(...paints),
      'tasks-over-50ms': tasks.length,
      'longest-task-ms': Math.max(0, ...tasks),
    };
  });
  await leave();
  return values;
}
