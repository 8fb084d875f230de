// One error for everything that can go wrong between a page and the server: RFC 9457 answers, answers
// that are not JSON, and no answer at all.
import { t } from '../app/t';

export interface FieldProblem {
  pointer: string;
  detail: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly requestId: string | null;
  readonly fields: FieldProblem[];
  readonly needed: number | null;
  readonly balance: number | null;
  readonly retryAfter: number | null;

  constructor(status: number, body: Record<string, unknown>, headers?: { get(name: string): string | null }) {
    const code = typeof body.code === 'string' ? body.code : codeOf(status);
    const detail = typeof body.detail === 'string' ? body.detail : fallback(status);
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = typeof body.title === 'string' ? body.title : t('error.title');
    this.requestId = typeof body.request_id === 'string' ? body.request_id : (headers?.get('x-request-id') ?? null);
    this.fields = Array.isArray(body.errors) ? body.errors.filter(isField) : [];
    this.needed = typeof body.needed === 'number' ? body.needed : null;
    this.balance = typeof body.balance === 'number' ? body.balance : null;
    const wait = Number(headers?.get('retry-after'));
    this.retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  }

  /** What is wrong with one field of the sent body, by its JSON pointer. */
  field(pointer: string): string | undefined {
    return this.fields.find((field) => field.pointer === pointer)?.detail;
  }
}

function isField(value: unknown): value is FieldProblem {
  return typeof value === 'object' && value !== null && 'pointer' in value && 'detail' in value;
}

function codeOf(status: number): string {
  if (status === 0) return 'offline';
  if (status === 401) return 'unauthenticated';
  if (status === 404) return 'not_found';
  if (status === 413) return 'payload_too_large';
  return status >= 500 ? 'internal' : 'bad_request';
}

function fallback(status: number): string {
  if (status === 0) return t('error.offline');
  if (status === 404) return t('error.notFound');
  if (status === 413) return t('error.tooLarge');
  return t('error.unexpected', { status });
}

/** Reads a failed answer; a body that is not JSON (a proxy's page, say) still gives a usable error. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = await response.json();
    if (typeof parsed === 'object' && parsed !== null) body = parsed as Record<string, unknown>;
  } catch {
    // The status alone has to do.
  }
  return new Problem(response.status, body, response.headers);
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, { code: 'unexpected', detail: error instanceof Error ? error.message : String(error) });
}
