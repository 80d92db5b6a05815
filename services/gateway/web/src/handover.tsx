// The sheet one shift hands to the next, on the screen and on paper.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { get, teamPath } from './api';
import { Main, type PageProps } from './app';
import { Button, Ring, Tag, useNow } from './bits';
import type * as S from './generated/schema';
import { countOf, dutyAt, shiftOf } from './shift';
import { clockOf, isoDate, lasted, ms, whenOf } from './time';
import { dueOf, immediate, overdue } from './view';
import { kindOf, nameOf, nhsNumber, stateOf, urgencyOf } from './words';

interface Sheet { alerts: S.Alerts; view: S.TeamView | undefined; sent: S.ScreenSent; sheet: S.DirectorySheet | undefined }

export function HandoverPage({ session, team, open }: PageProps) {
  const [all, setAll] = useState<Sheet>();
  const [problem, setProblem] = useState('');
  const [names, setNames] = useState(true);
  const now = useNow();
  const load = useCallback(async () => {
    try {
      const path = teamPath(team.id);
      const [alerts, view, sent, sheet] = await Promise.all([get<S.Alerts>(`${path}/alerts`), get<S.ScreenTeamView>(path), get<S.ScreenSent>(`${path}/sent?open=1`), get<S.ScreenDirectory>(`${path}/directory`)]);
      setAll({ alerts, view: view.team, sent, sheet: sheet.sheet });
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, [team.id]);
  useEffect(() => { if (open) void load(); }, [open, load]);
  if (!all) return <Main><h1>Shift hand-over</h1>{problem ? <p class="sb-live sb-live--not" role="alert">{problem}</p> : <p>Loading</p>}</Main>;
  const shift = shiftOf(all.alerts.alerts ?? [], all.alerts.tasks ?? [], all.sent, now);
  const count = countOf(shift);
  const duty = dutyAt(all.view?.duty ?? [], now);
  const silent = (all.view?.feeds ?? []).filter((f) => f.alarm);
  const stale = (all.view?.lists ?? []).filter((l) => l.stale);
  const own = all.sheet?.entries?.find((e) => e.team === team.id);
  const unchecked = (all.sheet?.entries ?? []).filter((e) => e.stale);
  const row = (a: S.Alert) => <Row key={a.number} alert={a} names={names} now={now} />;
  return (
    <Main>
      <h1>Shift hand-over <span class="sb-top__team">{team.name}</span></h1>
      <p><b>{count.open} open, {count.immediate} immediate, {shift.overdue.length} overdue, {shift.tasks.length} to do.</b> Made by {session.name}, as of {whenOf(all.alerts.asOfUs, now)}.{!all.alerts.live?.live && <> <Tag tone="red">The hub was not reached: this may be incomplete</Tag></>}</p>
      {problem && <p class="sb-live sb-live--not" role="alert">{problem} This sheet is as of {whenOf(all.alerts.asOfUs, now)}.</p>}
      <div class="sb-tools">
        <div class="nhsuk-checkboxes"><div class="nhsuk-checkboxes__item"><input class="nhsuk-checkboxes__input" id="names" type="checkbox" checked={names} onChange={(e) => setNames((e.target as HTMLInputElement).checked)} /><label class="nhsuk-label nhsuk-checkboxes__label" for="names">With children’s names</label></div></div>
        <Button kind="secondary" onClick={load}>Renew</Button><Button onClick={() => print()}>Print</Button></div>
      {names && <p class="sb-note">This sheet names children. Hand it to the next person only, and shred it at the end of their shift.</p>}
      <section class="sb-sheet" aria-label="Hand-over sheet">
        <h2>On duty</h2>
        <p>Now: <b>{duty.now.map((d) => `${d.name} until ${clockOf(d.toUs)}`).join(', ') || 'nobody is entered'}</b>. Next: <b>{duty.next ? `${duty.next.name}, ${whenOf(duty.next.fromUs, now)}` : 'nobody is entered'}</b>. {!duty.now.length && <Ring contact={own?.ringNow} label="Who rings this team now reaches" />}</p>
        <Part title="Overdue: do these first" alerts={shift.overdue} row={row} />
        <Part title="Not picked up" alerts={shift.unclaimed} row={row} />
        {shift.held.map((h) => <Part key={h.name} title={`With ${h.name}`} alerts={h.alerts} row={row} />)}
        {shift.offered.length > 0 && <Part title="Offered to another team, not yet taken" alerts={shift.offered} row={row} />}
        <h2>To do ({shift.tasks.length})</h2>
        {shift.tasks.length ? <ul class="nhsuk-list">{shift.tasks.map((t) => <li key={t.task?.taskId}><b>{t.task?.title}</b> {ms(t.task?.dueUs) ? `by ${whenOf(t.task?.dueUs, now)}` : ''} {ms(t.task?.dueUs) > 0 && ms(t.task?.dueUs) <= now && <Tag tone="red">Overdue</Tag>} <Ring contact={t.task?.numberNow} /></li>)}</ul> : <p>Nothing.</p>}
        <h2>We sent, and nobody has picked up in time ({shift.notPickedUp.length})</h2>
        {shift.notPickedUp.length ? <ul class="nhsuk-list">{shift.notPickedUp.map(({ item, who }) => <li key={item.position}>{kindOf(item.kind)}, {urgencyOf(item.urgency)}, sent {whenOf(item.acceptedUs, now)}: {who.map((r) => <span key={r.team}><b>{r.teamName || r.team}</b>, {stateOf(r.state).toLowerCase()} <Ring contact={r.ring} /> </span>)}</li>)}</ul> : <p>Nothing.</p>}
        <h2>Know this</h2>
        <ul class="nhsuk-list nhsuk-list--bullet">
          {silent.map((f) => <li key={f.agency! + f.system}><b>Alerts may be missing</b>: {f.agency} {f.system} was last heard {whenOf(f.lastUs, now)}</li>)}
          {stale.map((l) => <li key={l.list}>A list of this team is out of date: as of {isoDate(l.asOf)}</li>)}
          {unchecked.length > 0 && <li>Numbers that have not been checked lately: {unchecked.map((e) => e.name).join(', ')}</li>}
          {!silent.length && !stale.length && !unchecked.length && <li>All sources were heard as usual; lists and numbers are in date.</li>}
        </ul>
        <p class="sb-sign">Handed over by ____________________  Taken by ____________________  Time ________</p>
      </section>
    </Main>
  );
}

function Part({ title, alerts, row }: { title: string; alerts: S.Alert[]; row: (a: S.Alert) => preact.JSX.Element }) {
  return <><h2>{title} ({alerts.length})</h2>{alerts.length ? <ul class="nhsuk-list sb-sheet__list">{alerts.map(row)}</ul> : <p>Nothing.</p>}</>;
}

function Row({ alert, names, now }: { alert: S.Alert; names: boolean; now: number }) {
  const n = alert.notice ?? {};
  const number = alert.identity?.identifiers?.find((i) => i.type === 'IDENTIFIER_TYPE_NHS_NUMBER')?.value;
  const who = alert.identity ? `${nameOf(alert.identity.name) || 'Name not known'}, born ${isoDate(alert.identity.birthDate)}${number ? `, ${nhsNumber(number)}` : ''}` : 'Identity not shown';
  const due = dueOf(alert);
  return (
    <li>
      {names && <><b>{who}</b>{n.unverifiedIdentity && ' (provisional: check who this is)'}. </>}
      {kindOf(alert.header?.kind)}, {whenOf(n.occurredUs, now)}. {immediate(alert) && <Tag tone="red">Immediate</Tag>} {overdue(alert, now) && <Tag tone="red">Overdue by {lasted(now - due)}</Tag>} {!overdue(alert, now) && due > 0 && `Due ${whenOf(String(due * 1000), now)}. `}
      {names && alert.summary?.text ? `${alert.summary.text} ` : ''}<Ring contact={n.callBack} label="Sender:" /> <span class="sb-quiet">Reference <span class="sb-ref">{alert.reference}</span></span>
    </li>
  );
}
