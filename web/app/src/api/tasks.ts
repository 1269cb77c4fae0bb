import { at, done, read, type Caller } from './call';
import type { components } from './schema';

// What people must do, and until when.
type Schemas = components['schemas'];

export type Task = Schemas['TaskView'];
export type TaskPage = { items: Task[]; next: string };
export type NewThird = { message: string; role: 'witness' | 'opponent' | 'other'; note: string };
export type TaskResult = Pick<Schemas['TaskDoneInputBody'], 'how' | 'ground' | 'reason'>;
export type TaskQuery = { conversation?: string; overdue?: boolean; limit?: number; cursor?: string };

export function taskCalls(caller: Caller) {
  return {
    /** Looking is audited. */
    tasks: (query: TaskQuery) => read<TaskPage>(caller.GET('/api/v1/tasks', { params: { query } })),
    taskCount: () => read<{ open: number; overdue: number; failed: number }>(caller.GET('/api/v1/tasks/count')),
    /** A Message introduces a third person. */
    markThird: (conversation: string, third: NewThird) =>
      read<Task>(caller.POST('/api/v1/conversations/{id}/tasks', { ...at(conversation), body: { kind: 'third_person', ...third } })),
    finishTask: (id: string, result: TaskResult) => done(caller.POST('/api/v1/tasks/{id}/done', { ...at(id), body: result })),
  };
}

/** Where the information for a third person is read; making it is audited. */
export const textOf = (task: string, form: 'html' | 'pdf', language: string) => `/api/v1/tasks/${task}/text?form=${form}&language=${language}`;
