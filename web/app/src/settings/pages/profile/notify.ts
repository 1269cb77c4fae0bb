export type MayNotify = 'granted' | 'denied' | 'default' | 'unsupported';

/** Whether this browser may show notifications; it is asked by nobody here. */
export function mayNotify(): MayNotify {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.permission;
}

/** Asks the person in front of it, through the browser. */
export async function askForNotifications(): Promise<MayNotify> {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.requestPermission();
}
