// What the views may know of the API: its nouns, passed on by the state.
export type { Problem } from '../api/problem';
export type { Conversation, Decision, Direction, Failure, Inbox, Message, Reason, Status, View } from '../api/types';
export type { Liveness } from '../live/stream';
