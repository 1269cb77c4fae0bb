// Opening a Conversation that the app has not seen: from the click to the frame that
// shows its newest messages.
import { isLive, pause, percentile, rounds, working } from './seat.mjs';

export async function open(bench) {
  const { page, leave } = await working(bench);
  const values = await rounds(bench.rounds, async () => {
    await bench.street('talk'); // the talkers come to the top
    await page.goto(`${bench.house.url}/?view=all`);
    await isLive(page);
    await pause(500);
    const times = [];
    for (let index = 0; index < bench.talkers; index++) {
      const row = page.locator('[data-row]').nth(index);
      const { x, y } = await row.boundingBox();
      const opened = await page.evaluateHandle(() => ({ taken: probe.opening() }));
      await page.mouse.click(x + 100, y + 10);
      times.push(await opened.evaluate(({ taken }) => taken));
      await pause(300);
    }
    return { 'open-p50-ms': percentile(times, 50), 'open-max-ms': Math.max(...times) };
  });
  await leave();
  return values;
}
