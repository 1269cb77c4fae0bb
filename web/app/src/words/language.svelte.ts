export type Language = 'de' | 'en';

const key = 'botschaft.language';

/** The language of the page: the agent's choice, else the browser's, else German. */
class Chosen {
  current = $state<Language>(first());

  choose(language: Language) {
    this.current = language;
    try {
      localStorage.setItem(key, language);
    } catch {
      // A browser that stores nothing still switches for now.
    }
  }
}

function first(): Language {
  if (typeof window === 'undefined') return 'de';
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(key);
  } catch {
    // see choose
  }
  const wanted = [kept, ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.find((tag): tag is Language => tag === 'de' || tag === 'en') ?? 'de';
}

export const language = new Chosen();
