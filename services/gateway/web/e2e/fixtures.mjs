// Made-up children (NHS numbers that begin with 9 are nobody's), for looking at pages only.
const now = Date.now();
const us = (minutes) => String((now + minutes * 60_000) * 1000);
const call = { name: 'Nurse in charge, emergency department', phone: '01632 960121', hours: '24 hours' };
const session = { person: 'amina', name: 'Amina Yusuf', role: 'Health visitor', csrf: 'x', lockAfterS: 900, lockWarningS: 120, place: 'Northgate', environment: 'ENVIRONMENT_TEST',
  help: { name: 'Switchboard help desk', phone: '01632 960100', hours: '24 hours' }, teams: [{ id: 'HV', name: 'Health visiting Northgate', maySend: true, reviewsAttendances: true }, { id: 'SN', name: 'School nursing', maySend: true }] };
const identity = (family, given, birthDate, value) => ({ name: { family, given: [given] }, birthDate, sex: 'SEX_FEMALE', ...(value && { identifiers: [{ type: 'IDENTIFIER_TYPE_NHS_NUMBER', value }] }) });
const nia = identity('Harrow', 'Nia', '2026-05-02', '9126040018');
const alert = (number, child, who, kind, text, notice) => ({ number: String(number), reference: `0198a7c2-${number}e4-8d0c-9f3a-5b2c7d1e${number}00`, child, identity: who, header: { kind, agency: 'X26' }, summary: { text, significance: 'A baby who cannot move by herself needs an explanation; none was given.', factors: ['bruising_nonmobile'] },
  notice: { type: 'ENTRY_TYPE_DELIVERY', attention: 'ATTENTION_ACT', state: 'DELIVERY_STATE_RECEIVED', urgency: 'URGENCY_ROUTINE', cause: 'CAUSE_ROUTE', route: 'hv-caseload', policyRow: 'concern-immediate', acceptedUs: us(-30), occurredUs: us(-60), acknowledgeByUs: us(90), callBack: call, ...notice } });
