import type { Component } from 'svelte';
import type { PageId, SettingsPage } from '../pages';
import Agents from './Agents.svelte';
import Audit from './Audit.svelte';
import Changes from './Changes.svelte';
import Controllers from './Controllers.svelte';
import Deliveries from './Deliveries.svelte';
import Health from './Health.svelte';
import Inboxes from './Inboxes.svelte';
import Profile from './Profile.svelte';
import Shortcuts from './Shortcuts.svelte';
import Tokens from './Tokens.svelte';

/** What each page is drawn by; `item` names one thing of it. */
export const screens: Record<PageId, Component<{ page: SettingsPage; item: string }>> = {
  profile: Profile,
  shortcuts: Shortcuts,
  controllers: Controllers,
  inboxes: Inboxes,
  agents: Agents,
  tokens: Tokens,
  audit: Audit,
  changes: Changes,
  deliveries: Deliveries,
  health: Health,
};
