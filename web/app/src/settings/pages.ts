import type { Role } from './state/nouns';
import '../words/protection';
import type { Key } from '../words/catalogue';

export type PageId =
  | 'profile'
  | 'shortcuts'
  | 'controllers'
  | 'inboxes'
  | 'agents'
  | 'tokens'
  | 'register'
  | 'notices'
  | 'policies'
  | 'approvals'
  | 'tasks'
  | 'ledger'
  | 'gate'
  | 'refusals'
  | 'destinations'
  | 'audit'
  | 'changes'
  | 'deliveries'
  | 'health';

export type Group = 'own' | 'house' | 'protection' | 'oversight';

/** A part of a page with a heading of its own, and the words of what is in it. */
export type Section = { id: string; title: Key; words: Key[]; roles?: readonly Role[] };

export type SettingsPage = {
  id: PageId;
  group: Group;
  title: Key;
  lead: Key;
  effect: Key;
  roles: readonly Role[];
  sections: Section[];
};

const everybody: readonly Role[] = ['admin', 'agent', 'dpo'];
const readers: readonly Role[] = ['admin', 'dpo'];
const admins: readonly Role[] = ['admin'];

/** All pages in the order of the navigation. */
export const pages: readonly SettingsPage[] = [
  {
    id: 'profile',
    group: 'own',
    title: 'profile.title',
    lead: 'profile.lead',
    effect: 'profile.effect',
    roles: everybody,
    sections: [
      { id: 'person', title: 'profile.person', words: ['profile.name', 'profile.email', 'profile.role', 'profile.inboxes'] },
      {
        id: 'appearance',
        title: 'profile.appearance',
        words: ['profile.language', 'profile.theme', 'profile.theme.light', 'profile.theme.dark', 'profile.density', 'profile.density.compact'],
      },
      { id: 'writing', title: 'profile.writing', words: ['profile.send_key', 'profile.send_key.enter', 'profile.send_key.ctrl_enter'] },
      { id: 'signals', title: 'profile.signals', words: ['profile.sound', 'profile.notifications', 'profile.announce', 'profile.announce.hint'] },
      { id: 'password', title: 'profile.password', words: ['profile.password.current', 'profile.password.new', 'profile.password.change'] },
      { id: 'sessions', title: 'profile.sessions', words: ['profile.sessions.lead', 'profile.sessions.client', 'profile.sessions.others'] },
      { id: 'tokens', title: 'profile.tokens', words: ['tokens.create', 'tokens.days', 'tokens.revoke'], roles: ['admin', 'agent'] },
    ],
  },
  {
    id: 'shortcuts',
    group: 'own',
    title: 'keys.title',
    lead: 'keys.lead',
    effect: 'keys.effect',
    roles: ['admin', 'agent'],
    sections: [
      { id: 'on', title: 'keys.switch', words: ['keys.on', 'keys.on.hint'] },
      { id: 'keys', title: 'keys.list', words: ['keys.command', 'keys.key', 'keys.change', 'keys.reset', 'keys.reset.all'] },
    ],
  },
  {
    id: 'controllers',
    group: 'house',
    title: 'controllers.title',
    lead: 'controllers.lead',
    effect: 'controllers.effect',
    roles: readers,
    sections: [
      {
        id: 'list',
        title: 'controllers.list',
        words: [
          'controllers.facts',
          'controllers.name',
          'controllers.address',
          'controllers.seat',
          'controllers.land',
          'controllers.authority',
          'controllers.privacy_url',
          'controllers.alternative',
          'controllers.dpo',
          'controllers.purposes',
          'controllers.purpose.basis',
        ],
      },
      { id: 'new', title: 'controllers.new', words: [], roles: admins },
    ],
  },
  {
    id: 'inboxes',
    group: 'house',
    title: 'inboxes.title',
    lead: 'inboxes.lead',
    effect: 'inboxes.effect',
    roles: readers,
    sections: [
      {
        id: 'list',
        title: 'inboxes.list',
        words: [
          'inboxes.webhook',
          'inboxes.phone_number_id',
          'inboxes.waba_id',
          'inboxes.graph_url',
          'inboxes.sending',
          'inboxes.pause',
          'inboxes.signals',
          'inboxes.signals.typing',
          'inboxes.coexistence',
          'inboxes.alerts',
          'inboxes.charges',
          'inboxes.resume',
          'inboxes.secrets',
          'inboxes.app_secrets',
          'inboxes.access_token',
          'inboxes.verify_tokens',
        ],
      },
      { id: 'new', title: 'inboxes.new', words: [], roles: admins },
    ],
  },
  {
    id: 'agents',
    group: 'house',
    title: 'agents.title',
    lead: 'agents.lead',
    effect: 'agents.effect',
    roles: readers,
    sections: [
      {
        id: 'list',
        title: 'agents.list',
        words: [
          'agents.role',
          'role.admin',
          'role.dpo',
          'agents.serves',
          'agents.access',
          'agents.reset',
          'agents.sessions.end',
          'agents.disable',
          'agents.enable',
        ],
      },
      { id: 'new', title: 'agents.invite', words: ['agents.link'], roles: admins },
    ],
  },
  {
    id: 'tokens',
    group: 'house',
    title: 'tokens.title',
    lead: 'tokens.lead',
    effect: 'tokens.effect',
    roles: readers,
    sections: [{ id: 'list', title: 'tokens.list', words: ['tokens.expires', 'tokens.revoke', 'tokens.of'] }],
  },
  {
    id: 'register',
    group: 'protection',
    title: 'register.title',
    lead: 'register.lead',
    effect: 'register.effect',
    roles: readers,
    sections: [
      { id: 'duties', title: 'register.duties', words: ['register.duties.until', 'recipient.review'] },
      { id: 'controller', title: 'register.controller', words: ['register.at', 'settings.group.protection'] },
      { id: 'framework', title: 'register.framework', words: ['register.framework.drop'] },
      {
        id: 'recipients',
        title: 'register.recipients',
        words: ['recipient.role.processor', 'recipient.transfer', 'recipient.contract', 'recipient.terms', 'recipient.review_by', 'recipient.versions'],
      },
      { id: 'new', title: 'register.new', words: [], roles: admins },
    ],
  },
  {
    id: 'notices',
    group: 'protection',
    title: 'notices.title',
    lead: 'notices.lead',
    effect: 'notices.effect',
    roles: readers,
    sections: [{ id: 'list', title: 'notices.list', words: ['notices.preview', 'notices.layer1', 'notices.lines', 'notices.layer2', 'notices.versions', 'notices.activate'] }],
  },
  {
    id: 'policies',
    group: 'protection',
    title: 'policies.title',
    lead: 'policies.lead',
    effect: 'policies.effect',
    roles: readers,
    sections: [
      {
        id: 'list',
        title: 'policies.list',
        words: ['policy.outbound', 'policy.local_storage', 'policy.art9', 'policy.bot', 'policy.voice', 'policy.media', 'policy.quiet_hours', 'policy.notice_repeat'],
      },
      { id: 'history', title: 'history.title', words: [] },
    ],
  },
  {
    id: 'approvals',
    group: 'protection',
    title: 'approvals.title',
    lead: 'approvals.lead',
    effect: 'approvals.effect',
    roles: readers,
    sections: [
      { id: 'waiting', title: 'approvals.waiting', words: ['approvals.grant', 'approvals.refuse', 'approvals.withdraw'] },
      { id: 'decided', title: 'approvals.decided', words: ['approvals.state.granted', 'approvals.state.refused', 'approvals.alone'] },
    ],
  },
  {
    id: 'tasks',
    group: 'protection',
    title: 'tasks.title',
    lead: 'tasks.lead',
    effect: 'tasks.effect',
    roles: everybody,
    sections: [{ id: 'list', title: 'tasks.list', words: ['tasks.third_person', 'tasks.doubt', 'tasks.undelivered', 'tasks.stopped', 'tasks.text', 'tasks.filter.overdue'] }],
  },
  {
    id: 'ledger',
    group: 'protection',
    title: 'ledger.title',
    lead: 'ledger.lead',
    effect: 'ledger.effect',
    roles: readers,
    sections: [
      { id: 'evidence', title: 'evidence.title', words: ['evidence.contact', 'evidence.on', 'ledger.evidence'] },
      { id: 'entries', title: 'ledger.entries', words: ['ledger.filter', 'step.granted', 'step.withdrawn'] },
    ],
  },
  {
    id: 'gate',
    group: 'protection',
    title: 'gate.title',
    lead: 'gate.lead',
    effect: 'gate.effect',
    roles: readers,
    sections: [{ id: 'rows', title: 'gate.rows', words: ['gate.asks', 'gate.unassessed'] }],
  },
  {
    id: 'refusals',
    group: 'protection',
    title: 'refusals.title',
    lead: 'refusals.lead',
    effect: 'refusals.effect',
    roles: readers,
    sections: [{ id: 'entries', title: 'refusals.entries', words: ['refusals.reasons', 'refusals.filter', 'gate.title'] }],
  },
  {
    id: 'destinations',
    group: 'protection',
    title: 'destinations.title',
    lead: 'destinations.lead',
    effect: 'destinations.effect',
    roles: readers,
    sections: [{ id: 'list', title: 'destinations.list', words: ['destinations.host', 'destinations.whose', 'destinations.used', 'destinations.proxy'] }],
  },
  {
    id: 'audit',
    group: 'oversight',
    title: 'audit.title',
    lead: 'audit.lead',
    effect: 'audit.effect',
    roles: readers,
    sections: [
      { id: 'verification', title: 'audit.verification', words: ['audit.verification.start'] },
      { id: 'entries', title: 'audit.entries', words: ['audit.filter', 'audit.filter.act', 'audit.filter.agent', 'audit.filter.from'] },
    ],
  },
  {
    id: 'changes',
    group: 'oversight',
    title: 'changes.title',
    lead: 'changes.lead',
    effect: 'changes.effect',
    roles: readers,
    sections: [{ id: 'history', title: 'history.title', words: ['history.lead'] }],
  },
  {
    id: 'deliveries',
    group: 'oversight',
    title: 'deliveries.title',
    lead: 'deliveries.lead',
    effect: 'deliveries.effect',
    roles: admins,
    sections: [{ id: 'list', title: 'deliveries.list', words: ['deliveries.retry', 'deliveries.drop'] }],
  },
  {
    id: 'health',
    group: 'oversight',
    title: 'health.title',
    lead: 'health.lead',
    effect: 'health.effect',
    roles: readers,
    sections: [
      { id: 'checks', title: 'health.checks', words: ['health.check.database', 'health.check.vault', 'health.check.disk', 'health.check.clock'] },
      { id: 'work', title: 'health.work', words: ['health.set_aside', 'health.doubt', 'health.paused', 'health.jobs'] },
      { id: 'house', title: 'health.house', words: ['health.version', 'health.database', 'health.node', 'health.started'] },
    ],
  },
];

/** The pages a role may see, with the sections it may see. */
export function pagesFor(role: Role): SettingsPage[] {
  const seen = ({ roles }: { roles?: readonly Role[] }) => !roles || roles.includes(role);
  return pages.filter(seen).map((page) => ({ ...page, sections: page.sections.filter(seen) }));
}

/** Whether a role may change what the house is set to; everybody may change what is theirs. */
export const mayChange = (role: Role) => role === 'admin';
