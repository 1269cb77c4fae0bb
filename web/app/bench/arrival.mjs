// From the webhook to the painted frame, at 50 messages a second, half of them in bodies
// of 20: in the list, and one in 20 in the open thread too.
import { openTalker, pause, percentile, rounds, working } from './seat.mjs';

export async function arrival(bench) {
  const { page, leave } = await working(bench);
  await openTalker(bench, page);
  const values = await rounds(bench.rounds, async () => {
    const stop = await page.evaluateHandle(() => probe.arrivals());
    await bench.street(`load?rate=50&seconds=${bench.seconds}&talker=20`);
    await pause(1000);
    const { row, bubble } = await stop.evaluate((end) => end());
    return {
      rows: row.length,
      'row-p50-ms': percentile(row, 50),
      'row-p95-ms': percentile(row, 95),
      'row-max-ms': Math.max(...row),
      bubbles: bubble.length,
      'bubble-p95-ms': percentile(bubble, 95),
    };
  });
  await leave();
  return values;
}
