// The safety net of an emergency department: every attendance of a child since the last review, who has
// reviewed it and with what outcome, and whether the list agrees with what the feed counted.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Marks } from './alert';
import { get, post, teamPath } from './api';
import { go, Main, type PageProps, type Place } from './app';
import { Banner, Button, Choose, Field, Ring, Tag, useNow } from './bits';
import { isSecret } from './facts';
import type * as S from './generated/schema';
import { agreement, dayName, outcomeOf, outcomes, rowsOf, standing, type Row } from './reviews';
import { clockOf, lasted, ms, usOf, whenOf } from './time';
import { atLeast, newId } from './words';

const shows: [string, string][] = [['', 'Since the last review'], ['open', 'Not reviewed'], ['week', 'Last 7 days'], ['month', 'Last 28 days']];
const back: Record<string, number> = { week: 7, month: 28 };

export function SafetyPage({ session, team, open, place }: PageProps & { place: Place }) {
  const [list, setList] = useState<S.ScreenAttendances>();
  const [problem, setProblem] = useState('');
  const now = useNow();
  const show = shows.some(([id]) => id === place.query.get('show')) ? place.query.get('show')! : '';
  const path = useCallback((before: string) => {
    const query = new URLSearchParams();
    if (show === 'open') query.set('unreviewed', '1');
    if (back[show]) query.set('from', usOf(Date.now() - back[show]! * 86_400_000));
    if (before) query.set('before', before);
    return `${teamPath(team.id)}/attendances${query.size ? `?${query}` : ''}`;
  }, [team.id, show]);
  const load = useCallback(() => get<S.ScreenAttendances>(path('')).then((l) => { setList(l); setProblem(''); }).catch((e: Error) => setProblem(e.message)), [path]);
  useEffect(() => {
    if (!open) return undefined;
    void load();
    const timer = setInterval(load, 60_000);
    return () => clearInterval(timer);
  }, [open, load]);
  const more = () => get<S.ScreenAttendances>(path(list?.view?.nextBefore ?? ''))
    .then((l) => setList({ ...list, alerts: [...(list?.alerts ?? []), ...(l.alerts ?? [])], view: { ...list?.view, rows: [...(list?.view?.rows ?? []), ...(l.view?.rows ?? [])], nextBefore: l.view?.nextBefore ?? '0' } }))
    .catch((e: Error) => setProblem(e.message));
  const view = list?.view ?? {};
  const days = view.days ?? [];
  // What was just reviewed stays where it is, with its Undo, also when the list begins after it.
  const [kept, setKept] = useState<ReadonlyMap<string, Row>>(new Map());
  useEffect(() => setKept(new Map()), [show]);
  const fresh = rowsOf(list?.alerts ?? [], list?.view);
  const shown = new Set(fresh.map((r) => r.alert.number));
  const rows = [...fresh, ...[...kept.values()].filter((r) => !shown.has(r.alert.number))].sort((a, b) => Number(BigInt(b.alert.number ?? '0') - BigInt(a.alert.number ?? '0')));
  const reviewed = (row: Row, outcome: string) => {
    const review = { ...row.review, reviewedBy: { person: session.person ?? '', name: session.name ?? '', role: session.role ?? '' }, reviewedUs: usOf(Date.now()), outcome, overdue: false };
    setKept((k) => { const next = new Map(k); if (outcome) next.set(row.alert.number ?? '0', { ...row, review }); else next.delete(row.alert.number ?? '0'); return next; });
    void load();
  };
  return (
    <Main>
      <h1>Safety net <span class="sb-top__team">{team.name}</span></h1>
      {problem && <p class="sb-live sb-live--not" role="alert">{problem} What is shown may be out of date.</p>}
      {list && <p role="status"><b>{standing(view)}</b> {ms(view.completeThroughUs) ? `Everything up to ${whenOf(view.completeThroughUs, now)} is reviewed.` : ''} <span class="sb-quiet">As of {whenOf(list.asOfUs, now)}.</span></p>}
      {list && <Counts days={days} />}
      <div class="sb-tools"><label>Show <select class="nhsuk-select" value={show} onChange={(e) => { const to = (e.target as HTMLSelectElement).value; go(`/teams/${encodeURIComponent(team.id ?? '')}/safety-net${to ? `?show=${to}` : ''}`); }}>
        {shows.map(([id, text]) => <option key={id} value={id}>{text}</option>)}</select></label>
        <Button kind="secondary" onClick={() => print()}>Print</Button></div>
      {list && !rows.length && <p class="sb-empty">No attendance to show as of {whenOf(list.asOfUs, now)}.</p>}
      <ol class="sb-children">{rows.map((row) => <li key={row.alert.number} class={`sb-child${row.review.overdue ? ' sb-child--overdue' : ''}`}><AttendanceCard row={row} team={team.id} now={now} onDone={(outcome) => reviewed(row, outcome)} onFailed={load} /></li>)}</ol>
      {view.nextBefore && view.nextBefore !== '0' && <Button kind="secondary" onClick={more}>Show older</Button>}
      <p class="sb-quiet">Every attendance of somebody under 18, or of unknown age, in this trust’s emergency department. Reviewed means that a person of this team recorded an outcome.</p>
    </Main>
  );
}

