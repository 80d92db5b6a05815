// Made-up children (NHS numbers that begin with 9 are nobody's), for looking at pages only.
const now = Date.now();
const us = (minutes) => String((now + minutes * 60_000) * 1000);
const call = { name: 'Nurse in charge, emergency department', phone: '01632 960121', hours: '24 hours' };
const session = { person: 'amina', name: 'Amina Yusuf', role: 'Health visitor', csrf: 'x', lockAfterS: 900, lockWarningS: 120, place: 'Northgate', environment: 'ENVIRONMENT_TEST',
  help: { name: 'Switchboard help desk', phone: '01632 960100', hours: '24 hours' }, teams: [{ id: 'HV', name: 'Health visiting Northgate', maySend: true }, { id: 'SN', name: 'School nursing', maySend: true }] };
const identity = (family, given, birthDate, value) => ({ name: { family, given: [given] }, birthDate, sex: 'SEX_FEMALE', ...(value && { identifiers: [{ type: 'IDENTIFIER_TYPE_NHS_NUMBER', value }] }) });
const nia = identity('Harrow', 'Nia', '2026-05-02', '9126040018');
const alert = (number, child, who, kind, text, notice) => ({ number: String(number), reference: `0198a7c2-${number}e40`, child, identity: who, header: { kind, agency: 'X26' }, summary: { text, significance: 'A baby who cannot move by herself needs an explanation; none was given.', factors: ['bruising_nonmobile'] },
  notice: { type: 'ENTRY_TYPE_DELIVERY', attention: 'ATTENTION_ACT', state: 'DELIVERY_STATE_RECEIVED', urgency: 'URGENCY_ROUTINE', cause: 'CAUSE_ROUTE', route: 'hv-caseload', policyRow: 'concern-immediate', acceptedUs: us(-30), occurredUs: us(-60), acknowledgeByUs: us(90), callBack: call, ...notice } });
const alerts = [
  alert(41, 'a1', nia, 'concern', 'Bruising to both cheeks in a seven-month-old who does not yet crawl.', { urgency: 'URGENCY_IMMEDIATE', acknowledgeByUs: us(-12) }),
  alert(38, 'a1', nia, 'ed_attendance', 'Brought to the emergency department by mother’s partner.', { urgency: 'URGENCY_URGENT' }),
  alert(44, 'b2', identity('Okafor', 'Daniel', '2019-03-11'), 'admission', 'Admitted to the children’s ward overnight.', { urgency: 'URGENCY_IMMEDIATE', unverifiedIdentity: true, toldLate: true, occurredUs: us(-360) }),
  alert(43, 'c3', identity('Reid', 'Isla', '2026-11-10', '9126040026'), 'not_brought', 'Was not brought to the hip clinic for the second time.', { joined: true, corrected: 'CORRECTION_NATURE_SUPERSEDED' }),
  { number: '45', reference: '0198a7c2-45e40', notice: { type: 'ENTRY_TYPE_DELIVERY', attention: 'ATTENTION_ACT', state: 'DELIVERY_STATE_RECEIVED', urgency: 'URGENCY_URGENT', acceptedUs: us(-5), disclosure: 'DISCLOSURE_POINTER', callBack: call } },
  alert(40, 'd4', identity('Marsh', 'Tom', '2022-01-30', '9126040034'), 'discharge', 'Discharged home.', { state: 'DELIVERY_STATE_ACKNOWLEDGED', pickedUpBy: { person: 'amina', name: 'Amina Yusuf' }, pickedUpUs: us(-20), acknowledgeByUs: undefined, actionByUs: us(200) }),
];
const task = { task: { taskId: 'AAECAwQFBgcICQoLDA0ODw==', kind: 'TASK_KIND_CALL', title: 'Ring Children’s social care', numberNow: { name: 'Duty desk', phone: '01632 960140' }, script: ['Say that an immediate alert was sent', 'Give the reference'], dueUs: us(10) }, urgency: 'URGENCY_IMMEDIATE' };
const live = { live: true, heardUs: us(0) };
const T = '/api/teams/HV';
const journey = { reference: 'x', asOfUs: us(0), journey: { recipients: [{ team: 'HV', teamName: 'Health visiting', state: 'DELIVERY_STATE_RECEIVED', facts: 'on your caseload', addedUs: us(-30) }, { team: 'MASH', teamName: 'MASH Northgate', state: 'DELIVERY_STATE_ACKNOWLEDGED', addedUs: us(-30), steps: [{ state: 'DELIVERY_STATE_ACKNOWLEDGED', atUs: us(-9), actor: { name: 'Jo Bell', role: 'Social worker', assurance: 'ASSURANCE_FEDERATED' } }] }] } };
const entry = (team, name, extra) => ({ team, name, agencyName: 'Northgate NHS Trust', onHub: true, ringNow: call, hours: 'Every day, 24 hours', fallback: [{ name: 'Switchboard', phone: '01632 960000' }], onDuty: 'Jo Bell', ...extra });
const api = (extra = {}) => ({
  'GET /api/session': [200, session],
  [`GET ${T}`]: [200, { team: { team: 'HV', name: 'Health visiting Northgate', feeds: [{ agency: 'X26', system: 'PAS', lastUs: us(-200), alarm: true, why: 'Usually heard every 15 minutes.' }], duty: [{ fromUs: us(-60), toUs: us(400), name: 'Amina Yusuf' }], lists: [{ list: 'MEMBER_LIST_CASELOAD', asOf: '2026-11-01', members: '212', stale: true }] } }],
  [`GET ${T}/alerts`]: [200, { team: 'HV', epoch: '1', head: '45', asOfUs: us(0), alerts, tasks: [task], live }],
  [`GET ${T}/alerts/41/journey`]: [200, journey], [`POST ${T}/alerts/41/acts`]: [200, { outcome: {} }],
  [`GET ${T}/directory`]: [200, { live, sheet: { atUs: us(0), entries: [entry('MASH', 'MASH Northgate'), entry('ED', 'Emergency department', { stale: true, lastVerified: '2026-02-01', onHub: false })] } }],
  [`GET ${T}/sent`]: [200, { asOfUs: us(0), items: [{ position: '1', kind: 'concern', urgency: 'URGENCY_URGENT', acceptedUs: us(-300), recipients: [{ team: 'MASH', teamName: 'MASH Northgate', state: 'DELIVERY_STATE_RECEIVED', attention: 'ATTENTION_ACT', acknowledgeByUs: us(-10), sinceUs: us(-290), ring: call }] }] }],
  [`GET ${T}/children/41`]: [200, { alerts: alerts.slice(0, 2), asOfUs: us(0), view: { plans: [{ list: 'MEMBER_LIST_CHILD_PROTECTION', team: 'CSC', teamName: 'Children’s social care', ring: call }], involved: [entry('MASH', 'MASH Northgate')] } }],
  ...extra,
});
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
    { name: 'send', path: page('send'), heading: 'Send', api: api(), stream },
    { name: 'send-wrong', path: page('send'), heading: 'Send', api: api(), stream, then: (p) => p.getByRole('button', { name: 'Send', exact: true }).click() },
    { name: 'directory', path: page('directory'), heading: 'On duty in', api: api(), stream },
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
