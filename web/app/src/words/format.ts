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

/** A day that is given as a date, 2027-02-28, and is the same everywhere. */
export function dateOf(date: string): string {
  const at = Date.parse(`${date}T12:00:00Z`);
  return Number.isNaN(at) ? date : format(at, 'date', { dateStyle: 'medium' });
}

/** The day of a moment, written like a date that is given as one. */
export function dateAt(at: number): string {
  return format(at, 'dateAt', { dateStyle: 'medium' });
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

/** A span in its two largest units: "21 Std. 5 Min.". */
export function span(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / minute));
  const hours = Math.floor(minutes / 60);
  const parts = hours > 0 ? [unit(hours, 'hour'), ...(minutes % 60 ? [unit(minutes % 60, 'minute')] : [])] : [unit(minutes, 'minute')];
  return parts.join(' ');
}

/** A span in its largest unit: "3 Std.". */
export function brief(ms: number): string {
  if (ms < hour) return unit(Math.max(1, Math.floor(ms / minute)), 'minute');
  return ms < day ? unit(Math.floor(ms / hour), 'hour') : unit(Math.floor(ms / day), 'day');
}

/** The name of a language by its BCP 47 tag, "Türkisch"; the tag itself if nobody knows. */
export function languageName(tag: string): string {
  try {
    const names = kept(`name ${language.current}`, () => new Intl.DisplayNames(tags[language.current], { type: 'language' }));
    return sentenceCase(names.of(tag) ?? tag);
  } catch {
    return tag;
  }
}

/** A number as the language writes it. */
export function count(value: number): string {
  return kept(`count ${language.current}`, () => new Intl.NumberFormat(tags[language.current])).format(value);
}

/** A size as people read it, in powers of ten. */
export function bytes(value: number): string {
  const [size, name] =
    value < 1e3 ? ([value, 'byte'] as const) : value < 1e6 ? ([value / 1e3, 'kilobyte'] as const) : ([value / 1e6, 'megabyte'] as const);
  const digits = size < 10 && value >= 1e3 ? 1 : 0;
  const format = () => new Intl.NumberFormat(tags[language.current], { style: 'unit', unit: name, unitDisplay: name === 'byte' ? 'long' : 'short', maximumFractionDigits: digits });
  return kept(`${name} ${digits} ${language.current}`, format).format(size);
}

/** How long something runs, as players write it: 0:03. */
export function runningTime(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function unit(value: number, name: 'day' | 'hour' | 'minute'): string {
  const made = () => new Intl.NumberFormat(tags[language.current], { style: 'unit', unit: name, unitDisplay: 'short' });
  return kept(`${name} ${language.current}`, made).format(value);
}

function relative(value: number, name: Intl.RelativeTimeFormatUnit, numeric: 'auto' | 'always' = 'always'): string {
  const made = () => new Intl.RelativeTimeFormat(tags[language.current], { numeric, style: 'short' });
  return kept(`${numeric} ${language.current}`, made).format(value, name);
}

// Formats are dear to make and cheap to use: a list says hundreds of times a second.
const made = new Map<string, unknown>();

function kept<T>(name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as T;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toLocaleUpperCase(tags[language.current]) + text.slice(1);
}