// All agreeing is one line; what does not agree is never folded away.
function Counts({ days }: { days: S.AttendanceDay[] }) {
  const wrong = days.filter((d) => !agreement(d).agrees);
  if (!days.length) return <p class="sb-note">No feed of an emergency department is known here: this list may be incomplete. Ask the operator.</p>;
  return (
    <details class={`sb-feeds${wrong.length ? ' sb-feeds--alarm' : ''}`} open={wrong.length > 0}>
      <summary>{wrong.length ? 'This list may be incomplete: the counts do not agree' : 'This list agrees with what the feed counted'}</summary>
      <div class="sb-scroll" role="region" aria-label="Counts by day" tabIndex={0}>
        <table class="nhsuk-table sb-table"><caption class="nhsuk-u-visually-hidden">Attendances by day and source</caption>
          <thead><tr><th scope="col">Day</th><th scope="col">Source</th><th scope="col">The feed read</th><th scope="col">The hub took</th><th scope="col">Sent here</th><th scope="col">Agreement</th></tr></thead>
          <tbody>{days.map((d) => {
            const { agrees, text } = agreement(d);
            return <tr key={`${d.day}${d.agency}${d.system}`}><th scope="row">{dayName(d)}</th><td>{d.agency} {d.system}</td><td>{ms(d.fedUs) ? (d.fed ?? '0') : 'not told'}</td><td>{d.accepted ?? '0'}</td><td>{d.here ?? '0'}</td>
              <td>{agrees ? <Tag tone="green">Agrees</Tag> : <><Tag tone="red">Does not agree</Tag> {text}</>}</td></tr>;
          })}</tbody></table>
      </div>
    </details>
  );
}

