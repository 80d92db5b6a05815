import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OperatorsPage } from '../src/operators';

const now = Date.UTC(2026, 10, 22, 12, 0);
let answer: () => Response;
let asked = 0;
const root = document.createElement('div');
const well = () => new Response(JSON.stringify({ asOfUs: String(Date.now() * 1000), status: { mode: 'open', freeBytes: '2048' } }));
const pass = (ms: number) => act(async () => { await vi.advanceTimersByTimeAsync(ms); });
const show = async (open = true) => { await act(() => render(<OperatorsPage open={open} place="Northgate" />, root)); await pass(0); };
const look = (state: DocumentVisibilityState) => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
  return pass(0);
};

beforeEach(() => {
  vi.useFakeTimers({ now });
  asked = 0;
  answer = well;
  vi.stubGlobal('fetch', async () => { asked += 1; return answer(); });
});
afterEach(() => {
  render(null, root);
  Reflect.deleteProperty(document, 'visibilityState');
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('asks every ten seconds, while somebody can see it', async () => {
  await show();
  expect(root.textContent).toContain('All is well');
  expect(document.title).toBe('The hub – Northgate');
  await pass(20_000);
  expect(asked).toBe(3);
  await look('hidden');
  await pass(60_000);
  expect(asked).toBe(3);
  await look('visible');
  expect(asked).toBe(4);
  await show(false);  // locked
  await pass(60_000);
  expect(asked).toBe(4);
});
it('says so when it cannot know, under what it knew and when, and is well again by itself', async () => {
  await show();
  answer = () => new Response(JSON.stringify({ code: 'CODE_BUSY', text: 'look at its machine' }), { status: 503 });
  await pass(10_000);
  const warning = root.querySelector('[role=alert]');
  expect(warning?.textContent).toBe('Not known now: look at its machine. What stands below is as of 12:00 today: do not rely on it.');
  expect(root.textContent).toContain('Then: All is well');
  answer = well;
  await pass(10_000);
  expect(root.querySelector('[role=alert]')).toBeNull();
  expect(root.textContent).not.toContain('Then:');
});
it('says as of when each table is empty', async () => {
  await show();
  expect(root.textContent?.match(/None as of 12:00 today/g)).toHaveLength(5);
});
it('tells those it is not for whom to ask, and shows nothing', async () => {
  answer = () => new Response(JSON.stringify({ code: 'CODE_NOT_ALLOWED', text: 'ask your administrator' }), { status: 403 });
  await show();
  expect(root.textContent).toBe('The hubNot for you: ask your administrator.');
});
