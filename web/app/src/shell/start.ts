import { mayReload } from './recover';

/**
 * Registers the service worker, once the page has come and has nothing better to do.
 * Development builds and plain http have none: what it keeps would be in the way.
 */
export function registerWorker(): void {
  if (!import.meta.env.PROD || !window.isSecureContext || !('serviceWorker' in navigator)) return;
  const register = () => void navigator.serviceWorker.register('/sw.js').catch(() => {}); // the app works without
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}

const key = 'botschaft.reloaded';

/**
 * A page that is older than the server may ask for a part of itself that is gone.
 * Then it starts anew, once: drafts are on the server. It does not while the server
 * does not answer, because then the part is not gone, only out of reach.
 */
export function recoverFromDeploy(): void {
  window.addEventListener('vite:preloadError', () => {
    void answers().then((there) => {
      if (there && mayReload(remembered(), Date.now())) {
        sessionStorage.setItem(key, String(Date.now()));
        location.reload();
      }
    });
  });
}

async function answers(): Promise<boolean> {
  const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  return answer?.ok ?? false;
}

function remembered(): number {
  return Number(sessionStorage.getItem(key) ?? 0);
}
