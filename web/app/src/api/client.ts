import { createCaller } from './call';
import { conversationCalls } from './conversations';
import { governCalls } from './govern';
import { meCalls } from './me';
import { peopleCalls } from './people';
import { registerCalls } from './register';
import { taskCalls } from './tasks';
import { uploadCalls } from './uploads';
import { workCalls } from './work';

export type Api = ReturnType<typeof createApi>;

/** The calls the app makes; each resolves to its noun or throws a Problem. */
export function createApi(language: () => string, baseUrl = '') {
  const caller = createCaller(language, baseUrl);
  return {
    ...meCalls(caller),
    ...conversationCalls(caller),
    ...workCalls(caller),
    ...peopleCalls(caller),
    ...governCalls(caller),
    ...registerCalls(caller),
    ...taskCalls(caller),
    ...uploadCalls(caller, baseUrl),
  };
}
