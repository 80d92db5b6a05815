// Something a person of this team is to do: ring, reply, review.
import { useState } from 'preact/hooks';
import { CallForm, Words } from './alert';
import { post, teamPath } from './api';
import { Button, Ring, Tag } from './bits';
import type * as S from './generated/schema';
import { lasted, ms, whenOf } from './time';
import { callOf, hexOf, newId } from './words';

const names: Partial<Record<S.TaskKind, string>> = {
  TASK_KIND_CALL: 'Ring', TASK_KIND_REPLY: 'Reply', TASK_KIND_REVIEW: 'Review', TASK_KIND_HANDOVER: 'Answer before the discharge',
  TASK_KIND_DISAGREEMENT: 'Disagreement', TASK_KIND_CHECK: 'Check',
};

export function TaskCard(p: { row: S.TaskRow; team: string | undefined; now: number; onActed: (done: S.ScreenActed) => void }) {
  const task = p.row.task ?? {};
  const [open, setOpen] = useState<'' | 'words' | 'none'>('');
  const [problem, setProblem] = useState('');
  const [id, setId] = useState(newId);
  const call = task.kind === 'TASK_KIND_CALL';
  const due = ms(task.dueUs);
  const act = async (body: S.ScreenAct) => {
    try {
      const done = await post<S.ScreenActed>(`${teamPath(p.team)}/tasks/${hexOf(task.taskId)}/acts`, { ...body, actId: id, taskId: hexOf(task.taskId) });
      const code = done.outcome?.code ?? 'CODE_OK';
      setProblem(code === 'CODE_OK' || code === 'CODE_DUPLICATE' ? '' : (done.outcome?.text ?? 'Not taken.'));
      setId(newId());
      setOpen('');
      p.onActed(done);
      return true;
    } catch (error) {
      setProblem((error as Error).message);
      return false;
    }
  };
  const key = `task-${hexOf(task.taskId)}`;
  return (
    <article class="sb-alert sb-task" aria-label={task.title}>
      <div class="sb-alert__what"><h3>{task.title || names[task.kind ?? 'TASK_KIND_UNSPECIFIED'] || 'To do'}</h3>
        <span class="sb-marks">{due > 0 && due <= p.now && <Tag tone="red">Overdue by {lasted(p.now - due)}</Tag>}</span></div>
      <p class="sb-alert__state">{due ? `Due ${whenOf(task.dueUs, p.now)}. ` : ''}{p.row.askedBy ? `Asked by ${p.row.askedBy}.` : ''}</p>
      {call && <p class="sb-alert__ring"><Ring contact={task.numberNow} />{task.fallback?.map((c) => <span key={c.phone}>, or <Ring contact={c} label="ring" /></span>)}</p>}
      {task.script?.length ? <><p class="sb-quiet">{call ? 'Say:' : 'Please answer:'}</p><ul class="nhsuk-list nhsuk-list--bullet">{task.script.map((line) => <li key={line}>{line}</li>)}</ul></> : null}
      {p.row.steps?.map((s) => <p key={s.atUs} class="sb-quiet">{whenOf(s.atUs, p.now)}: {s.call ? callOf(s.call.result) : s.outcome}{s.actor?.name ? `, ${s.actor.name}` : ''}</p>)}
      {problem && <p class="nhsuk-error-message" role="alert">{problem}</p>}
      <div class="sb-acts">
        <Button kind="secondary" hidden={task.title} expanded={open === 'words'} onClick={() => setOpen('words')}>{call ? 'Log the call' : 'Reply'}</Button>
        {!call && <Button kind="secondary" hidden={task.title} expanded={open === 'none'} onClick={() => setOpen('none')}>{task.kind === 'TASK_KIND_REVIEW' ? 'No change' : 'Nothing known'}</Button>}
      </div>
      {open === 'words' && (call
        ? <CallForm id={key} number={task.numberNow?.phone ?? ''} onCancel={() => setOpen('')} onSave={(c, outcome) => act({ kind: 'ACT_KIND_LOG_CALL', call: c, ...(outcome && { outcome }) })} />
        : <Words id={key} label="Your reply" save="Send reply" onCancel={() => setOpen('')} onSave={(outcome) => act({ kind: 'ACT_KIND_REPLY', outcome })} />)}
      {open === 'none' && <Words id={`${key}-none`} label="Because" save="Save" onCancel={() => setOpen('')} onSave={(outcome) => act({ kind: 'ACT_KIND_REPLY', noChange: true, outcome })} />}
    </article>
  );
}
