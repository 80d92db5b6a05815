#include "broker/core/probe.h"

#include <algorithm>

#include "broker/store/probe_rows.h"

namespace switchboard::core {

std::string missing_in_probe(const v1::EventHeader& header) {
  if (header.environment() != v1::ENVIRONMENT_TEST) return "header.environment: a probe is a test";
  if (header.direct_to().empty()) return "header.direct_to: a probe names its teams";
  if (!header.threads().empty()) return "header.threads: a probe is about nobody";
  if (header.has_subject()) return "header.subject: a probe is about nobody";
  if (header.shadow()) return "header.shadow: a probe tells nobody anything as it is";
  return {};
}

std::vector<v1::Recipient> probe_recipients(const Turn& turn, const v1::PrincipalRow& who,
                                            const v1::EventHeader& header) {
  std::vector<v1::Recipient> recipients;
  std::set<std::string_view> named;
  for (const auto& id : header.direct_to()) {
    const v1::Team* team = turn.directory.team(id);
    if (team == nullptr || team->closed() || !named.insert(id).second) continue;
    const bool live = team->environment() != v1::ENVIRONMENT_TEST;
    if (live && who.environment() == v1::ENVIRONMENT_TEST) continue;
    v1::Recipient& r = recipients.emplace_back();
    r.set_team(team->id());
    r.set_team_handle(team->handle());
    r.set_cause(v1::CAUSE_DIRECT);
    r.set_route("probe");
    r.set_facts("an end-to-end probe");
    r.set_attention(v1::ATTENTION_FILE);
    r.set_added_us(turn.now.us);
  }
  return recipients;
}

static bool proven(const v1::ProbeRecord& record) {
  return record.proven_position() >= record.position();
}

Status Probes::load(const store::Reads& reads) {
  TRY(const auto rows, store::read_probes(reads));
  for (const auto& row : rows) {
    if (!proven(row.record)) unproven_.insert(row.team);
  }
  return ok();
}

void Probes::sent(store::Journal& journal, const v1::EventRecord& event, uint64_t position) {
  for (const auto& to : event.recipients()) {
    v1::ProbeRecord record;
    const auto before =
        journal.take(store::read_probe(journal, to.team_handle(), event.agency(), event.system()));
    if (before) record = *before;
    record.set_agency(event.agency());
    record.set_system(event.system());
    record.set_team(to.team());
    record.set_position(position);
    record.set_number(to.number());
    record.set_sent_us(event.accepted_us());
    // Until the first is proven it is waited for since the first was sent.
    if (record.proven_us() == 0) record.set_proven_us(event.accepted_us());
    store::write_probe(journal, to.team_handle(), record);
    unproven_.insert(to.team_handle());
  }
}

void Probes::received(store::Journal& journal, store::TeamHandle team, uint64_t through, Time now) {
  if (!unproven_.contains(team)) return;
  bool more = false;
  for (auto& row : journal.take_or_default(store::read_probes(journal, team))) {
    if (proven(row.record)) continue;
    if (row.record.number() > through) {
      more = true;
      continue;
    }
    row.record.set_proven_us(now.us);
    row.record.set_proven_position(row.record.position());
    store::write_probe(journal, team, row.record);
  }
  if (!more) unproven_.erase(team);
}

}  // namespace switchboard::core
