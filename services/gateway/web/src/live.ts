// One connection to a team's stream, and the truth about it. Nothing heard for kSilence means not
// live, whatever the browser believes of its socket. Reconnects by itself, slower each time; ends for
// good only by close().
import type { Live, Pushed } from './generated/schema';
import { teamPath } from './api';

export const kSilence = 25_000;  // the gateway says `live` every 10 s
const kFirstWait = 1_000;
const kLongestWait = 30_000;

export interface Told {
  pushed(message: Pushed): void;
  live(live: Live): void;
  reload(): void;           // numbers may stand for something else, or too much was missed: read the list anew
  sent(): void;             // something this team sent has changed
  lost(why: string): void;  // not live, from now on until live() says otherwise
  probe(): void;            // an error without a status: ask whether we are still signed in
}
export type Source = Pick<EventSource, 'close' | 'addEventListener'> & { onerror: ((e: Event) => unknown) | null };
export type Open = (url: string) => Source;

export class LiveLink {
  private source: Source | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private wait = kFirstWait;
  private closed = false;

  constructor(
    private readonly team: string | undefined,
    private readonly after: () => string,  // "epoch-head" of the board as it stands
    private readonly told: Told,
    private readonly open: Open = (url) => new EventSource(url),
  ) {
    this.connect();
  }

  close(): void {
    this.closed = true;
    this.drop();
    clearTimeout(this.again);
  }

  private connect(): void {
    if (this.closed) return;
    const source = this.open(`${teamPath(this.team)}/stream?after=${this.after()}`);
    this.source = source;
    source.addEventListener('pushed', (e) => this.heard(() => this.told.pushed(JSON.parse((e as MessageEvent<string>).data))));
    source.addEventListener('live', (e) => this.heard(() => this.told.live(JSON.parse((e as MessageEvent<string>).data))));
    source.addEventListener('reload', () => this.heard(() => this.told.reload()));
    source.addEventListener('sent', () => this.heard(() => this.told.sent()));
    source.addEventListener('ended', () => this.fail('you are not signed in to this team any more'));
    source.onerror = () => this.fail('the connection was lost');
    this.feed();
  }

  private heard(then: () => void): void {
    this.wait = kFirstWait;
    this.feed();
    then();
  }

  private feed(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.fail('nothing was heard for 25 seconds'), kSilence);
  }

  private fail(why: string): void {
    if (this.closed) return;
    this.drop();
    this.told.lost(why);
    this.told.probe();
    clearTimeout(this.again);
    this.again = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, kLongestWait);
  }

  private drop(): void {
    clearTimeout(this.watchdog);
    this.source?.close();
    this.source = undefined;
  }
}
