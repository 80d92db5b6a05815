// Every bound of the system in one place (P11). Bytes where it holds bytes.
// Changing one is a protocol or capacity decision: PROTOCOL.md prints those a client must know.
#pragma once

#include <cstddef>
#include <cstdint>

namespace switchboard::limits {

// ---- what a client may send ----
inline constexpr size_t kSourceBytesMax = 1024 * 1024;  // one MLLP frame, one raw source
inline constexpr size_t kEventBytesMax = 1280 * 1024;   // header and all sections of one event
inline constexpr size_t kHeaderBytesMax = 16 * 1024;
inline constexpr size_t kSectionBytesMax = kSourceBytesMax + 4 * 1024;
inline constexpr size_t kFrameBytesMax = 1536 * 1024;  // one ZeroMQ message
inline constexpr size_t kItemsPerFrameMax = 1024;
inline constexpr size_t kTextBytesMax = 1024;  // codes, names, reasons in a header
inline constexpr size_t kThreadsMax = 16;
inline constexpr size_t kDirectTeamsMax = 32;
inline constexpr size_t kIdentifiersMax = 32;
inline constexpr size_t kOutcomeBytesMax = 2 * 1024;
inline constexpr size_t kStepsMax = 50;  // acts on one delivery

// ---- tasks ----
inline constexpr size_t kCallsPerEventMax = 8;      // teams that one event asks its sender to ring
inline constexpr size_t kTasksPerRequestMax = 32;   // teams one question or review asks
inline constexpr size_t kTaskTriesMax = 20;         // logged calls and words on one task
inline constexpr size_t kInvolvedEventsMax = 64;    // newest events of a child that are looked at
inline constexpr size_t kCallTextBytesMax = 256;    // who was spoken to; a number rung
inline constexpr size_t kTasksPerEventShown = 200;  // in a journey

// ---- a turn of the hub's loop ----
inline constexpr size_t kTurnItemsMax = 512;
inline constexpr size_t kReadBytesMax = 8 * 1024 * 1024;   // frames are read until this is passed
inline constexpr size_t kTurnBytesMax = 1024 * 1024;       // applied before this is passed, so …
inline constexpr size_t kBatchBytesMax = 1468006;          // … one batch stays within 1.4 MiB …
inline constexpr size_t kTurnBatchBytesMax = 1100 * 1024;  // … as the turn is cut here
inline constexpr size_t kIndexRunBytes = 1024 * 1024;      // index rows that make a run (adr/0010),
inline constexpr size_t kIndexSliceBytes = 64 * 1024;      // … of which each batch writes so much
inline constexpr size_t kNewestSourcesMax =
    256;  // sources whose ids are known to rise (adr/0033) …
inline constexpr size_t kNewestSourceBytesMax = 128;  // … if name and ids are no longer
inline constexpr size_t kOverlapItemsMin = 32;  // fewer publishes are committed at once (adr/0018)
inline constexpr size_t kStorePageBytes = 16 * 1024;  // rows read together (adr/0019) …
inline constexpr size_t kDuePageBytes = 4 * 1024;     // … and rows mostly erased one by one
// A batch on disk, with the pages it rewrites: each erased or changed row may cost one.
inline constexpr size_t kRewritingBatchBytesMax = 32 * 1024 * 1024;
inline constexpr size_t kTicksPerTurnMax = 64;
inline constexpr size_t kTickWindowMax =
    256;  // passed deadlines looked at, to find the most urgent
inline constexpr size_t kTickBytesMax = 512 * 1024;  // … and no more rung once so much is to write
inline constexpr size_t kDamageNotesMax = 4096;      // damaged rows that are remembered by name
inline constexpr size_t kLevelsMax = 8;              // of one row of a policy
inline constexpr size_t kDigestLinesMax = 50;        // of one digest; more are counted
inline constexpr size_t kPoliciesRememberedMax = 16;
inline constexpr size_t kSubjectEventsMax = 64;   // events of one child that policy counts among
inline constexpr size_t kWhatIfStepsMax = 200;    // deadlines of one policy test
inline constexpr size_t kTeamsPerEventMax = 500;  // recipients of one event
inline constexpr size_t kSendPromptsMax = 12;     // of one policy
inline constexpr size_t kPostcodePrefixesMax = 30'000;  // of the table: 0.8 MB, one commit

// ---- windows ----
inline constexpr uint64_t kPublishWindowBytes = 4 * 1024 * 1024;
inline constexpr uint32_t kPublishWindowItems = 4096;
// Read and not answered, of all clients together; a client without any may have one frame more.
inline constexpr size_t kPublishQueueBytesMax = 64 * 1024 * 1024;
inline constexpr size_t kOverWindowMax = 1024;  // unanswered frames over its window, of one client
// Queues of the transport, in frames for each connection: at most 48 MiB wait to be read, which the
// hub does as fast as they come. What waits to be sent is bounded by credit, reads and windows.
inline constexpr int kFramesInMax = 32;
inline constexpr int kFramesOutMax = 256;
inline constexpr size_t kConnectionBytesMax = kFramesInMax * kFrameBytesMax;
inline constexpr uint32_t kCreditItemsMax = 4096;
inline constexpr uint64_t kCreditBytesMax = 8 * 1024 * 1024;
inline constexpr size_t kDeliverFrameItems = 128;
inline constexpr size_t kDeliverFrameBytes = 256 * 1024;
inline constexpr size_t kRecentBytesMax = 32 * 1024 * 1024;  // live items for the slightly late
inline constexpr size_t kSessionsMax = 4096;
inline constexpr size_t kConnectionsPerKeyMax = 64;
inline constexpr size_t kOutboxesMax = 16;  // in one session
inline constexpr size_t kReadsMax = 64;     // unanswered, of one session
inline constexpr size_t kReaderQueueMax = 1024;
inline constexpr size_t kParkedMax = 64;                // failed before an endpoint stops
inline constexpr size_t kEndpointsPerTeamMax = 64;      // cursors of one log
inline constexpr uint64_t kLostNumbersMax = 1'000'000;  // placeholders a lost tail may need
inline constexpr uint64_t kFillPerTurnMax = 10'000;     // … of which one commit writes so many
inline constexpr size_t kEarlierMax = 32;               // earlier epochs that a partner shows

// ---- pages ----
inline constexpr uint32_t kPageItemsMax = 200;
inline constexpr size_t kPageBytesMax = 1024 * 1024;
inline constexpr size_t kReportEventsMax = 50'000;    // events one report of the reader looks at
inline constexpr size_t kEstimateEventsMax = 10'000;  // … where each is opened and routed again
inline constexpr size_t kQueueRowsMax = 5'000;        // rows of a queue one page looks at

// ---- nudges ----
inline constexpr size_t kNudgeAddressesMax = 8;      // of one team
inline constexpr size_t kNudgeReferencesMax = 128;   // events of one nudge; more are counted
inline constexpr size_t kNudgeLinesMax = 10;         // … and names in its text
inline constexpr size_t kNudgesLookedAtMax = 1'000;  // waiting ones that are ordered by urgency
inline constexpr uint32_t kNudgesPerPageMax = 64;    // handed out at once
inline constexpr size_t kNudgesPerTickMax = 2;       // given up in one turn: each tells many
inline constexpr size_t kNudgeRowsBytes = kNudgeReferencesMax * 3 * 1024;  // of one report
inline constexpr uint32_t kNudgeAttemptsMax = 8;  // hand-outs before it is given up
inline constexpr size_t kNudgeWhyBytesMax = 200;
inline constexpr int64_t kNudgeHoldUs = 120'000'000;  // handed out and not reported: again
inline constexpr int64_t kNudgeRetryUs = 5'000'000;   // first wait after a failure; doubles to …
inline constexpr int64_t kNudgeRetryUsMax = 120'000'000;
inline constexpr int64_t kNudgeUntakenUsMax = 600'000'000;  // nobody sends it: it has failed

// ---- lists of children ----
inline constexpr size_t kMembersMax = 200'000;  // rows of one snapshot
inline constexpr size_t kMembersPerFrameMax = 8'192;
inline constexpr size_t kMembersAtOnceMax = 64;    // rows added or removed one by one, in a frame
inline constexpr size_t kUploadsMax = 8;           // snapshots that come or are looked at
inline constexpr size_t kMemberLinesMax = 1'000;   // line numbers of one sort in a report
inline constexpr size_t kMembersPerTurnMax = 256;  // … of a snapshot that one turn works through
inline constexpr size_t kMembersPerPart = 4096;    // hashes in one row beside the list
inline constexpr size_t kMemberBytesPerTurnMax = 512 * 1024;  // … and of what is brought
inline constexpr size_t kJoinEventsMax = 100;   // brought to a team of one child, the newest
inline constexpr size_t kJoinLooksMax = 1'000;  // … of so many that are looked at
inline constexpr int64_t kEnquiryUsMax = 90LL * 86'400'000'000;
inline constexpr size_t kEnquiriesMax = 1'000;  // of one team at a time

// ---- ledgers ----
inline constexpr size_t kOutboxesRememberedMax = 64;    // of one principal, by last use
inline constexpr size_t kOutboxGapsMax = 16;            // stretches of one outbox not counted yet
inline constexpr int32_t kLedgerDaysMax = 400;          // days a ledger is kept
inline constexpr size_t kLedgersPerFrameMax = 128;      // lines of one AdapterLedgers
inline constexpr size_t kLedgersBytesMax = 512 * 1024;  // … and their bytes
inline constexpr size_t kLedgerTriggersMax = 256;       // triggers of one line
inline constexpr size_t kLedgerKindsMax = 64;           // kinds of one line
inline constexpr size_t kListenersPerSourceMax = 32;    // lines of one source, bucket and day

// ---- watchdogs ----
inline constexpr int64_t kHeardAnewUs = 300'000'000;        // after a start, before silence is one
inline constexpr int64_t kEndpointAwayUsMax = 900'000'000;  // in staffed hours
inline constexpr int64_t kProbeUsMin = 900'000'000;  // a probe is waited for at least so long
inline constexpr size_t kHandoverPromptsMax = 20;
inline constexpr uint64_t kStartFreeBytesMin =
    4 * 1024 * 1024;                             // with less a hub starts to read only
inline constexpr int kKeyExpiryNoticeDays = 30;  // a key's last day is shown from then on
inline constexpr int64_t kWatchEveryUs = 10'000'000;
inline constexpr size_t kWatchRowsMax = 2'000;  // of one page

// ---- time ----
inline constexpr int64_t kClockDriftUsMax = 5'000'000;   // realtime against boot time (§11)
inline constexpr int64_t kReceiptCommitUsMax = 200'000;  // receipts ride on the next commit

}  // namespace switchboard::limits
