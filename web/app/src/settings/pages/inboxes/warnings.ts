/** What it means to take in the WhatsApp Business app, for whoever asks and whoever decides. */
export const appWarnings = ['inboxes.coexistence.warning.phone', 'inboxes.coexistence.warning.gate', 'inboxes.coexistence.warning.takes'] as const;
