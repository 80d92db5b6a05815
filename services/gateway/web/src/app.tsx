// The page's frame: who is signed in, which team, which page. Locked or signed out, everything below is
// hidden but stays in memory, so that the same person finds what was typed; another person starts anew.
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ScreenSession, ScreenTeam } from './generated/schema';
import { AlertsPage } from './alerts';
import { call, didSomething, get, post, setCsrf, whenEnded } from './api';
import { Button, Ring } from './bits';
import { ChildPage } from './child';
import { DirectoryPage } from './directory';
import { HandoverPage } from './handover';
import { idleState, kTellEvery } from './idle';
import { OperatorsPage } from './operators';
import { leave, NotSignedIn } from './organisation';
import { SafetyPage } from './safety';
import { SendPage } from './send';
import { SentPage } from './sent';
import { NewPassword, SignIn } from './signin';

export interface Place { team: string; page: string; rest: string; query: URLSearchParams }
const kOperators = '/operator';  // of the hub, not of a team
export function placeOf(url: URL): Place {
  if (url.pathname === kOperators) return { team: '', page: 'operator', rest: '', query: url.searchParams };
  const [, teams, team = '', page = 'alerts', rest = ''] = url.pathname.split('/').map(decodeURIComponent);
  return { team: teams === 'teams' ? team : '', page: teams === 'teams' ? page : 'alerts', rest, query: url.searchParams };
}
const pages: [string, string, (team: ScreenTeam) => boolean][] = [
  ['alerts', 'Alerts', () => true], ['safety-net', 'Safety net', (team) => Boolean(team.reviewsAttendances)],
  ['sent', 'Sent by us', () => true], ['send', 'Send', (team) => Boolean(team.maySend)],
  ['directory', 'Directory and duty', () => true], ['handover', 'Hand-over', () => true],
];

const channel = new BroadcastChannel('switchboard');
export const go = (path: string): void => {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
};
const onLink = (e: MouseEvent) => {
  const link = (e.target as Element).closest?.('a');
  if (!link || e.defaultPrevented || e.ctrlKey || e.metaKey || e.shiftKey || link.target) return;
  if (link.origin !== location.origin || link.protocol === 'tel:' || link.hash) return;
  e.preventDefault();
  go(link.pathname + link.search);
};

