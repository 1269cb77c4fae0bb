import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const src = fileURLToPath(new URL('../src', import.meta.url));

export type Source = { name: string; text: string };

/** The app's own files with one of these endings, named from src. */
export function sources(...endings: string[]): Source[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(src, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}
