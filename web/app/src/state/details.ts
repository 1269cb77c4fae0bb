import type { Details } from './nouns';

type Place = Pick<NonNullable<Details['location']>, 'latitude' | 'longitude'>;

/** A place as people write it down: degrees, north and east of zero. */
export const degrees = ({ latitude, longitude }: Place): string => `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;

/** What the reader's own maps open; nobody is asked before it is pressed (RFC 5870). */
export const geo = ({ latitude, longitude }: Place): string => `geo:${latitude.toFixed(5)},${longitude.toFixed(5)}`;
