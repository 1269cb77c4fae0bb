import type { Component } from 'svelte';
import type { PageId, SettingsPage } from '../pages';
import Agents from './Agents.svelte';
import Approvals from './Approvals.svelte';
import Audit from './Audit.svelte';
import Changes from './Changes.svelte';
import Controllers from './Controllers.svelte';
import Deliveries from './Deliveries.svelte';
import Gate from './Gate.svelte';
import Destinations from './Destinations.svelte';
import Health from './Health.svelte';
import Inboxes from './Inboxes.svelte';
import Ledger from './Ledger.svelte';
import Notices from './Notices.svelte';
import Policies from './Policies.svelte';
import Profile from './Profile.svelte';
import Refusals from './Refusals.svelte';
import Register from './Register.svelte';
import Shortcuts from './Shortcuts.svelte';
import Tasks from './Tasks.svelte';
import Tokens from './Tokens.svelte';

/** What each page is drawn by; `item` names one thing of it. */
export const screens: Record<PageId, Component<{ page: SettingsPage; item: string }>> = {
  profile: Profile,
  shortcuts: Shortcuts,
  controllers: Controllers,
  inboxes: Inboxes,
  agents: Agents,
  tokens: Tokens,
  register: Register,
  notices: Notices,
  policies: Policies,
  approvals: Approvals,
  tasks: Tasks,
  ledger: Ledger,
  gate: Gate,
  refusals: Refusals,
  destinations: Destinations,
  audit: Audit,
  changes: Changes,
  deliveries: Deliveries,
  health: Health,
};
