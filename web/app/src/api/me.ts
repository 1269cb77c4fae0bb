import { at, done, read, type Caller } from './call';
import type { List, Session } from './house';
import type { Me, Preferences } from './types';

export function meCalls(caller: Caller) {
  return {
    openSession: (email: string, password: string) =>
      done(caller.POST('/api/v1/session', { body: { email, password } })),
    closeSession: () => done(caller.DELETE('/api/v1/session')),
    me: () => read<Me>(caller.GET('/api/v1/me')),
    setPreferences: (preferences: Preferences) => done(caller.PUT('/api/v1/me/preferences', { body: preferences })),
    setPassword: (current: string, password: string) =>
      done(caller.PUT('/api/v1/me/password', { body: { current, password } })),
    sessions: () => read<List<Session>>(caller.GET('/api/v1/me/sessions')),
    endSession: (id: string) => done(caller.DELETE('/api/v1/me/sessions/{id}', at(id))),
    endOtherSessions: () => done(caller.DELETE('/api/v1/me/sessions')),
  };
}
