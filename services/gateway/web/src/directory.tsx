// Whom to ring. The last sheet stays readable without the hub and the gateway: it names no child.
import { useEffect, useState } from 'preact/hooks';
import { get, teamPath } from './api';
import { Main, type PageProps } from './app';
import { Ring, Tag, useNow } from './bits';
import type * as S from './generated/schema';
import { clockOf, dayOf, isoDate, whenOf } from './time';
import { listOf } from './words';

const kept = (team: string | undefined) => `switchboard-sheet-${team}`;

export function DirectoryPage({ team, open }: PageProps) {
  const [sheet, setSheet] = useState<S.DirectorySheet | undefined>(() => JSON.parse(sessionStorage.getItem(kept(team.id)) ?? 'null') ?? undefined);
  const [old, setOld] = useState(false);
  const [view, setView] = useState<S.TeamView>();
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
  return (
    <Main>
      <h1>Directory and duty</h1>
      {old && <p class="sb-live sb-live--not" role="alert">The hub cannot be reached. These numbers are a copy{sheet?.atUs ? ` of ${whenOf(sheet.atUs, now)}` : ''}.</p>}
      {view && <section aria-labelledby="duty"><h2 id="duty">On duty in {view.name}, next 7 days</h2>
        {view.duty?.length ? <ul class="nhsuk-list">{view.duty.map((d) => <li key={`${d.fromUs}${d.person}`}><b>{d.name}</b>: {dayOf(d.fromUs)} {whenOf(d.fromUs, now)} to {dayOf(d.toUs)} {clockOf(d.toUs)}{d.exception ? ' (change to the usual week)' : ''}</li>)}</ul>
          : <p>No duty is entered for this team.</p>}
        {view.lists?.map((l) => <p key={l.list}>{listOf(l.list)}: {l.members} children, as of {isoDate(l.asOf)} {l.stale && <Tag tone="red">Out of date</Tag>}</p>)}
      </section>}
      <h2>Numbers</h2>
      <div class="sb-scroll" role="region" aria-label="Numbers" tabIndex={0}>
        <table class="nhsuk-table sb-table"><caption class="nhsuk-u-visually-hidden">Teams and the numbers to ring now</caption>
          <thead><tr><th scope="col">Team</th><th scope="col">Ring now</th><th scope="col">If nobody answers</th><th scope="col">Hours</th><th scope="col">On duty</th></tr></thead>
          <tbody>{(sheet?.entries ?? []).map((e) => (
            <tr key={e.team}><th scope="row">{e.name}<br /><span class="sb-quiet">{e.agencyName || e.agency}{e.onHub ? '' : ', by telephone only'}</span></th>
              <td><Ring contact={e.ringNow} label="" />{e.stale && <> <Tag tone="orange">Number not checked{e.lastVerified ? ` since ${isoDate(e.lastVerified)}` : ''}</Tag></>}</td>
              <td>{e.fallback?.map((c) => <div key={c.phone}><Ring contact={c} label="" /></div>)}</td>
              <td>{e.hours}</td><td>{e.onDuty}</td></tr>))}</tbody></table>
        {!sheet?.entries?.length && <p>No numbers here yet.</p>}
      </div>
      <p class="sb-quiet">As of {whenOf(sheet?.atUs, now)}.</p>
    </Main>
  );
}
