// The list a team keeps open all day.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type * as S from './generated/schema';
import { AlertRow } from './alert';
import { get, teamPath } from './api';
import { go, Main, type PageProps, type Place } from './app';
import { Banner, Button, useNow } from './bits';
import { isSecret } from './facts';
import { empty, pushed, snapshot, stands, type Board } from './board';
import { LiveLink } from './live';
import { TaskCard } from './tasks';
import { clockSeconds, lasted, ms, usOf, whenOf } from './time';
import { counts, filterOf, grouped, immediate, matches, ordered, overdue, queryOf, sections, waiting, type Filter } from './view';
import { kindOf } from './words';

const paused = (team: string | undefined) => `switchboard-paused-${team}`;
interface Link { live: boolean; at: number; why: string }

// The board of one team, kept true by its stream.
function useBoard(p: PageProps) {
  const [board, setBoard] = useState<Board>(empty);
  const [link, setLink] = useState<Link>({ live: false, at: Date.now(), why: 'still connecting' });
  const [failed, setFailed] = useState('');
  const now = useRef(board);
  now.current = board;
  const update = useCallback((change: (b: Board) => Board) => {
    now.current = change(now.current);
    setBoard(now.current);
  }, []);
  const heard = useCallback((live: S.Live | undefined) => {
    if (!live) return;
    setLink(live.live ? { live: true, at: ms(live.heardUs) || Date.now(), why: '' } : { live: false, at: ms(live.sinceUs) || Date.now(), why: live.why ?? '' });
  }, []);
  const load = useCallback(async () => {
    try {
      const all = await get<S.Alerts>(`${teamPath(p.team.id)}/alerts`);
      update((b) => snapshot(b, all));
      heard(all.live);
      setFailed('');
    } catch (error) {
      setFailed((error as Error).message);
    }
  }, [p.team.id, update, heard]);
  const { open, probe } = p;
  useEffect(() => {
    if (!open) return undefined;
    let stream: LiveLink | undefined;
    let gone = false;
    let retry: ReturnType<typeof setTimeout>;
    const start = async () => {
      await load();
      if (gone) return;
      if (now.current.reload) { retry = setTimeout(start, 5_000); return; }
      stream = new LiveLink(p.team.id, () => `${now.current.epoch}-${now.current.head}`, {
        pushed: (message) => {
          update((b) => pushed(b, message));
          setLink((l) => (l.live ? { ...l, at: Date.now() } : l));
          if (now.current.reload) { stream?.close(); void start(); }
        },
        live: heard,
        reload: () => { stream?.close(); void start(); },
        sent: () => dispatchEvent(new Event('switchboard-sent')),
        lost: (why) => setLink((l) => (l.live ? { live: false, at: Date.now(), why } : l)),
        probe,
      });
    };
    void start();
    return () => { gone = true; clearTimeout(retry); stream?.close(); };
  }, [open, load, heard, probe, update, p.team.id]);
  return { board, update, link, failed };
}

function Connection({ link, team, help }: { link: Link; team: string; help: S.Contact | undefined }) {
  if (link.live) return <p class="sb-live"><span aria-hidden="true">●</span> Live – last word {clockSeconds(link.at)}</p>;
  return (
    <div class="sb-live sb-live--not" role="alert">
      <p><span aria-hidden="true">▲</span> <b>NOT live since {clockSeconds(link.at).slice(0, 5)}</b> – do not rely on this list, ring
        {' '}<a href={`/teams/${encodeURIComponent(team)}/directory`}>the teams you depend on</a>
        {help?.phone ? <> or <a href={`tel:${help.phone.replace(/\s/g, '')}`}>{help.phone}</a></> : null}.
        {link.why ? ` (${link.why})` : ''}</p>
    </div>
  );
}

// Counts only, at most every 15 s; at once and assertively for an immediate one.
function useSaid(fresh: number, urgent: number) {
  const [polite, setPolite] = useState('');
  const [assertive, setAssertive] = useState('');
  const last = useRef(0);
  useEffect(() => {
    setAssertive(urgent ? `${urgent} new immediate ${urgent === 1 ? 'alert' : 'alerts'}` : '');
  }, [urgent]);
  useEffect(() => {
    const timer = setTimeout(() => {
      last.current = Date.now();
      setPolite(fresh ? `${fresh} new ${fresh === 1 ? 'alert' : 'alerts'}` : '');
    }, Math.max(0, 15_000 - (Date.now() - last.current)));
    return () => clearTimeout(timer);
  }, [fresh]);
  return { polite, assertive };
}

