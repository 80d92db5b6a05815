// Sends HL7 messages with a client library nobody here wrote and prints what came back, one JSON
// line for each acknowledgement: {"code": "AA", "id": "…"}.
//
//   node send.js node-hl7-client PORT [--batch] [--ca FILE --cert FILE --key FILE]
//   node send.js simple-hl7 PORT
'use strict'
const fs = require('node:fs')

const [library, port, ...options] = process.argv.slice(2)
const option = (name) => options[options.indexOf(name) + 1]

// By hand: get() of node-hl7-client 1.1.3 fails on a message that ends with a carriage return, as
// HL7 wants every message to.
function report(text) {
  const [, code, id] = text.split('\r').find((line) => line.startsWith('MSA|')).split('|')
  console.log(JSON.stringify({ code, id }))
}

// What a hospital sends of one child: an admission, a referral, an appointment.
const feed = [
  { type: 'ADT', event: 'A01', id: 'N-ADT', more: (m) => { m.set('PV1.2', 'I'); m.set('PV1.3', 'W4'); m.set('PV1.19', '77001') } },
  { type: 'REF', event: 'I12', id: 'N-REF', more: (m) => { m.set('RF1.1', 'A'); m.set('RF1.6', '77002') } },
  { type: 'SIU', event: 'S12', id: 'N-SIU', more: (m) => { m.set('SCH.1', '77003'); m.set('SCH.11.4', '202612011000') } }
]

function build({ Message }, { type, event, id, more }) {
  const message = new Message({ messageHeader: { msh_9_1: type, msh_9_2: event, msh_10: id, msh_11_1: 'T' } })
  message.set('MSH.3', 'PAS')
  message.set('MSH.4', 'XB2')
  message.set('EVN.1', event)
  message.set('EVN.2', '202611221159')
  const fields = { 'PID.3.1': '0012345', 'PID.3.4': 'MRENTR', 'PID.3.5': 'MEDREC', 'PID.5.1': 'EXAMPLE', 'PID.5.2': 'Robin' }
  for (const [path, value] of Object.entries(fields)) message.set(path, value)
  message.set('PID.7', '20240229')
  more(message)
  return message
}

async function withNodeHl7Client() {
  const hl7 = require('node-hl7-client')
  const tls = options.includes('--ca')
    ? { ca: fs.readFileSync(option('--ca')), cert: fs.readFileSync(option('--cert')), key: fs.readFileSync(option('--key')), servername: 'hub' }
    : undefined
  const client = new hl7.Client({ host: '127.0.0.1', tls })
  let answered = () => {}
  const outbound = client.createOutbound({ port: Number(port) }, async (answer) => {
    report(answer.getMessage().toString())
    answered()
  })
  const answers = (count) => new Promise((resolve) => { answered = () => { if (--count === 0) resolve() } })
  outbound.on('error', (error) => fail(error))
  if (options.includes('--batch')) {
    const batch = new hl7.Batch()
    batch.start()
    for (const one of feed) batch.add(build(hl7, one))
    batch.end()
    const all = answers(feed.length)
    await outbound.sendMessage(batch)
    await all
  } else {
    for (const one of feed) {
      const one_answer = answers(1)
      await outbound.sendMessage(build(hl7, one))
      await one_answer
    }
  }
  await outbound.close()
}

async function withSimpleHl7() {
  const hl7 = require('simple-hl7')
  const client = hl7.Server.createTcpClient({ host: '127.0.0.1', port: Number(port), keepalive: true })
  for (const [event, id] of [['A01', 'S-1'], ['A03', 'S-2']]) {
    const message = new hl7.Message('PAS', 'XB2', 'HUB', 'XH1', '20261122120000', '', ['ADT', event], id, 'T', '2.3')
    message.addSegment('EVN', event, '202611221159')
    message.addSegment('PID', '', '', ['0012345', '', '', 'MRENTR', 'MEDREC'], '', ['EXAMPLE', 'Robin'], '', '20240229')
    message.addSegment('PV1', '', 'I', 'W4', ...Array(15).fill(''), '77004')
    await new Promise((resolve, reject) => client.send(message, (error, ack) => {
      if (error) return reject(error)
      const msa = ack.getSegment('MSA')
      console.log(JSON.stringify({ code: msa.getField(1), id: msa.getField(2) }))
      resolve()
    }))
  }
  client.close()
}

function fail(error) {
  console.error(error && error.message ? error.message : String(error))
  process.exit(1)
}
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
setTimeout(() => fail(new Error('no answer in time')), 40000).unref()
;(library === 'simple-hl7' ? withSimpleHl7() : withNodeHl7Client()).then(() => process.exit(0), fail)
