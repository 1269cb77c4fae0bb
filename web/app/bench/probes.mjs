// What is put into the page to measure from inside. Everything is said in milliseconds.

/** Evaluated in the page before anything of it; gives it `probe`. */
export function probes() {
  // The first frame after now has the change; when the next one begins, it was painted.
  const painted = (then) => requestAnimationFrame(() => requestAnimationFrame(then));

  const inSight = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };

  const long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries())).observe({ type: 'longtask', buffered: true });

  /** Rows and bubbles that changed or came. */
  const placesIn = (records) => {
    const places = new Set();
    for (const { type, target, addedNodes } of records) {
      for (const node of type === 'childList' ? addedNodes : [target]) {
        const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
        const around = element?.closest('[data-row], [data-message]');
        if (around) places.add(around);
        else for (const inside of element?.querySelectorAll('[data-row], [data-message]') ?? []) places.add(inside);
      }
    }
    return places;
  };

  const watch = (change) => {
    const observer = new MutationObserver((records) => change(placesIn(records)));
    observer.observe(document, { subtree: true, childList: true, characterData: true });
    return () => observer.disconnect();
  };

  globalThis.probe = {
    painted: () => new Promise((done) => painted(() => done(performance.now()))),

    /** How long the tasks were that took longer than 50 ms and began after `since`. */
    longTasks: (since) => long.filter((task) => task.startTime >= since).map((task) => task.duration),
    longTaskEnd: () => Math.max(0, ...long.map((task) => task.startTime + task.duration)),

    /** The time since the navigation at which the first row was painted. */
    firstRow: new Promise((done) => {
      const end = watch((places) => {
        if (![...places].some((place) => place.dataset.row)) return;
        end();
        painted(() => done(performance.now()));
      });
    }),

    /** From the moment that a text says it was sent to the frame that shows it. */
    arrivals() {
      const sent = /\b1\d{18}\b/;
      const begun = Date.now();
      const seen = new Set();
      const lags = { row: [], bubble: [] };
      const end = watch((places) => {
        const fresh = [];
        for (const place of places) {
          const at = Number(sent.exec(place.textContent)) / 1e6;
          const kind = place.dataset.row ? 'row' : 'bubble';
          const key = `${kind} ${at}`;
          if (at < begun || seen.has(key)) continue;
          seen.add(key);
          fresh.push({ place, kind, at });
        }
        if (fresh.length === 0) return;
        let shown = [];
        requestAnimationFrame(() => {
          shown = fresh.filter(({ place }) => inSight(place));
          requestAnimationFrame(() => {
            const now = Date.now();
            for (const { kind, at } of shown) lags[kind].push(now - at);
          });
        });
      });
      return () => (end(), lags);
    },

    /** From a click to the frame that shows another thread than before. */
    opening() {
      const before = new Set([...document.querySelectorAll('[data-message]')].map((place) => place.dataset.message));
      return new Promise((done) => {
        addEventListener(
          'click',
          ({ timeStamp }) => {
            const end = watch((places) => {
              if (![...places].some(({ dataset }) => dataset.message && !before.has(dataset.message))) return;
              end();
              painted(() => done(performance.now() - timeStamp));
            });
          },
          { capture: true, once: true },
        );
      });
    },

    /** From each key to its handler, and to the frame that shows the letter. */
    keys() {
      const waits = [];
      const paints = [];
      let pressed = 0;
      const down = ({ timeStamp }) => {
        pressed = timeStamp;
        waits.push(performance.now() - timeStamp);
      };
      const input = () => {
        const at = pressed;
        painted(() => paints.push(performance.now() - at));
      };
      addEventListener('keydown', down, true);
      addEventListener('input', input, true);
      return () => {
        removeEventListener('keydown', down, true);
        removeEventListener('input', input, true);
        return { waits, paints };
      };
    },

    /** The time between the frames. */
    frames() {
      const between = [];
      let last = performance.now();
      let going = true;
      const frame = (now) => {
        between.push(now - last);
        last = now;
        if (going) requestAnimationFrame(frame);
      };
      requestAnimationFrame((now) => ((last = now), requestAnimationFrame(frame)));
      return () => ((going = false), between);
    },
  };
}
