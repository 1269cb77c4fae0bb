// Walks every walk, or those that are named, three at a time. One that fails is walked once more,
// alone: a machine that had too much to do is no fault of the program, and one that fails twice is
// one. Whatever was walked twice is named at the end, because it may be a fault all the same.
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { run } from 'node:test';
import { tap } from 'node:test/reporters';

const here = import.meta.dirname;
const named = process.argv.slice(2).map((file) => resolve(file));
const all = readdirSync(here).filter((file) => file.endsWith('.test.mjs')).map((file) => join(here, file));

/** Walks files, so many at once; gives those in which something failed. */
async function walk(files, concurrency) {
  const failed = new Set();
  const stream = run({ files, concurrency }).on('test:fail', ({ file }) => failed.add(file ?? ''));
  for await (const line of stream.compose(tap)) process.stdout.write(line);
  return [...failed];
}

const failed = await walk(named.length > 0 ? named : all, 3);
if (failed.length > 0) {
  const twice = failed.every((file) => file) ? await walk(failed, 1) : failed;
  console.log(`# walked twice: ${failed.map((file) => basename(file)).join(', ')}`);
  process.exitCode = twice.length > 0 ? 1 : 0;
}
