import { faultOf, sentenceOf } from '../problems';
import type { Problem } from '../state/nouns';
import type { Key } from '../../words/catalogue';
import { t } from '../../words/t';

type Entered = { faults: Record<string, string>; problem: Problem | undefined };

/** What is wrong with a field in words, by our own check or by the server's; "" if nothing. */
export function errorOf(form: Entered, ...names: string[]): string {
  for (const name of names) {
    const own = form.faults[name];
    if (own) return t(own as Key);
    const theirs = form.problem && faultOf(form.problem);
    if (theirs?.field === name) return t(theirs.word);
  }
  return '';
}

/** Why a call did not succeed, as a sentence. */
export function sayProblem(problem: Problem): string {
  return t(sentenceOf(problem), { text: problem.message });
}
