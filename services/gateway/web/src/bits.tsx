// Small parts that several pages share.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type * as S from './generated/schema';
import { addressProtected, type Fact } from './facts';
import { ageOf, isoDate } from './time';
import { nameOf, nhsNumber, sexOf, telOf } from './words';

export function Ring({ contact, label = 'Ring' }: { contact: S.Contact | undefined; label?: string }) {
  if (!contact?.phone) return null;
  return (
    <span class="sb-ring">
      {label} <a href={telOf(contact.phone)}>{contact.phone}</a>
      {contact.name ? `, ${contact.name}` : ''}{contact.hours ? ` (${contact.hours})` : ''}
    </span>
  );
}

export type Tone = 'red' | 'orange' | 'blue' | 'grey' | 'green' | 'yellow';
export const Tag = ({ tone, children }: { tone: Tone; children: ComponentChildren }) => (
  <strong class={`nhsuk-tag nhsuk-tag--${tone} sb-tag`}>{children}</strong>
);

const born = (identity: S.Identity, now: number) => {
  const age = ageOf(identity.birthDate, now);
  return `${isoDate(identity.birthDate)}${age ? ` (${age})` : ''}`;
};

// NHS order: name without a label, then Born, then NHS number. Never matched by eye on a number alone.
export function Banner({ identity, provisional, secret, now, level }: {
  identity: S.Identity | undefined; provisional: boolean; secret?: boolean; now: number; level: 1 | 2 }) {
  const Heading = level === 1 ? 'h1' : 'h2';
  if (!identity) return <Heading class="sb-banner__name">Identity not shown: ring the sender</Heading>;
  const number = identity.identifiers?.find((i) => i.type === 'IDENTIFIER_TYPE_NHS_NUMBER');
  return (
    <div class="sb-banner">
      <div class="sb-banner__who">
        <Heading class="sb-banner__name">{nameOf(identity.name) || (identity.unborn ? 'Unborn baby' : 'Name not known')}</Heading>
        {provisional && <Tag tone="yellow">Provisional identity: check who this is</Tag>}
      </div>
      <p class="sb-banner__facts">
        {identity.unborn
          ? <span>Expected {isoDate(identity.unborn.expectedDeliveryDate)}</span>
          : <span>Born <b>{born(identity, now)}</b></span>}
        {identity.deathDate && <span>Died <b>{isoDate(identity.deathDate)}</b></span>}
        {sexOf(identity.sex) && <span>{sexOf(identity.sex)}</span>}
        <span>NHS number <b class="sb-nowrap">{number ? nhsNumber(number.value) : 'not known'}</b></span>
      </p>
      {secret && <p class="sb-banner__secret">{addressProtected}</p>}
    </div>
  );
}

export const Facts = ({ rows }: { rows: Fact[] }) => (
  <dl class="sb-list">{rows.map(([k, v], i) => <div key={`${i}${k}`}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
);

export function ErrorSummary({ wrong }: { wrong: [string, string][] }) {
  const box = useRef<HTMLDivElement>(null);
  const key = wrong.map(([f]) => f).join();
  useEffect(() => { if (key) box.current?.focus(); }, [key]);
  if (!wrong.length) return null;
  return (
    <div class="nhsuk-error-summary" ref={box} tabIndex={-1} role="alert" aria-labelledby="error-title">
      <h2 class="nhsuk-error-summary__title" id="error-title">There is a problem</h2>
      <ul class="nhsuk-list nhsuk-error-summary__list">
        {wrong.map(([field, text]) => (
          <li key={field + text}><a href={`#${field}`} onClick={(e) => { e.preventDefault(); document.getElementById(field)?.focus(); }}>{text}</a></li>
        ))}
      </ul>
    </div>
  );
}

interface FieldProps {
  id: string; label: string; hint?: string; error?: string | undefined; value: string; onValue: (v: string) => void;
  type?: 'text' | 'password' | 'tel' | 'date' | 'datetime-local'; autocomplete?: string; rows?: number; width?: number;
}
export function Field(p: FieldProps) {
  const described = [p.hint && `${p.id}-hint`, p.error && `${p.id}-error`].filter(Boolean).join(' ') || undefined;
  const common = {
    id: p.id, name: p.id, value: p.value, 'aria-describedby': described, autocomplete: p.autocomplete ?? 'off',
    onInput: (e: Event) => p.onValue((e.target as HTMLInputElement).value),
  };
  return (
    <div class={`nhsuk-form-group${p.error ? ' nhsuk-form-group--error' : ''}`}>
      <label class="nhsuk-label" for={p.id}>{p.label}</label>
      {p.hint && <div class="nhsuk-hint" id={`${p.id}-hint`}>{p.hint}</div>}
      {p.error && <span class="nhsuk-error-message" id={`${p.id}-error`}><span class="nhsuk-u-visually-hidden">Error:</span> {p.error}</span>}
      {p.rows
        ? <textarea {...common} class="nhsuk-textarea" rows={p.rows} />
        : <input {...({ ...common, type: p.type ?? 'text' } as object)} class={`nhsuk-input ${p.width ? `nhsuk-input--width-${p.width}` : ''}`} />}
    </div>
  );
}

export function Choose(p: { id: string; label: string; value: string; onValue: (v: string) => void; options: [string, string][]; error?: string | undefined }) {
  return (
    <div class={`nhsuk-form-group${p.error ? ' nhsuk-form-group--error' : ''}`}>
      <label class="nhsuk-label" for={p.id}>{p.label}</label>
      {p.error && <span class="nhsuk-error-message" id={`${p.id}-error`}><span class="nhsuk-u-visually-hidden">Error:</span> {p.error}</span>}
      <select class="nhsuk-select" id={p.id} value={p.value} aria-describedby={p.error ? `${p.id}-error` : undefined}
        onChange={(e) => p.onValue((e.target as HTMLSelectElement).value)}>
        {p.options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </div>
  );
}

export function Button(p: { children: ComponentChildren; onClick?: () => void; kind?: 'secondary' | 'warning'; hidden?: string; busy?: boolean; submit?: boolean; expanded?: boolean }) {
  return (
    <button type={p.submit ? 'submit' : 'button'} class={`nhsuk-button sb-button${p.kind ? ` nhsuk-button--${p.kind}` : ''}`}
      onClick={p.onClick} aria-disabled={p.busy || undefined} aria-expanded={p.expanded}>
      {p.children}{p.hidden && <span class="nhsuk-u-visually-hidden"> {p.hidden}</span>}
    </button>
  );
}

export function useNow(every = 15_000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