const alerts = [
  alert(41, 'a1', nia, 'concern', 'Bruising to both cheeks in a seven-month-old who does not yet crawl.', { urgency: 'URGENCY_IMMEDIATE', acknowledgeByUs: us(-12) }),
  alert(38, 'a1', nia, 'ed_attendance', 'Brought to the emergency department by mother’s partner.', { urgency: 'URGENCY_URGENT' }),
  alert(44, 'b2', identity('Okafor', 'Daniel', '2019-03-11'), 'admission', 'Admitted to the children’s ward overnight.', { urgency: 'URGENCY_IMMEDIATE', unverifiedIdentity: true, toldLate: true, occurredUs: us(-360) }),
  alert(43, 'c3', identity('Reid', 'Isla', '2026-11-10', '9126040026'), 'not_brought', 'Was not brought to the hip clinic for the second time.', { joined: true, corrected: 'CORRECTION_NATURE_SUPERSEDED' }),
  { number: '45', reference: '0198a7c2-45e4-8d0c-9f3a-5b2c7d1e4500', notice: { type: 'ENTRY_TYPE_DELIVERY', attention: 'ATTENTION_ACT', state: 'DELIVERY_STATE_RECEIVED', urgency: 'URGENCY_URGENT', acceptedUs: us(-5), disclosure: 'DISCLOSURE_POINTER', callBack: call } },
  alert(40, 'd4', identity('Marsh', 'Tom', '2022-01-30', '9126040034'), 'discharge', 'Discharged home.', { state: 'DELIVERY_STATE_ACKNOWLEDGED', pickedUpBy: { person: 'amina', name: 'Amina Yusuf' }, pickedUpUs: us(-20), acknowledgeByUs: undefined, actionByUs: us(200) }),
];
const task = { task: { taskId: 'AAECAwQFBgcICQoLDA0ODw==', kind: 'TASK_KIND_CALL', title: 'Ring Children’s social care', numberNow: { name: 'Duty desk', phone: '01632 960140' }, script: ['Say that an immediate alert was sent', 'Give the reference'], dueUs: us(10) }, urgency: 'URGENCY_IMMEDIATE' };
const live = { live: true, heardUs: us(0) };
const T = '/api/teams/HV';
const journey = { reference: 'x', asOfUs: us(0), journey: { recipients: [{ team: 'HV', teamName: 'Health visiting', state: 'DELIVERY_STATE_RECEIVED', facts: 'on your caseload', addedUs: us(-30) }, { team: 'MASH', teamName: 'MASH Northgate', state: 'DELIVERY_STATE_ACKNOWLEDGED', addedUs: us(-30), steps: [{ state: 'DELIVERY_STATE_ACKNOWLEDGED', atUs: us(-9), actor: { name: 'Jo Bell', role: 'Social worker', assurance: 'ASSURANCE_FEDERATED' } }] }] } };
const entry = (team, name, extra) => ({ team, name, agencyName: 'Northgate NHS Trust', onHub: true, ringNow: call, hours: 'Every day, 24 hours', fallback: [{ name: 'Switchboard', phone: '01632 960000' }], onDuty: 'Jo Bell', ...extra });
const api = (extra = {}) => ({
  'GET /api/session': [200, session],
  [`GET ${T}`]: [200, { team: { team: 'HV', name: 'Health visiting Northgate', feeds: [{ agency: 'X26', system: 'PAS', lastUs: us(-200), expectedUs: us(-185), alarm: true, why: 'It is silent for longer than it should be.' }], people: [{ id: 'amina', name: 'Amina Yusuf', role: 'health visitor' }, { id: 'jo', name: 'Jo Bell', role: 'health visitor' }], duty: [{ fromUs: us(-60), toUs: us(400), name: 'Amina Yusuf' }, { fromUs: us(1440), toUs: us(1900), name: 'Jo Bell', exception: true }], lists: [{ list: 'MEMBER_LIST_CASELOAD', asOf: '2026-11-01', members: '212', stale: true }] } }],
  [`GET ${T}/alerts`]: [200, { team: 'HV', epoch: '1', head: '45', asOfUs: us(0), alerts, tasks: [task], live }],
  [`GET ${T}/alerts/41/journey`]: [200, journey], [`POST ${T}/alerts/41/acts`]: [200, { outcome: {} }],
  [`GET ${T}/directory`]: [200, { live, sheet: { atUs: us(0), entries: [entry('MASH', 'MASH Northgate'), entry('ED', 'Emergency department', { stale: true, lastVerified: '2026-02-01', onHub: false })] } }],
  [`GET ${T}/sent`]: [200, { asOfUs: us(0), items: [{ eventId: 'AZimwgAAgAAAAAAAAAAAAA==', position: '1', tasks: [task.task], kind: 'concern', urgency: 'URGENCY_URGENT', acceptedUs: us(-300), recipients: [{ team: 'MASH', teamName: 'MASH Northgate', state: 'DELIVERY_STATE_RECEIVED', attention: 'ATTENTION_ACT', acknowledgeByUs: us(-10), sinceUs: us(-290), ring: call }] }] }],
  [`GET ${T}/attendances`]: [200, { asOfUs: us(0), alerts: attended, view: reviewed }],
  [`GET ${T}/sent/0198a6c2-0000-8000-0000-000000000000/journey`]: [200, journey],
  [`GET ${T}/children/41`]: [200, { alerts: alerts.slice(0, 2), asOfUs: us(0), view: { plans: [{ list: 'MEMBER_LIST_CHILD_PROTECTION', team: 'CSC', teamName: 'Children’s social care', ring: call }], involved: [entry('MASH', 'MASH Northgate')] } }],
  ...extra,
});
const attended = [alert(52, 'a1', nia, 'ed_attendance', 'Fell from a sofa; brought by a neighbour.', { acceptedUs: us(-3000), occurredUs: us(-3100), acknowledgeByUs: us(-600) }),
  alert(51, 'b2', identity('Okafor', 'Daniel', '2019-03-11'), 'ed_attendance', 'Cut to the hand.', { unverifiedIdentity: true }),
  alert(50, 'd4', identity('Marsh', 'Tom', '2022-01-30', '9126040034'), 'ed_attendance', 'Wheeze.', { state: 'DELIVERY_STATE_FINISHED' })];
const reviewed = { rows: [{ number: '52', reviewByUs: us(-600), overdue: true }, { number: '51', reviewByUs: us(300) }, { number: '50', reviewedBy: { person: 'amina', name: 'Amina Yusuf', role: 'Health visitor' }, reviewedUs: us(-30), outcome: 'No further action' }],
  days: [{ day: '2026-11-22', agency: 'X26', system: 'ED', fed: '2', fedUs: us(-3), accepted: '2', here: '2', agrees: true }, { day: '2026-11-21', agency: 'X26', system: 'ED', fed: '1', fedUs: us(-3), accepted: '1', here: '1', agrees: true }], unreviewed: '2', overdue: '1', completeThroughUs: us(-3001) };
