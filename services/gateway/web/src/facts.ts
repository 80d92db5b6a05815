// What one alert says beyond its first line, as rows of name and value. Pure. `secret`: the address of this child
// is protected, by this event or another one on the page: no place is shown.
import type * as S from './generated/schema';
import { factorOf, viewsSought } from './words';

export type Fact = [string, string];
export const addressProtected = 'Address protected: not shown here. Ask the sender if you must know.';
export const isSecret = (alerts: Iterable<S.Alert>): boolean => [...alerts].some((a) => a.header?.protectedAddress);

const familyTold: Record<string, string> = {
  FAMILY_INFORMED_YES: 'Yes', FAMILY_INFORMED_NO: 'No', FAMILY_INFORMED_UNSAFE: 'No: telling them would put someone at risk',
};

function callOf(call: S.CallLogged | undefined): [string, string | undefined][] {
  if (!call) return [];
  const way = call.direction === 'CALL_DIRECTION_RECEIVED' ? 'Rung by' : 'Rang';
  return [[way, [call.withWhom, call.number].filter(Boolean).join(', ')], ['Agreed', call.agreed]];
}

export function factsOf(alert: S.Alert, secret: boolean): Fact[] {
  const { summary: s = {}, detail, location, header } = alert;
  const place = [location?.currentPlace, ...(location?.addressLines ?? []), location?.postcode].filter(Boolean).join(', ');
  const rows: [string, string | undefined][] = [
    ...callOf(detail?.callLogged),
    ['Why it matters', s.significance], ['The child’s voice', s.childVoice || s.childVoiceAbsent],
    ['Factors', s.factors?.map(factorOf).join(', ')],
    ['To follow up', s.followUp?.map((f) => [f.what, f.withWhom].filter(Boolean).join(', with ')).join('; ')],
    ['Family told', familyTold[header?.familyInformed ?? '']],
    ['Why not told', header?.familyInformedReason],
    ['View of child and family sought', viewsSought[header?.viewsSought ?? '']],
    ['In full', detail?.concern?.narrative || detail?.referral?.reason || detail?.admission?.reason],
    ...(detail?.answers ?? []).map((a): [string, string | undefined] => [a.question || a.prompt || 'Asked', a.answer]),
    ['Staff safety', detail?.staffSafetyText],
    ['Where the child is', secret || header?.protectedAddress ? addressProtected : place],
  ];
  return rows.filter((row): row is Fact => Boolean(row[1]));
}
