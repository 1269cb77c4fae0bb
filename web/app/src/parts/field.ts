/** What Field hands to the control it labels: spread it onto the element. */
export type Control = {
  id: string;
  class: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
};

/** The ids of what describes a control, for aria-describedby. */
export function describedBy(...ids: (string | false | undefined)[]): string | undefined {
  return ids.filter(Boolean).join(' ') || undefined;
}