// onDone: with the outcome that was recorded, or empty when it was taken back.
function AttendanceCard({ row, team, now, onDone, onFailed }: { row: Row; team: string | undefined; now: number; onDone: (outcome: string) => void; onFailed: () => void }) {
  const { alert, review } = row;
  const [form, setForm] = useState(false);
  const [problem, setProblem] = useState('');
  const [undo, setUndo] = useState<{ act: string; until: number }>();
  const [busy, setBusy] = useState(false);
  const ids = useRef<{ key: string; take: string; finish: string } | undefined>(undefined);  // sent again, it is the same review
  const about = alert.identity?.name?.family ?? alert.reference ?? '';
  const act = async (body: S.ScreenAct) => {
    const done = await post<S.ScreenActed>(`${teamPath(team)}/alerts/${alert.number}/acts`, { ...body, reference: alert.reference });
    const code = done.outcome?.code ?? 'CODE_OK';
    if (code !== 'CODE_OK' && code !== 'CODE_DUPLICATE') throw new Error(done.outcome?.text || 'The hub did not take it. Nothing was changed.');
    return done;
  };
  const run = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    try { await work(); setProblem(''); } catch (error) { setProblem((error as Error).message); onFailed(); } finally { setBusy(false); }
  };
  const save = (outcome: string) => run(async () => {
    if (ids.current?.key !== outcome) ids.current = { key: outcome, take: newId(), finish: newId() };
    const { take, finish } = ids.current;
    if (!atLeast(alert.notice?.state, 'DELIVERY_STATE_ACKNOWLEDGED')) await act({ kind: 'ACT_KIND_ACKNOWLEDGE', actId: take });
    const done = await act({ kind: 'ACT_KIND_FINISH', outcome, actId: finish });
    setUndo(ms(done.undoUntilUs) > Date.now() ? { act: finish, until: ms(done.undoUntilUs) } : undefined);
    setForm(false);
    onDone(outcome);
  });
  const takeBack = () => run(async () => {
    await act({ kind: 'ACT_KIND_UNDO', undoes: undo!.act, actId: newId() });
    setUndo(undefined);
    ids.current = undefined;
    onDone('');
  });
  const due = ms(review.reviewByUs);
  return (
    <article aria-label={`Attendance, ${alert.reference}`}>
      <div class="sb-child__head">
        <Banner level={2} now={now} identity={alert.identity} provisional={Boolean(alert.notice?.unverifiedIdentity)} secret={isSecret([alert])} />
        {alert.child && <a class="sb-child__link" href={`/teams/${encodeURIComponent(team ?? '')}/children/${alert.number}`}>All about this child</a>}
      </div>
      <div class="sb-alert">
        <p class="sb-alert__text">{alert.summary?.text || alert.detail?.edAttendance?.chiefComplaint || 'Attended the emergency department'} <Marks alert={alert} now={now} clock={false} /></p>
        <p class="sb-quiet">Attended {whenOf(alert.notice?.occurredUs, now)}. {alert.header?.agency} {alert.header?.system}. Reference <span class="sb-ref">{alert.reference}</span></p>
        {review.reviewedBy
          ? <p><Tag tone="green">Reviewed</Tag> by {review.reviewedBy.name || review.reviewedBy.person}{review.reviewedBy.role ? `, ${review.reviewedBy.role}` : ''}, {whenOf(review.reviewedUs, now)}: {review.outcome || 'the outcome cannot be shown'}</p>
          : <p>{review.overdue ? <Tag tone="red">Overdue by {lasted(now - due)}</Tag> : <Tag tone="orange">Not reviewed</Tag>} {due && !review.overdue ? `Review by ${whenOf(review.reviewByUs, now)}. ` : ''}
            {alert.notice?.pickedUpBy ? `Picked up by ${alert.notice.pickedUpBy.name || alert.notice.pickedUpBy.person}.` : ''} {review.overdue && <Ring contact={alert.notice?.callBack} label="Ring the department:" />}</p>}
        {problem && <p class="nhsuk-error-message" role="alert">{problem}</p>}
        {undo && undo.until > now && <p class="sb-undo">Reviewed. <Button kind="secondary" hidden={about} onClick={takeBack}>Undo</Button> until {clockOf(usOf(undo.until))}</p>}
        {!review.reviewedBy && !form && <div class="sb-acts"><Button hidden={`the attendance of ${about}`} onClick={() => setForm(true)}>Record the review</Button></div>}
        {form && !review.reviewedBy && <ReviewForm id={`review-${alert.number}`} busy={busy} onSave={save} onCancel={() => setForm(false)} />}
      </div>
    </article>
  );
}

function ReviewForm(p: { id: string; busy: boolean; onSave: (outcome: string) => Promise<void>; onCancel: () => void }) {
  const [choice, setChoice] = useState('');
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState('');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => { form.current?.querySelector('select')?.focus(); }, []);
  const save = (e: Event) => {
    e.preventDefault();
    const said = outcomeOf(choice, note);
    if ('problem' in said) return setWrong(said.problem);
    setWrong('');
    void p.onSave(said.outcome);
  };
  return (
    <form ref={form} class="sb-form" noValidate onSubmit={save}>
      <Choose id={`${p.id}-outcome`} label="What came of the review?" value={choice} onValue={setChoice} error={wrong} options={outcomes} />
      <Field id={`${p.id}-note`} label={choice === 'other' ? 'What came of it?' : 'Note (optional)'} rows={2} value={note} onValue={setNote} />
      <Button submit busy={p.busy}>Save the review</Button> <Button kind="secondary" onClick={p.onCancel}>Cancel</Button>
    </form>
  );
}
