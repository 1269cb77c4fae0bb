// The page that was asked for is asked for again as soon as the server answers.
const every = 5_000; // ms

async function look() {
  if (document.visibilityState !== 'visible') return;
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) location.reload();
}

setInterval(() => void look(), every);
window.addEventListener('online', () => void look());
document.addEventListener('visibilitychange', () => void look());
