import type { Component } from 'svelte';

/** One act of a Menu. Items with the same `group` stand together under its name. */
export type MenuItem = {
  id: string;
  label: string;
  hint?: string;
  icon?: Component<{ size?: number; 'aria-hidden'?: 'true' }>;
  keys?: string;
  group?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Set for a choice: whether it is the chosen one. */
  checked?: boolean;
  run: () => void;
};

/** What the trigger of a Menu takes: spread it onto a Button or IconButton. */
export type MenuTrigger = {
  id: string;
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
  onclick: (event: MouseEvent) => void;
  onkeydown: (event: KeyboardEvent) => void;
};
