/** How somebody wants the app to look; `system` follows the machine. */
export type Appearance = { theme: 'system' | 'light' | 'dark'; density: 'comfortable' | 'compact' };

/**
 * Shows the page so, and keeps it for the next start, where early.js finds it before
 * the first paint. The bar of an installed app takes the colour of the paper.
 */
export function showAppearance({ theme, density }: Appearance): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  root.dataset.density = density;
  keep('theme', theme);
  keep('density', density);
  paintBar(theme);
}

function keep(name: string, value: string): void {
  try {
    if (value === 'system') localStorage.removeItem(`botschaft.${name}`);
    else localStorage.setItem(`botschaft.${name}`, value);
  } catch {
    // A browser that keeps nothing still shows it now.
  }
}

// The page names one colour for each scheme; a chosen theme takes its own for both.
function paintBar(theme: Appearance['theme']): void {
  const metas = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')];
  for (const meta of metas) {
    meta.dataset.own ??= meta.content;
    const chosen = theme === 'system' ? meta : metas.find((other) => other.media.includes(theme));
    meta.content = chosen?.dataset.own ?? chosen?.content ?? meta.dataset.own;
  }
}
