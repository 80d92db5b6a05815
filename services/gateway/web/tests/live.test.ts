import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kSilence, LiveLink, type Source } from '../src/live';

class Stream implements Source {
  onerror: ((e: Event) => unknown) | null = null;
  closed = false;
  heard: Record<string, (e: Event) => void> = {};
  close() { this.closed = true; }
  addEventListener(name: string, then: unknown) { this.heard[name] = then as (e: Event) => void; }
  say(name: string, data: unknown) { this.heard[name]!({ data: JSON.stringify(data) } as unknown as Event); }
}

describe('live link', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const begin = () => {
    const streams: Stream[] = [];
    const urls: string[] = [];
    const told = { pushed: vi.fn(), live: vi.fn(), reload: vi.fn(), sent: vi.fn(), lost: vi.fn(), probe: vi.fn() };
    let head = 7;
    const link = new LiveLink('T 1', () => `1-${head}`, told, (url) => { urls.push(url); streams.push(new Stream()); return streams.at(-1)!; });
    return { streams, urls, told, link, move: (n: number) => void (head = n) };
  };
  it('says so when nothing was heard, and comes back after what it has', () => {
    const t = begin();
    t.streams[0]!.say('live', { live: true });
    vi.advanceTimersByTime(kSilence - 1);
    expect(t.told.lost).not.toHaveBeenCalled();
    t.move(9);
    vi.advanceTimersByTime(1);
    expect(t.told.lost).toHaveBeenCalledTimes(1);
    expect(t.told.probe).toHaveBeenCalledTimes(1);
    expect(t.streams[0]!.closed).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(t.urls).toEqual(['/api/teams/T%201/stream?after=1-7', '/api/teams/T%201/stream?after=1-9']);
  });
  it('waits longer each time, up to half a minute', () => {
    const t = begin();
    const waits: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      t.streams.at(-1)!.onerror!(new Event('error'));
      const before = t.streams.length;
      let waited = 0;
      while (t.streams.length === before) { vi.advanceTimersByTime(1_000); waited += 1; }
      waits.push(waited);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });
  it('reads the list anew when it is told to, and asks who is signed in when it was ended', () => {
    const t = begin();
    t.streams[0]!.say('reload', {});
    t.streams[0]!.say('sent', {});
    expect(t.told.reload).toHaveBeenCalledTimes(1);
    expect(t.told.sent).toHaveBeenCalledTimes(1);
    expect(t.told.lost).not.toHaveBeenCalled();
    t.streams[0]!.say('ended', {});
    expect(t.told.lost).toHaveBeenCalledTimes(1);
    expect(t.told.probe).toHaveBeenCalledTimes(1);
  });
  it('stays closed', () => {
    const t = begin();
    t.link.close();
    vi.advanceTimersByTime(600_000);
    expect(t.streams.length).toBe(1);
    expect(t.told.lost).not.toHaveBeenCalled();
  });
});