export function AlertsPage(p: PageProps & { place: Place; shown: boolean }) {
  const { board: current, update, link, failed } = useBoard(p);
  const now = useNow();
  const person = p.session.person ?? '';
  const [frozen, setFrozen] = useState<Board>();
  const pause = useCallback((at: Board | undefined) => { setFrozen(at); frozenAt.current = Date.now(); sessionStorage.setItem(paused(p.team.id), at ? '1' : ''); }, [p.team.id]);
  const [view, setView] = useState<ReturnType<typeof ordered>>();
  const [kept, setKept] = useState<ReadonlyMap<string, S.Alert>>(new Map());  // opened, and so ended: not from under the reader
  const [teamView, setTeamView] = useState<S.TeamView>();
  const heading = useRef<HTMLHeadingElement>(null);
  const frozenAt = useRef(0);
  const board = frozen ?? current;
  useEffect(() => {
    if (!p.open) return undefined;
    // Whether a feed is silent is a question of now.
    const look = () => void get<S.ScreenTeamView>(teamPath(p.team.id)).then((v) => setTeamView(v.team)).catch(() => undefined);
    look();
    const timer = setInterval(look, 60_000);
    return () => clearInterval(timer);
  }, [p.open, p.team.id]);
  useEffect(() => {
    if (view || board.reload) return;
    setView(ordered(board.alerts.values(), Date.now()));
    if (sessionStorage.getItem(paused(p.team.id))) { setFrozen(board); frozenAt.current = Date.now(); }  // a page that is loaded anew stays paused
  }, [board, view, p.team.id]);

  const filter = filterOf(p.place.query);
  const filtered = queryOf(filter);
  useEffect(() => setKept(new Map()), [filtered]);
  const wait = view ? waiting(current.alerts, view.order, view.ranks, now) : { fresh: 0, immediate: 0, risen: 0 };
  const said = useSaid(wait.fresh, wait.immediate);
  const total = counts(current.alerts.values(), person);
  const unclaimed = total.unclaimed;
  useEffect(() => {
    if (p.shown) document.title = `${unclaimed ? `(${unclaimed}) ` : ''}Alerts – ${p.team.name}`;
  }, [unclaimed, p.shown, p.team.name]);

  const show = () => {
    pause(undefined);
    setKept(new Map());
    setView(ordered(current.alerts.values(), Date.now()));
    heading.current?.focus();
  };
  const acting = (alert: S.Alert) => setKept((k) => new Map(k).set(alert.number ?? '', alert));
  const acted = (alert: S.Alert, done: S.ScreenActed) => {
    setKept((k) => new Map(k).set(alert.number ?? '', done.now ?? alert));
    update((b) => stands(b, done.now, done.task));
    setFrozen((b) => b && stands(b, done.now, done.task));
  };
  const visible = (view?.order ?? []).flatMap((n) => {
    const alert = board.alerts.get(n) ?? kept.get(n);
    if (!alert) return [];
    return matches(alert, filter, person) || kept.has(n) ? [alert] : [];
  });
  const set = (change: Partial<Filter>) => go(`/teams/${encodeURIComponent(p.team.id ?? '')}/alerts${queryOf({ ...filter, ...change })}`);
  const kinds = [...new Set([...board.alerts.values()].flatMap((a) => a.header?.kind ?? []))].sort();
  const tasks = [...board.tasks.values()].sort((a, b) => ms(a.task?.dueUs) - ms(b.task?.dueUs));
  const button = [
    wait.fresh && `Show ${wait.fresh} new ${wait.fresh === 1 ? 'alert' : 'alerts'}${wait.immediate ? ` (${wait.immediate} immediate)` : ''}`,
    wait.risen && `${wait.fresh ? 'and p' : 'P'}ut ${wait.risen} that became overdue first`,
  ].filter(Boolean).join(' ');
  return (
    <Main hidden={!p.shown}>
      <div class="nhsuk-u-visually-hidden" role="status">{said.polite}</div>
      <div class="nhsuk-u-visually-hidden" role="alert">{said.assertive}</div>
      <div class="sb-top">
        <h1 ref={heading} tabIndex={-1}>Alerts <span class="sb-top__team">{p.team.name}</span></h1>
        <Connection link={link} team={p.team.id ?? ''} help={p.session.help} />
      </div>
      {failed && <p class="sb-live sb-live--not" role="alert">{failed}</p>}
      <Feeds view={teamView} now={now} />
      <nav aria-label="Sections" class="sb-tabs"><ul>
        {sections.map(([id, text]) => (
          <li key={id}><a href={`/teams/${encodeURIComponent(p.team.id ?? '')}/alerts${queryOf({ ...filter, section: id })}`} aria-current={filter.section === id ? 'true' : undefined}>
            {text} <span class="sb-count">{total[id]}</span></a></li>
        ))}
      </ul></nav>
      <div class="sb-tools">
        <label>Kind <select class="nhsuk-select" value={filter.kind} onChange={(e) => set({ kind: (e.target as HTMLSelectElement).value })}>
          <option value="">All</option>{kinds.map((k) => <option key={k} value={k}>{kindOf(k)}</option>)}</select></label>
        <label>Urgency <select class="nhsuk-select" value={filter.urgency} onChange={(e) => set({ urgency: (e.target as HTMLSelectElement).value })}>
          <option value="">All</option><option value="URGENCY_IMMEDIATE">Immediate</option><option value="URGENCY_URGENT">Urgent</option><option value="URGENCY_ROUTINE">Routine</option></select></label>
        {(filter.kind || filter.urgency) && <Button kind="secondary" onClick={() => set({ kind: '', urgency: '' })}>Clear filters</Button>}
        <Button kind="secondary" onClick={() => pause(frozen ? undefined : current)}>{frozen ? 'Resume updates' : 'Pause updates'}</Button>
      </div>
      {frozen && <p class="sb-note">Updates are paused: this list is as of {whenOf(usOf(frozenAt.current), now)}. {wait.fresh} new {wait.fresh === 1 ? 'alert waits' : 'alerts wait'}.</p>}
      {button && <p class="sb-show"><Button onClick={show}>{button}</Button></p>}
      {filter.section !== 'information' && tasks.length > 0 && (
        <section aria-labelledby="tasks-title" class="sb-tasks"><h2 id="tasks-title">To do ({tasks.length})</h2>
          {tasks.map((row) => <TaskCard key={row.task?.taskId} row={row} team={p.team.id} now={now} onActed={(done) => update((b) => stands(b, done.now, done.task))} />)}
        </section>)}
      {!visible.length && view && <p class="sb-empty">{board.alerts.size && (filter.kind || filter.urgency) ? 'Nothing matches these filters' : 'Nothing here'} as of {whenOf(link.live ? usOf(link.at) : board.asOfUs, now)}.
        {!link.live && ' This may be out of date.'}</p>}
      <ol class="sb-children">
        {grouped(visible).map((child) => (
          <li key={child.key} class={`sb-child${child.alerts.some((a) => overdue(a, now)) ? ' sb-child--overdue' : child.alerts.some(immediate) ? ' sb-child--immediate' : ''}`}>
            <div class="sb-child__head">
              <Banner level={2} now={now} identity={child.alerts.find((a) => a.identity)?.identity} provisional={child.alerts.some((a) => a.notice?.unverifiedIdentity)} secret={isSecret(child.alerts)} />
              {child.alerts[0]?.child && <a class="sb-child__link" href={`/teams/${encodeURIComponent(p.team.id ?? '')}/children/${child.alerts[0].number}`}>All about this child</a>}
            </div>
            {child.alerts.map((alert) => <AlertRow key={alert.number} alert={alert} secret={isSecret(child.alerts)} team={p.team.id} person={person} now={now} onActing={() => acting(alert)} onActed={(done) => acted(alert, done)} />)}
          </li>
        ))}
      </ol>
      {teamView && !teamView.policySignedOffBy && <p class="sb-note">The policy that sets these deadlines is an example: nobody has signed it off.</p>}
    </Main>
  );
}

function Feeds({ view, now }: { view: S.TeamView | undefined; now: number }) {
  const feeds = view?.feeds ?? [];
  if (!feeds.length) return null;
  const bad = feeds.filter((f) => f.alarm);
  return (
    <details class={`sb-feeds${bad.length ? ' sb-feeds--alarm' : ''}`}>
      <summary>{bad.length ? `Missing alerts possible: ${bad.map((f) => `${f.agency} ${f.system}`).join(', ')}` : `All ${feeds.length} sources were heard as usual`}</summary>
      <ul class="nhsuk-list">{feeds.map((f) => (
        <li key={`${f.agency}/${f.system}`}>{f.agency} {f.system}: last heard {whenOf(f.lastUs, now)}; {ms(f.expectedUs) > ms(f.lastUs) ? `usually heard at least every ${lasted(ms(f.expectedUs) - ms(f.lastUs))}` : 'it has not said how often it is heard'}{f.alarm ? ` – missing alerts possible. ${f.why ?? ''}` : ''}</li>))}
      </ul>
    </details>
  );
}