const differs = { ...reviewed, days: [{ ...reviewed.days[0], fed: '4', here: '1', quarantined: '1', agrees: false }, reviewed.days[1]] };
// How the hub is: nobody and nothing of a child stands in it.
const hubTeam = (team, name, extra) => ({ team, name, head: '412', received: '412', openAct: '0', overdue: '0', endpointsConnected: 1, ...extra });
const hub = { hub: 'north-hub', mode: 'open', promise: { position: '90211' }, events: '90211', openAct: '3', freeBytes: '128849018880', freeMarkBytes: String(2 * 2 ** 30), nowUs: us(0),
  teams: [hubTeam('X26-ED', 'Emergency department'), hubTeam('X99-HEALTH-VISITING', 'Health visiting Northgate', { openAct: '3', oldestOpenUs: us(-42) })],
  sources: [{ principal: 'x26-pas', agency: 'X26', system: 'PAS', lastSeenUs: us(-2), connected: true, accepted: '1204' }] };
const watch = [{ what: 'source X26/PAS', lastUs: us(-2), expectedUs: us(28), why: 'key x26-pas' }, { what: 'source X26/SCREEN', lastUs: us(-300), why: 'key x26-screen states no norm (quiet_after_s)' }, { what: 'probe X26/PAS > X99-HEALTH-VISITING', lastUs: us(-7), why: 'proven', team: 'X99-HEALTH-VISITING' }];
const held = (position, text, extra) => ({ position, eventId: 'AZin4kEAgAGAAAAAAAAAAQ==', agency: 'X26', system: 'PAS', kind: 'admission', urgency: 'URGENCY_ROUTINE', acceptedUs: us(-90), code: 'CODE_INVALID', text, sourceMessageId: '********18', ...extra });
const hubBad = { ...hub, mode: 'read-only', why: 'the disk did not take a write', openAct: '9', overdue: '2', quarantinedOpen: '57', unrouted: '4', freeBytes: '3221225472', clockFrozen: true,
  losses: [{ lostAfter: '90100', lostThrough: '90104', detectedUs: us(-700) }], expiring: [{ principal: 'x26-pas', expires: '2026-12-01' }, { principal: 'x70-pas', expires: '2026-11-20', expired: true }],
  teams: [...hub.teams, hubTeam('X70-MASH', 'MASH Northgate', { openAct: '4', overdue: '2', oldestOpenUs: us(-190) }), hubTeam('X99-SCHOOL-NURSING', 'School nursing', { openAct: '2', received: '405', endpointsConnected: 0, oldestOpenUs: us(-61) }), hubTeam('X26-MIDWIFERY', 'Midwifery', { parked: '1' })],
  sources: [...hub.sources, { principal: 'x99-pas', agency: 'X99', system: 'PAS', lastSeenUs: us(-610), accepted: '77', quarantined: '57' }] };
const operating = (answer) => api({ 'GET /api/session': [200, { ...session, operates: true }], 'GET /api/operator': answer });
const page = (name) => `/teams/HV/${name}`;
const stream = [['live', live]];

