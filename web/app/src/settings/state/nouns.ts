export type * from '../../api/house';
export { Problem } from '../../api/problem';
export type { Inbox, Me, Named, Preferences, Role } from '../../api/types';
