// What the views may know of the API: its nouns, passed on by the state.
export type { Problem } from '../api/problem';
export type { NewThird, Task, TaskResult } from '../api/tasks';
export type * from '../api/types';
export type { Liveness } from '../live/stream';
