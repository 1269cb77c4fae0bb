/** The largest form and the largest file of terms that are kept, and what they may be. */
export const largestForm = 3 * 1024 * 1024;
export const largestTerms = 8 * 1024 * 1024;
export const formTypes = ['application/pdf', 'image/png', 'image/jpeg'];

/** What is wrong with a file before it is sent; null if nothing is. */
export function formFault(file: Pick<File, 'size' | 'type'> | undefined, largest = largestForm): 'missing' | 'type' | 'size' | null {
  if (!file || file.size === 0) return 'missing';
  if (!formTypes.includes(file.type)) return 'type';
  return file.size > largest ? 'size' : null;
}

/** A file's bytes in base64. */
export async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  const piece = 0x8000; // as many arguments as every browser takes
  for (let i = 0; i < bytes.length; i += piece) text += String.fromCharCode(...bytes.subarray(i, i + piece));
  return btoa(text);
}

/** A day of a date field as the moment it began here; empty if there is none or it has not begun. */
export function dayBegan(day: string, now: number): string {
  const at = new Date(`${day}T00:00:00`);
  return at.getTime() <= now ? at.toISOString() : '';
}
