/** The present, to half a minute: enough for countdowns and "5 minutes ago". */
class Clock {
  now = $state(Date.now());

  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), 30_000);
    return () => clearInterval(timer);
  }

  /** Comes closer to the present. Not at every event: each row would say its time anew. */
  refresh() {
    const now = Date.now();
    if (Math.abs(now - this.now) > 5000) this.now = now;
  }
}

export const clock = new Clock();
