import type { Problem } from './state/nouns';
import type { Key } from '../words/catalogue';

// The server names a field and a rule in plain English. The rules people meet are
// few, and each has words here; what is new is shown as it came.
const rules: [RegExp, Key][] = [
  [/needs no second person/, 'fault.approval.free'],
  [/nobody else here could decide/, 'fault.approval.nobody'],
  [/request about the same waits/, 'fault.approval.other'],
  [/needs a second person; log in|a token cannot/, 'fault.approval.login'],
  [/somebody else must decide/, 'fault.approval.own'],
  [/let in too lately/, 'fault.approval.new'],
  [/waiting time is not over/, 'fault.approval.early'],
  [/asked for by you; withdraw/, 'fault.approval.withdraw'],
  [/decided already|not open any more/, 'fault.approval.decided'],
  [/has expired; ask/, 'fault.approval.expired'],
  [/any more what they were|not what was asked for/, 'fault.approval.changed'],
  [/last admin/, 'fault.last_admin'],
  [/e-mail address belongs/, 'fault.taken'],
  [/another inbox has this/, 'fault.number_taken'],
  [/paused already/, 'fault.paused'],
  [/is not paused/, 'fault.resumed'],
  [/written in the app already/, 'fault.app_on'],
  [/nothing of the app/, 'fault.app_off'],
  [/disabled already/, 'fault.disabled'],
  [/is not disabled/, 'fault.enabled'],
  [/agent is disabled/, 'fault.enable_first'],
  [/not your password/, 'fault.password.current'],
  [/of this house/, 'fault.unknown'],
  [/leads to the server itself/, 'fault.local'],
  [/delivery itself is gone/, 'fault.gone'],
  [/at least 10 characters/, 'fault.password.short'],
  [/at most 256 characters/, 'fault.password.long'],
  [/repeat one character/, 'fault.password.same'],
  [/too long|<= \d+/, 'fault.long'],
  [/valid text|plain text/, 'fault.text'],
  [/not an e-mail address/, 'fault.email'],
  [/digits alone/, 'fault.digits'],
  [/form v25/, 'fault.version'],
  [/begin with https|base address|web address/, 'fault.address'],
  [/space or a character/, 'fault.token'],
  [/code of a German Land/, 'fault.land'],
  [/6\(1\)/, 'fault.basis'],
  [/not a day/, 'fault.day'],
  [/lies in the future/, 'fault.future'],
  [/no other recipient/, 'fault.for'],
  [/an authority has none/, 'fault.authority'],
  [/in use says the same/, 'fault.notice.same'],
  [/notice is not complete/, 'fault.notice.incomplete'],
  [/while these are missing/, 'fault.recipient.missing'],
  [/no purpose of the controller/, 'fault.unknown'],
  [/366 days/, 'fault.days'],
  [/not a PDF, PNG or JPEG/, 'recipient.terms.file.type'],
  [/no SHA-256/, 'fault.digest'],
  [/missing|hold an empty one|required|length >= 1/, 'fault.missing'],
];

const codes: Partial<Record<string, Key>> = {
  unreachable: 'problem.unreachable',
  forbidden: 'problem.forbidden',
  unauthorized: 'problem.unauthorized',
  throttled: 'problem.throttled',
  unavailable: 'problem.unavailable',
  not_found: 'problem.not_found',
};

/** The words for a rule of the server, if they exist. */
export function ruleOf(text: string): Key | undefined {
  return rules.find(([rule]) => rule.test(text))?.[1];
}

/** What a problem says at its field; undefined if it blames none. */
export function faultOf(problem: Problem): { field: string; word: Key } | undefined {
  if (!problem.field || problem.field === 'body') return undefined;
  if (problem.code !== 'invalid' && problem.code !== 'conflict') return undefined;
  return { field: problem.field, word: ruleOf(problem.message) ?? 'fault.declined' };
}

/** What a problem says as a sentence. */
export function sentenceOf(problem: Problem): Key {
  const known = codes[problem.code];
  if (known) return known;
  if (problem.code === 'invalid') return 'problem.invalid';
  if (problem.code === 'conflict') return ruleOf(problem.message) ?? 'problem.conflict';
  return 'problem.other';
}