export function fixtures() {
  const fresh = alert(46, 'e5', identity('Shah', 'Ayaan', '2026-11-01', '9126040042'), 'concern', 'Worried about feeding.', { urgency: 'URGENCY_IMMEDIATE' });
  return [
    ...childFixtures(), ...sendFixtures(),
    { name: 'sign-in', path: '/', heading: 'Sign in', api: api({ 'GET /api/session': [200, { ...session, person: '', teams: [] }] }) },
    { name: 'sign-in-wrong', path: '/', heading: 'Sign in', api: api({ 'GET /api/session': [200, { ...session, person: '', teams: [] }] }), then: (p) => p.getByRole('button', { name: 'Sign in' }).click() },
    { name: 'locked', path: page('alerts'), heading: 'This screen is locked', api: api({ 'GET /api/session': [200, { ...session, locked: true }] }) },
    { name: 'new-password', path: '/', heading: 'Choose a new password', api: api({ 'GET /api/session': [200, { ...session, mustChangePassword: true }] }) },
    { name: 'alerts', path: page('alerts'), heading: 'HARROW, Nia', api: api(), stream },
    { name: 'alerts-new', path: page('alerts'), heading: 'HARROW, Nia', api: api(), stream: [...stream, ['pushed', { epoch: '1', number: '46', entry: fresh }]], then: (p) => p.getByRole('button', { name: /^Show 1 new alert/ }).waitFor() },
    { name: 'alerts-details', path: page('alerts'), heading: 'HARROW, Nia', api: api(), stream, then: async (p) => { await p.getByRole('button', { name: /^Details Concern/ }).click(); await p.getByText('MASH Northgate').waitFor(); await p.getByRole('button', { name: /^Log a call Concern/ }).click(); } },
    { name: 'alerts-mine', path: `${page('alerts')}?section=mine`, heading: 'MARSH, Tom', api: api(), stream },
    { name: 'alerts-empty', path: page('alerts'), heading: 'Alerts', api: api({ [`GET ${T}/alerts`]: [200, { epoch: '1', head: '3', asOfUs: us(0), live }] }), stream, then: (p) => p.getByText('Nothing here as of').waitFor() },
    { name: 'alerts-not-live', path: page('alerts'), heading: 'HARROW, Nia', api: api(), dead: true, then: (p) => p.getByText('NOT live since').waitFor() },
    { name: 'sent', path: page('sent'), heading: /Concern, sent/, api: api(), stream },
    { name: 'sent-journey', path: page('sent'), heading: /Concern, sent/, api: api(), stream, then: async (p) => { await p.getByRole('button', { name: /^Who was told/ }).click(); await p.getByText('Jo Bell').waitFor(); await p.getByRole('button', { name: /^Log the call/ }).click(); } },
    { name: 'safety-net', path: page('safety-net'), heading: 'HARROW, Nia', api: api(), stream },
    { name: 'safety-net-differs', path: page('safety-net'), heading: 'HARROW, Nia', api: api({ [`GET ${T}/attendances`]: [200, { asOfUs: us(0), alerts: attended, view: differs }] }), stream, then: async (p) => { await p.getByText('Does not agree').waitFor(); await p.getByRole('button', { name: /^Record the review/ }).first().click(); await p.getByRole('button', { name: 'Save the review' }).click(); await p.getByText('Choose the outcome').waitFor(); } },
    { name: 'safety-net-empty', path: page('safety-net'), heading: 'Safety net', api: api({ [`GET ${T}/attendances`]: [200, { asOfUs: us(0), view: { days: reviewed.days } }] }), stream, then: (p) => p.getByText('No attendance to show').waitFor() },
    { name: 'handover', path: page('handover'), heading: 'On duty', api: api(), stream },
    { name: 'handover-without-names', path: page('handover'), heading: 'On duty', api: api(), stream, then: (p) => p.getByLabel('With children’s names').uncheck() },
    { name: 'alerts-paused', path: page('alerts'), heading: 'HARROW, Nia', api: api(), stream, then: async (p) => { await p.getByRole('button', { name: 'Pause updates' }).click(); await p.reload(); await p.getByText('Updates are paused').waitFor(); } },
    { name: 'send', path: page('send'), heading: 'Send', api: api(), stream },
    { name: 'send-wrong', path: page('send'), heading: 'Send', api: api(), stream, then: (p) => p.getByRole('button', { name: 'Send', exact: true }).click() },
    { name: 'directory', path: page('directory'), heading: 'On duty in', api: api(), stream },
    { name: 'hub-well', path: '/operator', heading: 'The hub', api: operating([200, { status: hub, watch, asOfUs: us(0), breaches: { complete: true } }]), stream, then: (p) => p.getByText('All is well').waitFor() },
    { name: 'hub-bad', path: '/operator', heading: 'The hub', stream, then: (p) => p.getByText('Do this:').first().waitFor(), api: operating([200, { status: hubBad, asOfUs: us(0),
      watch: [{ what: 'source X99/PAS', alarm: true, lastUs: us(-610), why: 'silent beyond its norm; key x99-pas is not connected: look at the adapter and the line' }, ...watch, { what: 'probe X99/PAS > X26-ED', alarm: true, team: 'X26-ED', why: 'sent, and no system of the team has stored it' }],
      quarantine: [held('90190', 'PV1-44 is no time'), held('90150', 'an id used twice for different content', { code: 'CODE_CONFLICT', reusedSourceId: true, environment: 'ENVIRONMENT_TEST' })],
      unrouted: [held('90160', '', { kind: 'concern', urgency: 'URGENCY_URGENT', unverifiedIdentity: true })],
      breaches: { rows: [{ team: 'X70-MASH', number: '88', eventId: 'AZin4kEAgAGAAAAAAAAAAQ==', urgency: 'URGENCY_IMMEDIATE', clock: 'acknowledge', dueUs: us(-70), level: 2, ring: call }, { team: 'X99-SCHOOL-NURSING', number: '12', eventId: 'AZin4kEAgAGAAAAAAAAAAQ==', urgency: 'URGENCY_ROUTINE', clock: 'action', dueUs: us(30) }] } }]) },
    { name: 'hub-away', path: '/operator', heading: 'The hub', stream, api: operating([503, { code: 'CODE_BUSY', retryAfterS: 10, text: 'the hub’s admin socket does not answer, so nothing is known of it now. Look at its machine: systemctl status switchboard-broker, runbook start. While it is down nobody is told anything by it: ring' }]), then: (p) => p.getByText('Not known now').waitFor() },
    { name: 'hub-not-for-you', path: '/operator', heading: 'The hub', stream, api: api({ 'GET /api/operator': [403, { code: 'CODE_NOT_ALLOWED', text: 'this page is for those who look after the hub: ask your administrator' }] }), then: (p) => p.getByText('ask your administrator').waitFor() },
    { name: 'child', path: `${page('children')}/41`, heading: 'HARROW, Nia', api: api(), stream },
  ];
}