export function App() {
  const [session, setSession] = useState<ScreenSession>();
  const [failed, setFailed] = useState('');
  const [why, setWhy] = useState<string>();
  const [warning, setWarning] = useState(false);
  const [place, setPlace] = useState(placeOf(new URL(location.href)));
  const owner = useRef('');  // whose page is kept underneath
  const lastActive = useRef(Date.now());
  const sessionNow = useRef(session);
  sessionNow.current = session;

  const take = useCallback((next: ScreenSession) => {
    setCsrf(next.csrf);
    lastActive.current = Date.now();
    setWhy(undefined);
    setSession(next);
  }, []);
  const load = useCallback(() => get<ScreenSession>('/api/session').then(take).catch((e: Error) => setFailed(e.message)), [take]);
  const away = useCallback((patch: ScreenSession, text: string) => {
    setWhy(text);
    setWarning(false);
    setSession((s) => ({ ...s, ...patch }));
  }, []);
  const lock = useCallback(() => {
    away({ locked: true }, '');
    channel.postMessage('lock');
    void post('/api/session/lock').catch(() => undefined);
  }, [away]);
  const signOut = useCallback(async () => {
    owner.current = '';
    await call('DELETE', '/api/session').catch(() => undefined);
    channel.postMessage('out');
    away({ person: '', locked: false }, 'You have signed out.');
  }, [away]);

  useEffect(() => {
    void load().then(() => { if (sessionNow.current?.proxy && sessionNow.current.person) channel.postMessage('in'); });
    whenEnded((status) => away(status === 423 ? { locked: true } : { person: '' }, status === 423 ? '' : 'Your session has ended. Sign in again: this page is kept.'));
    const moved = () => setPlace(placeOf(new URL(location.href)));
    const said = (e: MessageEvent) => {
      if (e.data === 'lock') away({ locked: true }, '');
      if (e.data === 'out') { owner.current = ''; away({ person: '', locked: false }, 'You signed out in another tab.'); }
      if (e.data === 'in') void load();
    };
    addEventListener('popstate', moved);
    document.addEventListener('click', onLink);
    channel.addEventListener('message', said);
    return () => {
      removeEventListener('popstate', moved);
      document.removeEventListener('click', onLink);
      channel.removeEventListener('message', said);
    };
  }, [away, load]);

  useEffect(() => {
    let told = Date.now();
    const active = () => { lastActive.current = Date.now(); didSomething(); };
    const events = ['pointerdown', 'keydown'] as const;
    // The organisation's sign-in ends a session there, for want of requests. It hears of a person who works; for
    // one who does not it is asked when it must have ended, so that a page nobody uses does not stay open.
    const atProxy = (s: ScreenSession) => {
      const now = Date.now();
      const working = lastActive.current > told && now - told > kTellEvery;
      const over = idleState(Math.max(lastActive.current, told), now, (s.lockAfterS ?? 0) + 60, 0) === 'locked';
      if (!working && !over) return;
      told = now;
      void get<ScreenSession>('/api/session').then((next) => (next.person === s.person ? setCsrf(next.csrf) : take(next))).catch(() => undefined);
    };
    events.forEach((name) => document.addEventListener(name, active, { passive: true }));
    const timer = setInterval(() => {
      const s = sessionNow.current;
      if (!s?.person || s.locked) return;
      if (s.proxy) return atProxy(s);
      const state = idleState(lastActive.current, Date.now(), s.lockAfterS ?? 0, s.lockWarningS ?? 120);
      setWarning(state === 'warning');
      if (state === 'locked') lock();
      else if (lastActive.current > told && Date.now() - told > kTellEvery) {
        told = Date.now();
        void get('/api/session').catch(() => undefined);
      }
    }, 1_000);
    return () => {
      clearInterval(timer);
      events.forEach((name) => document.removeEventListener(name, active));
    };
  }, [lock, take]);

  if (!session) return <main class="nhsuk-main-wrapper sb-narrow" id="main"><h1>Switchboard</h1><p role="status">{failed || 'Loading'}</p></main>;
  const open = Boolean(session.person) && !session.locked && !session.mustChangePassword;
  if (open) owner.current = session.person ?? '';
  const team = session.teams?.find((t) => t.id === place.team) ?? session.teams?.[0];
  const entered = (next: ScreenSession) => { take(next); channel.postMessage('in'); };
  return (
    <>
      <a class="nhsuk-skip-link" href="#main">Skip to main content</a>
      {session.environment === 'ENVIRONMENT_TEST' && <p class="sb-strip">TEST – not real children. Do not use for care.</p>}
      <Header session={session} open={open} team={team} place={place} onLock={lock} onOut={signOut} />
      {!open && (session.person && session.mustChangePassword && !session.locked
        ? <NewPassword session={session} onDone={entered} />
        : session.proxy && !session.person ? <NotSignedIn session={session} why={why} kept={Boolean(owner.current)} />
        : <SignIn key={session.locked ? 'lock' : 'in'} session={session} onDone={entered} why={why} />)}
      {owner.current && (
        <div hidden={!open} key={owner.current}>
          {warning && <LockWarning onStay={() => { lastActive.current = Date.now(); didSomething(); setWarning(false); void get('/api/session').catch(() => undefined); }} />}
          {team ? <Page session={session} team={team} place={place} open={open} probe={load} />
            : <main class="nhsuk-main-wrapper sb-wide" id="main"><h1>No team</h1><p>You are signed in, but belong to no team here. Ask your administrator.</p></main>}
        </div>
      )}
      <footer class="sb-footer"><div class="sb-wide">
        <h2 class="nhsuk-u-visually-hidden">Help</h2>
        <p><Ring contact={session.help} label="Help: ring" /></p>
        <p>A child in immediate danger: ring <a href="tel:999">999</a>. Switchboard never replaces the call.</p>
      </div></footer>
    </>
  );
}

