import type { Reason } from './types';

/**
 * A call that did not succeed. `code` is the stable code of the problem, or
 * `unreachable` when no answer came, or `unexpected` when the answer was no problem
 * document.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly reasons: Reason[];

  constructor(status: number, code: string, detail = '', reasons: Reason[] = []) {
    super(detail || code);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.reasons = reasons;
  }
}

type Body = { code?: unknown; detail?: unknown; reasons?: unknown };

export function problemFrom(status: number, body: unknown): Problem {
  const { code, detail, reasons } = (typeof body === 'object' && body !== null ? body : {}) as Body;
  return new Problem(
    status,
    typeof code === 'string' ? code : 'unexpected',
    typeof detail === 'string' ? detail : '',
    Array.isArray(reasons) ? (reasons as Reason[]) : [],
  );
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'unreachable', String(error));
}
