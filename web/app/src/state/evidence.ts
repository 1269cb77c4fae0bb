import type { Words } from '../api/types';

/** Which sheet of evidence about a Contact; `on` is a day such as 2026-11-30, or nothing. */
export type Sheet = { form: 'html' | 'pdf'; language: keyof Words; on?: string };

/** Where a browser opens the sheet. Opening it is audited. */
export function sheetOf(contact: string, { form, language, on = '' }: Sheet): string {
  const query = new URLSearchParams({ form, language, ...(on && { on }) });
  return `/api/v1/contacts/${encodeURIComponent(contact)}/evidence?${query}`;
}

/** Whether a text is an id, as the house writes them. */
export const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
