// The only door to the gateway. A refusal is thrown as Refusal; 401 and 423 are told to the session
// first, because every page must stop showing anything then.
import type { Problem } from './generated/schema';

export class Refusal extends Error {
  constructor(readonly status: number, readonly problem: Problem) {
    super(problem.text || 'The hub could not be reached. Nothing was saved. Try again, or ring.');
  }
}

let csrf = '';
let active = false;  // a person did something since the last request: the session's idle time restarts
let onEnd: (status: number) => void = () => undefined;

export const setCsrf = (token: string | undefined): void => void (csrf = token ?? '');
export const didSomething = (): void => void (active = true);
export const whenEnded = (tell: (status: number) => void): void => void (onEnd = tell);

function headers(method: string, body: unknown): Record<string, string> {
  const all: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) all['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrf) all['X-Switchboard-Csrf'] = csrf;
  if (active) all['X-Switchboard-Active'] = '1';
  active = false;
  return all;
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let reply: Response;
  try {
    reply = await fetch(path, {
      method, headers: headers(method, body), credentials: 'same-origin', cache: 'no-store',
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(0, {});
  }
  const content: unknown = await reply.json().catch(() => ({}));
  if (reply.ok) return content as T;
  const signingIn = method === 'POST' && (path === '/api/session' || path === '/api/session/unlock');
  if (!signingIn && (reply.status === 401 || reply.status === 423)) onEnd(reply.status);
  throw new Refusal(reply.status, content as Problem);
}

export const get = <T>(path: string): Promise<T> => call<T>('GET', path);
export const post = <T>(path: string, body?: unknown): Promise<T> => call<T>('POST', path, body ?? {});
export const teamPath = (team: string | undefined): string => `/api/teams/${encodeURIComponent(team ?? '')}`;
