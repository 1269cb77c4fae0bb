import { language, type Language } from './language.svelte';

/** The house's time zone: everybody at the desk reads the same clock. */
let timeZone = 'Europe/Berlin';

/** Shows all times from now on by this zone. */
export function setTimeZone(zone: string): void {
  if (zone === timeZone) return;
  timeZone = zone;
  formats.clear();
}

const tags: Record<Language, string> = { de: 'de-DE', en: 'en-GB' };
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, name: string, options: Intl.DateTimeFormatOptions, tongue = language.current): string {
  const key = tongue + name;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(tags[tongue], { timeZone, ...options })));
  return made.format(at);
}

export function clockTime(at: number): string {
  return format(at, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

export function fullTime(at: number): string {
  return format(at, 'full', { dateStyle: 'full', timeStyle: 'short' });
}

/** Day and time to the second, as a log tells it. */
export function exactTime(at: number): string {
  return format(at, 'exact', { dateStyle: 'short', timeStyle: 'medium' });
}

/** A day of the house as a sortable name. */
export function dayOf(at: number): string {
  return format(at, 'day', { year: 'numeric', month: '2-digit', day: '2-digit' }, 'en');
}

/** "heute", "gestern", or the date; the year only when it is another one. */
export function dayName(at: number, now: number): string {
  for (const back of [0, 1]) {
    if (dayOf(at) === dayOf(now - back * day)) return sentenceCase(relative(-back, 'day', 'auto'));
  }
  const sameYear = format(at, 'year', { year: 'numeric' }) === format(now, 'year', { year: 'numeric' });
  return sameYear
    ? format(at, 'dayName', { weekday: 'short', day: 'numeric', month: 'long' })
    : format(at, 'dayYear', { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
}

/** A point in time inside a sentence: the time alone today, else with its day. */
export function moment(at: number, now: number): string {
  return dayOf(at) === dayOf(now) ? clockTime(at) : `${dayName(at, now)}, ${clockTime(at)}`;
}

/** Relative up to a day, then absolute. */
export function ago(at: number, now: number): string {
  const past = now - at;
  if (past < minute) return relative(0, 'second', 'auto');
  if (past < hour) return relative(-Math.floor(past / minute), 'minute');
  if (past < day) return relative(-Math.floor(past / hour), 'hour');
  const sameYear = format(at, 'year', { year: 'numeric' }) === format(now, 'year', { year: 'numeric' });
  return sameYear
    ? format(at, 'short', { day: 'numeric', month: 'short' })
    : format(at, 'shortYear', { day: '2-digit', month: '2-digit', year: 'numeric' });
}

const languages = new Map<Language, Intl.DisplayNames>();

/** The name of a language by its BCP 47 tag: "Türkisch". */
export function languageName(tag: string): string {
  let names = languages.get(language.current);
  if (!names) languages.set(language.current, (names = new Intl.DisplayNames(tags[language.current], { type: 'language' })));
  return sentenceCase(names.of(tag) ?? tag);
}

/** A span in its two largest units: "21 Std. 5 Min.". */
export function span(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / minute));
  const hours = Math.floor(minutes / 60);
  const parts = hours > 0 ? [unit(hours, 'hour'), ...(minutes % 60 ? [unit(minutes % 60, 'minute')] : [])] : [unit(minutes, 'minute')];
  return parts.join(' ');
}

function unit(value: number, name: 'hour' | 'minute'): string {
  return new Intl.NumberFormat(tags[language.current], { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
}

function relative(value: number, name: Intl.RelativeTimeFormatUnit, numeric: 'auto' | 'always' = 'always'): string {
  return new Intl.RelativeTimeFormat(tags[language.current], { numeric, style: 'short' }).format(value, name);
}

function sentenceCase(text: string): string {
  return text.charAt(0).toLocaleUpperCase(tags[language.current]) + text.slice(1);
}