function LockWarning({ onStay }: { onStay: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { dialog.current?.showModal?.(); }, []);
  return (
    <dialog ref={dialog} class="sb-dialog" aria-labelledby="lock-title" onCancel={onStay}>
      <h2 id="lock-title">This screen locks in 2 minutes</h2>
      <p>Nobody has used it for a while. What you typed is kept.</p>
      <Button onClick={onStay}>Stay signed in</Button>
    </dialog>
  );
}

function Header(p: { session: ScreenSession; open: boolean; team: ScreenTeam | undefined; place: Place; onLock: () => void; onOut: () => Promise<void> }) {
  const { session, team } = p;
  const base = `/teams/${encodeURIComponent(team?.id ?? '')}`;
  return (
    <header class="sb-header"><div class="sb-wide sb-header__row">
      <p class="sb-header__name"><a href="/">Switchboard</a> <span>{session.place}</span></p>
      {p.open && <div class="sb-header__who">
        {(session.teams?.length ?? 0) > 1 && (
          <label>Team{' '}
            <select class="nhsuk-select" value={team?.id} onChange={(e) => go(`/teams/${encodeURIComponent((e.target as HTMLSelectElement).value)}/${['children', 'operator'].includes(p.place.page) ? 'alerts' : p.place.page}`)}>
              {session.teams?.map((t) => <option key={t.id} value={t.id}>{t.name}</option>)}
            </select>
          </label>)}
        {!session.proxy && <details class="sb-menu">
          <summary>{session.name}</summary>
          <div>
            <button type="button" onClick={() => void p.onOut()}>Switch person</button>
            <button type="button" onClick={p.onLock}>Lock this screen</button>
            <button type="button" onClick={() => void p.onOut()}>Sign out</button>
          </div>
        </details>}
        {session.proxy && <span>{session.name}, signed in by your organisation <button type="button" class="sb-link" onClick={() => void p.onOut().then(leave)}>Sign out</button></span>}
      </div>}
    </div>
    {p.open && team && <nav class="sb-nav" aria-label="Pages"><ul class="sb-wide">
      {pages.filter(([, , has]) => has(team)).map(([id, text]) => (
        <li key={id}><a href={`${base}/${id}`} aria-current={p.place.page === id ? 'page' : undefined}>{text}</a></li>
      ))}
      {session.operates && <li><a href={kOperators} aria-current={p.place.page === 'operator' ? 'page' : undefined}>The hub</a></li>}
    </ul></nav>}
    </header>
  );
}

function Page({ session, team, place, open, probe }: { session: ScreenSession; team: ScreenTeam; place: Place; open: boolean; probe: () => void }) {
  const page = place.page;
  const props = useMemo(() => ({ session, team, open, probe }), [session, team, open, probe]);
  useEffect(() => {
    const title = page === 'children' ? 'Child' : (pages.find(([id]) => id === page)?.[1] ?? 'Alerts');
    if (page !== 'alerts' && page !== 'operator') document.title = `${title} – ${team.name}`;
  }, [page, team]);
  const known = page === 'alerts' || !(['children', 'operator'].includes(page) || pages.some(([id]) => id === page));
  // The list keeps its connection while another page is looked at.
  return (
    <>
      <div hidden={!known}><AlertsPage key={team.id} {...props} place={place} shown={known && open} /></div>
      {page === 'sent' && <SentPage key={team.id} {...props} place={place} />}
      {page === 'safety-net' && <SafetyPage key={team.id} {...props} place={place} />}
      {page === 'handover' && <HandoverPage key={team.id} {...props} />}
      {page === 'send' && <SendPage key={team.id} {...props} />}
      {page === 'directory' && <DirectoryPage key={team.id} {...props} />}
      {page === 'operator' && <OperatorsPage open={open} place={session.place ?? ''} />}
      {page === 'children' && <ChildPage key={team.id + place.rest} {...props} place={place} />}
    </>
  );
}

export interface PageProps { session: ScreenSession; team: ScreenTeam; open: boolean; probe: () => void }
export function Main({ hidden, children }: { hidden?: boolean; children: ComponentChildren }) {
  // The same element shown and hidden: another would be made anew, and what was typed in it lost.
  return <main class="nhsuk-main-wrapper sb-wide" id={hidden ? undefined : 'main'} hidden={hidden} tabIndex={-1}>{children}</main>;
}
