// Scrolling the list of 10,000: to its end while its pages come, and back up through
// what is loaded. A round takes three minutes, so that there are three at most.
import { pause, percentile, rounds, working } from './seat.mjs';

const pace = 8000; // pixels a second, some 140 rows

export async function scroll(bench) {
  const values = await rounds(Math.min(3, bench.rounds), async () => {
    const { page, context, leave } = await working(bench);
    const devtools = await context.newCDPSession(page);
    const box = await page.locator('[data-row]').first().evaluateHandle((row) => {
      let at = row;
      while (at.scrollHeight <= at.clientHeight || getComputedStyle(at).overflowY === 'visible') at = at.parentElement;
      return at;
    });
    const { x, y, width, height } = await box.boundingBox();
    const by = (pixels) =>
      devtools.send('Input.synthesizeScrollGesture', {
        x: Math.round(x + width / 2),
        y: Math.round(y + height / 2),
        yDistance: -pixels,
        speed: pace,
        preventFling: true,
        gestureSourceType: 'mouse',
      });

    const down = await frames(page, async () => {
      let before = -1;
      for (let top = 0; top !== before; await pause(200)) {
        before = top;
        await by(2 * pace);
        top = await box.evaluate(({ scrollTop }) => scrollTop);
      }
    });
    const { scrollTop, rows } = await box.evaluate(({ scrollTop, scrollHeight }) => ({
      scrollTop,
      rows: Math.floor(scrollHeight / document.querySelector('[data-row]').getBoundingClientRect().height),
    }));
    const up = await frames(page, async () => {
      for (let left = scrollTop; left > 0; left -= 2 * pace) await by(-2 * pace);
    });
    await leave();
    return { rows, ...named('loading', down), ...named('loaded', up) };
  });
  return values;
}

async function frames(page, act) {
  const stop = await page.evaluateHandle(() => probe.frames());
  await act();
  return stop.evaluate((end) => end());
}

function named(which, between) {
  return {
    [`${which}-p99-ms`]: percentile(between, 99),
    [`${which}-max-ms`]: Math.max(...between),
    [`${which}-over-50ms`]: between.filter((time) => time > 50).length,
    [`${which}-frames`]: between.length,
  };
}
