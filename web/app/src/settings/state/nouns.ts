export type * from '../../api/house';
export type * from '../../api/register';
export { Problem } from '../../api/problem';
export type { Inbox, LedgerEntry, Me, Named, Preferences, Role } from '../../api/types';
