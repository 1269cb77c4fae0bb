import { place } from '../state/location.svelte';
import type { Arrival } from '../state/news';
import type { Preferences } from '../state/nouns';
import { t } from '../words/t';

// Who looks at the Conversation reads it within this time, and needs no bell.
const grace = 1500;
// A flood of messages is one signal.
const pause = 3000;

/** Tells that somebody wrote: by a sound and a notice of the system, as the agent wants it. */
export class Bell {
  #last = -Infinity;
  #audio: AudioContext | null = null;

  constructor(
    private readonly preferences: () => Preferences,
    private readonly stillNews: (arrival: Arrival) => boolean,
  ) {}

  ring(arrivals: Arrival[]) {
    if (arrivals.length === 0) return;
    setTimeout(() => {
      const news = arrivals.filter(this.stillNews);
      const now = performance.now();
      if (news.length === 0 || now - this.#last < pause) return;
      this.#last = now;
      const { sound, notifications } = this.preferences();
      if (sound) this.#sound();
      if (notifications && !document.hasFocus()) notify(news.at(-1)!);
    }, grace);
  }

  // Two soft tones, made here: no file is loaded for them.
  #sound() {
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    void audio.resume();
    for (const [n, pitch] of [587.33, 880].entries()) {
      const from = audio.currentTime + n * 0.14;
      const tone = new OscillatorNode(audio, { type: 'sine', frequency: pitch });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.12, from + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.4);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.45);
    }
  }
}

// Notices of the system are kept outside of the app and shown on locked screens: they
// say that somebody wrote and where, and neither who nor what.
function notify({ conversation, inbox }: Arrival) {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  const notice = new Notification(t('news.title'), { body: t('news.body', { inbox }), tag: 'botschaft' });
  notice.onclick = () => {
    window.focus();
    place.open(conversation);
    notice.close();
  };
}
