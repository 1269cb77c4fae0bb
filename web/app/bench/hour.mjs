// The memory over an hour of 50 messages a second, at a seat where somebody works: every
// ten seconds another Conversation is opened. Once a minute, when it is quiet, the garbage
// is collected and the heap looked at.
import { pause, percentile, working } from './seat.mjs';

const rate = 50;
const opens = 10_000;

export async function hour(bench) {
  const { page, context, leave } = await working(bench);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  const minute = Math.max(10, Math.min(60, Math.round(bench.hour / 10)));
  const samples = [];
  for (let passed = 0; passed < bench.hour; passed += minute) {
    const arriving = bench.street(`load?rate=${rate}&seconds=${minute}`);
    let over = false;
    void arriving.finally(() => (over = true));
    while (!over) {
      await openAny(page);
      await Promise.race([pause(opens), arriving]);
    }
    await arriving;
    await pause(500);
    samples.push({ ...(await memory(devtools)), rows: await listed(page) });
    console.error(`${passed + minute} s`, samples.at(-1));
  }
  await leave();
  // The first minute fills what is kept on purpose.
  const few = Math.max(1, Math.min(5, Math.floor(samples.length / 3)));
  const heap = (part) => percentile(part.map((sample) => sample.heap), 50);
  const early = samples.slice(1, 1 + few);
  const late = samples.slice(-few);
  return {
    'early-MB': [heap(early)],
    'late-MB': [heap(late)],
    'growth-MB': [Math.round((heap(late) - heap(early)) * 100) / 100],
    'most-MB': [Math.max(...samples.map((sample) => sample.heap))],
    'early-nodes': [early.at(-1).nodes],
    'late-nodes': [late.at(-1).nodes],
    'late-rows': [late.at(-1).rows],
    'late-listeners': [late.at(-1).listeners],
  };
}

/** Opens one of the rows in sight. */
async function openAny(page) {
  const point = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('[data-row]')]
      .map((row) => row.getBoundingClientRect())
      .filter(({ top, bottom }) => top > 100 && bottom < innerHeight - 10);
    const { left, top } = rows[Math.floor(Math.random() * rows.length)];
    return { x: left + 100, y: top + 10 };
  });
  await page.mouse.click(point.x, point.y);
  await page.mouse.move(1435, 450);
}

/** How many rows the list has loaded. */
function listed(page) {
  return page.evaluate(() => {
    const row = document.querySelector('[data-row]');
    return Math.round(row.closest('ul').getBoundingClientRect().height / row.getBoundingClientRect().height);
  });
}

async function memory(devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  return { heap: Math.round(of('JSHeapUsedSize') / 1e4) / 100, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}
