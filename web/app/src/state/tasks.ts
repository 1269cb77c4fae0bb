import type { Message } from '../api/types';
import type { Task } from '../api/tasks';
import { wallAt } from './zone';

export { textOf } from '../api/tasks';

/** How near the day is on which something is due. */
export type Urgency = 'overdue' | 'today' | 'soon' | 'later';

const day = 86_400_000;
const soon = 3;

const written = (year: number, month: number, date: number) => new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10);

/** How many days there are until a Task is due, by the calendar of the house; below zero it is overdue. */
export function daysLeft({ due }: Pick<Task, 'due'>, now: number, zone: string): number {
  const wall = wallAt(now, zone);
  return (Date.parse(`${due}T00:00:00Z`) - Date.UTC(wall.year, wall.month - 1, wall.day)) / day;
}

/** How a Task stands to the present day of the house; on the day itself there is still time. */
export function urgencyOf(task: Pick<Task, 'due'>, now: number, zone: string): Urgency {
  const left = daysLeft(task, now, zone);
  if (left < 0) return 'overdue';
  if (left === 0) return 'today';
  return left <= soon ? 'soon' : 'later';
}

/** The day a month after a Message came, by the calendar alone: the server knows the holidays. */
export function monthAfter({ at, external_at }: Pick<Message, 'at' | 'external_at'>, zone: string): string {
  const wall = wallAt(Math.min(Date.parse(at), Date.parse(external_at) || Infinity), zone);
  const last = new Date(Date.UTC(wall.year, wall.month + 1, 0)).getUTCDate();
  return written(wall.year, wall.month + 1, Math.min(wall.day, last));
}

/** Those about third persons, what is open first. */
export const aboutThird = (tasks: readonly Task[]) => tasks.filter(({ kind }) => kind === 'third_person');

/** The open ones about Messages that did not arrive. */
export const undelivered = (tasks: readonly Task[]) => tasks.filter(({ kind, done }) => kind === 'failed' && !done);

/** The exceptions of Art. 14(5) GDPR and of §§ 29, 33 BDSG, by the names of their words. */
export const taskGrounds = { a: '14(5)(a)', b: '14(5)(b)', c: '14(5)(c)', d: '14(5)(d)', secret: '29', claims: '33' } as const;

/** The open Task of a doubted Message. */
export const doubtOf = (tasks: readonly Task[] | undefined, message: string) =>
  tasks?.find((task) => task.kind === 'doubt' && task.message === message && !task.done);
