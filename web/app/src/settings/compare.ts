import type { NoticeText } from './state/nouns';

export type Compared = { kind: 'same' | 'added' | 'removed'; text: string } | { kind: 'skipped'; count: number };
type Line = Exclude<Compared, { kind: 'skipped' }>;

/** What a Notice says, line by line: layer 1, then the sections of layer 2. */
export function linesOf({ short, sections }: Pick<NoticeText, 'short' | 'sections'>): string[] {
  return [...short.split('\n'), ...sections.flatMap(({ title, text }) => [title, ...text])].filter((line) => line.trim() !== '');
}

/** The lines of two texts with what went and what came, by their longest common part. */
export function compareLines(before: readonly string[], after: readonly string[]): Line[] {
  // common[i][j] is how many lines the rests from i and j have in common.
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i]![j] = before[i] === after[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const out: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      out.push({ kind: 'same', text: before[i]! });
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      out.push({ kind: 'removed', text: before[i]! });
      i += 1;
    } else {
      out.push({ kind: 'added', text: after[j]! });
      j += 1;
    }
  }
  return out;
}

/** The same with long equal stretches folded: a line of them stays beside each change. */
export function folded(lines: readonly Line[]): Compared[] {
  const near = (at: number) => lines.slice(Math.max(0, at - 1), at + 2).some(({ kind }) => kind !== 'same');
  const out: Compared[] = [];
  lines.forEach((line, at) => {
    const last = out.at(-1);
    if (line.kind !== 'same' || near(at)) out.push(line);
    else if (last?.kind === 'skipped') last.count += 1;
    else out.push({ kind: 'skipped', count: 1 });
  });
  return out;
}
