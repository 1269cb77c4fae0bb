export type * from '../../api/house';
export type * from '../../api/register';
export type { Task, TaskPage, TaskQuery, TaskResult } from '../../api/tasks';
export { Problem } from '../../api/problem';
export type { Inbox, LedgerEntry, Me, Named, Preferences, Role } from '../../api/types';
