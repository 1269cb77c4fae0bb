import type { Reason } from './types';

/**
 * A call that did not succeed. `code` is the stable code of the problem, or
 * `unreachable` when no answer came, or `unexpected` when the answer was no problem
 * document.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** Which part of the request the server took exception to, empty if none. */
  readonly field: string;
  readonly reasons: Reason[];

  constructor(status: number, code: string, detail = '', reasons: Reason[] = [], field = '') {
    super(detail || code);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.field = field;
    this.reasons = reasons;
  }
}

type Body = { code?: unknown; detail?: unknown; reasons?: unknown; field?: unknown };

export function problemFrom(status: number, body: unknown): Problem {
  const { code, detail, reasons, field } = (typeof body === 'object' && body !== null ? body : {}) as Body;
  return new Problem(
    status,
    typeof code === 'string' ? code : 'unexpected',
    typeof detail === 'string' ? detail : '',
    Array.isArray(reasons) ? (reasons as Reason[]) : [],
    typeof field === 'string' ? field : '',
  );
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'unreachable', String(error));
}
