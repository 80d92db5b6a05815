// Whom to ring, and who is on duty. The last sheet stays readable without the hub and the gateway: it names
// no child.
import { useEffect, useState } from 'preact/hooks';
import { get, teamPath } from './api';
import { Main, type PageProps } from './app';
import { Field, Ring, Tag, useNow } from './bits';
import type * as S from './generated/schema';
import { dutyAt } from './shift';
import { clockOf, isoDate, ms, weekOf, whenOf } from './time';
import { listOf } from './words';

const kept = (team: string | undefined) => `switchboard-sheet-${team}`;

export function DirectoryPage({ team, open }: PageProps) {
  const [sheet, setSheet] = useState<S.DirectorySheet | undefined>(() => JSON.parse(sessionStorage.getItem(kept(team.id)) ?? 'null') ?? undefined);
  const [old, setOld] = useState(false);
  const [view, setView] = useState<S.TeamView>();
  const [find, setFind] = useState('');
  const now = useNow();
  useEffect(() => {
    if (!open) return;
    get<S.ScreenDirectory>(`${teamPath(team.id)}/directory`).then((d) => {
      setSheet(d.sheet);
      setOld(!d.live?.live);
      sessionStorage.setItem(kept(team.id), JSON.stringify(d.sheet ?? {}));
    }).catch(() => setOld(true));
    get<S.ScreenTeamView>(teamPath(team.id)).then((v) => setView(v.team)).catch(() => undefined);
  }, [team.id, open]);
  const entries = (sheet?.entries ?? []).filter((e) => `${e.name} ${e.agencyName} ${e.agency}`.toLowerCase().includes(find.trim().toLowerCase()));
  const stale = (sheet?.entries ?? []).filter((e) => e.stale);
  return (
    <Main>
      <h1>Directory and duty</h1>
      {old && <p class="sb-live sb-live--not" role="alert">The hub cannot be reached. These numbers are a copy{sheet?.atUs ? ` of ${whenOf(sheet.atUs, now)}` : ''}.</p>}
      {view && <Duty view={view} now={now} own={sheet?.entries?.find((e) => e.team === team.id)} />}
      <h2>Numbers</h2>
      {stale.length > 0 && <p class="sb-note">{stale.length} {stale.length === 1 ? 'number has' : 'numbers have'} not been checked lately: {stale.map((e) => e.name).join(', ')}. Ring {stale.length === 1 ? 'it' : 'them'} when it is quiet, and tell the operator what is right.</p>}
      <Field id="find" label="Find a team" width={20} value={find} onValue={setFind} />
      <div class="sb-scroll" role="region" aria-label="Numbers" tabIndex={0}>
        <table class="nhsuk-table sb-table"><caption class="nhsuk-u-visually-hidden">Teams and the numbers to ring now</caption>
          <thead><tr><th scope="col">Team</th><th scope="col">Ring now</th><th scope="col">If nobody answers</th><th scope="col">Hours</th><th scope="col">On duty</th></tr></thead>
          <tbody>{entries.map((e) => (
            <tr key={e.team}><th scope="row">{e.name}<br /><span class="sb-quiet">{e.agencyName || e.agency}{e.onHub ? '' : ', by telephone only'}</span></th>
              <td><Ring contact={e.ringNow} label="" />{e.stale && <> <Tag tone="orange">Number not checked{e.lastVerified ? ` since ${isoDate(e.lastVerified)}` : ''}</Tag></>}</td>
              <td>{e.fallback?.map((c) => <div key={c.phone}><Ring contact={c} label="" /></div>)}</td>
              <td>{e.hours}</td><td>{e.onDuty}</td></tr>))}</tbody></table>
      </div>
      {!entries.length && <p role="status">{find ? 'No team of that name.' : 'No numbers here yet.'}</p>}
      <p class="sb-quiet">As of {whenOf(sheet?.atUs, now)}.</p>
    </Main>
  );
}

function Duty({ view, now, own }: { view: S.TeamView; now: number; own: S.DirectoryEntry | undefined }) {
  const duty = dutyAt(view.duty ?? [], now);
  return (
    <section aria-labelledby="duty"><h2 id="duty">On duty in {view.name}</h2>
      <p>Now: <b>{duty.now.map((d) => `${d.name} until ${clockOf(d.toUs)}`).join(', ') || 'nobody is entered'}</b>. Next: <b>{duty.next ? `${duty.next.name}, ${whenOf(duty.next.fromUs, now)}` : 'nobody is entered'}</b>. {!duty.now.length && <><Ring contact={own?.ringNow} label="Who rings this team now reaches" />. </>}<a href={`/teams/${encodeURIComponent(view.team ?? '')}/handover`}>Make a hand-over sheet</a></p>
      {view.duty?.length ? <div class="sb-scroll" role="region" aria-label="Duty of the week" tabIndex={0}>
        <table class="nhsuk-table sb-table"><caption class="nhsuk-u-visually-hidden">Who is on duty in the next seven days</caption>
          <thead><tr><th scope="col">Day</th><th scope="col">On duty</th></tr></thead>
          <tbody>{weekOf(view.duty, now).map((d) => (
            <tr key={d.date}><th scope="row">{d.day}<br /><span class="sb-quiet">{d.date}</span></th>
              <td>{d.spans.length ? d.spans.map((s) => <div key={`${s.fromUs}${s.person}`}>{whenOf(s.fromUs, ms(s.fromUs)).replace(' today', '')}–{clockOf(s.toUs)} <b>{s.name}</b>{s.exception && <> <Tag tone="yellow">Change to the usual week</Tag></>}</div>) : <span class="sb-quiet">Nobody is entered</span>}</td></tr>))}</tbody></table>
      </div> : <p>No duty is entered for this team: the numbers below are what there is.</p>}
      {view.people?.length ? <p class="sb-quiet">In this team: {view.people.filter((p) => !p.disabled).map((p) => `${p.name}${p.role ? ` (${p.role})` : ''}`).join(', ')}.</p> : null}
      {view.lists?.map((l) => <p key={l.list}>{listOf(l.list)}: {l.members} children, as of {isoDate(l.asOf)} {l.stale && <Tag tone="red">Out of date: children may be missing from it</Tag>}</p>)}
    </section>
  );
}
