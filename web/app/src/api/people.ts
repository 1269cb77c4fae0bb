import { at, done, read, type Caller } from './call';
import type { Account, Invitation, List, NewAccount, Token } from './house';

/** Who works here, and what they may. */
export function peopleCalls(caller: Caller) {
  return {
    agents: () => read<List<Account>>(caller.GET('/api/v1/agents')),
    addAgent: (agent: NewAccount) => read<Invitation & { agent: string }>(caller.POST('/api/v1/agents', { body: agent })),
    changeAgent: (id: string, agent: Omit<NewAccount, 'email'>) =>
      done(caller.PUT('/api/v1/agents/{id}', { ...at(id), body: agent })),
    disableAgent: (id: string, reason: string) =>
      done(caller.PUT('/api/v1/agents/{id}/disabling', { ...at(id), body: { reason } })),
    enableAgent: (id: string) => done(caller.DELETE('/api/v1/agents/{id}/disabling', at(id))),
    inviteAgent: (id: string) => read<Invitation>(caller.POST('/api/v1/agents/{id}/invitations', at(id))),
    endAgentSessions: (id: string) => done(caller.DELETE('/api/v1/agents/{id}/sessions', at(id))),
    lookAtInvitation: (secret: string) =>
      read<{ name: string; email: string }>(caller.POST('/api/v1/invitations', { body: { secret } })),
    acceptInvitation: (secret: string, password: string) =>
      done(caller.POST('/api/v1/invitations/acceptance', { body: { secret, password } })),
    tokens: (all: boolean) => read<List<Token>>(caller.GET('/api/v1/tokens', { params: { query: { all } } })),
    addToken: (name: string, days: number) =>
      read<{ id: string; token: string }>(caller.POST('/api/v1/tokens', { body: { name, days } })),
    revokeToken: (id: string) => done(caller.DELETE('/api/v1/tokens/{id}', at(id))),
  };
}