// ---- a child's page, with acts, on paper, and of a child whose address is protected ----
const amina = { person: 'amina', name: 'Amina Yusuf', role: 'Health visitor', assurance: 'ASSURANCE_LOCAL_SIGN_IN' };
const steps = [
  { number: '41', step: { overdueLevel: 1, atUs: us(-12) } }, { number: '38', step: { state: 'DELIVERY_STATE_RECEIVED', endpoint: 'screen', atUs: us(-29) } },
  { number: '38', step: { act: 'ACT_KIND_ACKNOWLEDGE', state: 'DELIVERY_STATE_ACKNOWLEDGED', atUs: us(-20), actor: amina } },
  { number: '38', step: { act: 'ACT_KIND_ACTION', state: 'DELIVERY_STATE_ACTIONED', atUs: us(-8), actor: amina, outcome: 'Rang the ward; home visit booked for tomorrow.' } },
];
const secret = [{ ...alert(50, 'f6', identity('Lowe', 'Cara', '2021-04-09'), 'call_logged', 'The mother has moved with the child.', { unverifiedIdentity: true }),
  header: { kind: 'call_logged', agency: 'X26', protectedAddress: true, staffSafety: true, notForOnlineRecord: true, viewsSought: 'VIEWS_SOUGHT_YES' },
  detail: { callLogged: { direction: 'CALL_DIRECTION_MADE', withWhom: 'Refuge worker', agreed: 'They ring on Friday.' }, staffSafetyText: 'Never visit alone.', answers: [{ prompt: 'called', question: 'Has anybody else been told by telephone?', answer: 'The practice.' }] } }];
function childFixtures() {
  const view = { plans: [{ list: 'MEMBER_LIST_CHILD_PROTECTION', team: 'CSC', teamName: 'Children’s social care', ring: call }], involved: [entry('MASH', 'MASH Northgate')], steps };
  const nias = api({ [`GET ${T}/children/41`]: [200, { alerts: alerts.slice(0, 2), asOfUs: us(0), view }] });
  const caras = api({ [`GET ${T}/children/50`]: [200, { alerts: secret, asOfUs: us(0), view: { nextBefore: '12', steps: [] } }] });
  return [
    { name: 'child-acts', path: `${page('children')}/41`, heading: 'HARROW, Nia', api: nias, stream },
    { name: 'child-paper', path: `${page('children')}/41?kind=concern&show=events`, heading: 'HARROW, Nia', api: nias, stream, then: (p) => p.emulateMedia({ media: 'print' }) },
    { name: 'child-protected', path: `${page('children')}/50`, heading: 'LOWE, Cara', api: caras, stream, then: async (p) => { await p.getByText('Address protected').first().waitFor(); await p.getByRole('button', { name: /^Details/ }).click(); } },
  ];
}

// ---- the form to send: a call, and a prompt that policy makes mandatory ----
function sendFixtures() {
  const household = { id: 'household', kinds: ['concern'], question: 'Who else is in the household?', hint: 'Other children above all', mandatory: true };
  const prompted = api({ [`GET ${T}`]: [200, { team: { team: 'HV', sendPrompts: [household] } }] });
  const call = async (p) => { await p.getByLabel('What do you want to send?').selectOption('call_logged'); await p.getByLabel('Who rang?').waitFor(); await p.getByLabel(/address must be kept secret/).check(); };
  const wrong = async (p) => { await p.getByLabel('Who else is in the household?').waitFor(); await p.getByRole('button', { name: 'Send', exact: true }).click(); };
  return [
    { name: 'send-call', path: page('send'), heading: 'Send', api: prompted, stream, then: call },
    { name: 'send-prompt-wrong', path: page('send'), heading: 'Send', api: prompted, stream, then: wrong },
  ];
}
