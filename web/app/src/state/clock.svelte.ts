/** The present, to half a minute: enough for countdowns and "5 minutes ago". */
class Clock {
  now = $state(Date.now());

  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), 30_000);
    return () => clearInterval(timer);
  }

  refresh() {
    this.now = Date.now();
  }
}

export const clock = new Clock();
