#include "tests/sim/messages.h"

#include <array>

#include "broker/base/hash.h"
#include "broker/core/kind.h"
#include "broker/core/probe.h"

namespace switchboard::sim {

using support::Event;

namespace {

std::string any_kind(Random& random) {
  const auto kinds = core::kinds();
  const uint64_t n = random.below(kinds.size() + 8);
  if (n >= kinds.size()) return n % 2 == 0 ? "concern" : "referral";  // what is told most
  // A probe says nothing of a child, and stands in no ledger.
  const bool said = kinds[n].kind != "correction" && kinds[n].kind != core::kProbeKind;
  return said ? std::string(kinds[n].kind) : "carrier_pigeon";
}

v1::ThreadType thread_type(const std::string& kind) {
  if (kind.starts_with("referral")) return v1::THREAD_TYPE_REFERRAL;
  const bool booked = kind == "appointment" || kind == "not_brought";
  return booked ? v1::THREAD_TYPE_APPOINTMENT : v1::THREAD_TYPE_VISIT;
}

}  // namespace

v1::Thread Messages::thread_of(const std::string& kind) {
  return support::thread(thread_type(kind), "V" + std::to_string(random_.below(20)));
}

Event Messages::correction() {
  const std::string kind = any_kind(random_);
  return support::correction(std::to_string(made_), thread_of(kind), kind,
                             static_cast<v1::CorrectionNature>(1 + random_.below(3)));
}

Event Messages::identity_changed() {
  Event event("identity_changed", std::to_string(made_));
  event.header.set_identity_change(static_cast<v1::IdentityChange>(1 + random_.below(7)));
  *event.identity.add_prior() = support::local_identifier("M" + std::to_string(made_));
  return event;
}

Event Messages::event() {
  if (random_.chance(200)) return correction();
  const std::string kind = any_kind(random_);
  if (kind == "identity_changed") return identity_changed();
  Event event(kind, std::to_string(made_));
  *event.header.add_threads() = thread_of(kind);
  if (kind == "admission" && random_.chance(400)) {
    const Time by = support::kNoon + seconds(static_cast<int64_t>(3600 * (1 + random_.below(12))));
    event.detail.mutable_admission()->mutable_expected_discharge()->set_earliest_us(by.us);
    event.detail.mutable_admission()->mutable_expected_discharge()->set_latest_us(by.us);
  }
  if (kind == "death") event.detail.mutable_death()->set_ends_visit(random_.chance(500));
  return event;
}

Message::World Messages::world() {
  if (random_.chance(60)) return Message::World::kTest;
  if (!random_.chance(100)) return Message::World::kLive;
  return random_.chance(300) ? Message::World::kTrialAndLive : Message::World::kTrial;
}

Message Messages::next(const std::string& agency) {
  if (!twins_.empty() && twins_.front().agency == agency && random_.chance(500)) {
    Message twin = std::move(twins_.front());
    twins_.pop_front();
    return twin;
  }
  ++made_;
  Event event = this->event();
  auto& h = event.header;
  h.set_agency(agency);
  h.set_system(agency == "X26" ? "PAS" : "RIO");
  h.set_from_team(agency + "-SAFETY");
  h.set_urgency(static_cast<v1::Urgency>(1 + random_.below(3)));
  if (random_.chance(100)) h.mutable_subject()->clear_area_code();
  if (random_.chance(200)) {
    h.set_routed_fields_hash("fields " + std::to_string(random_.below(3)));
  }
  if (random_.chance(40)) h.mutable_audience()->add_only_agencies(agency);
  event.identity.clear_identifiers();
  *event.identity.add_identifiers() =
      support::nhs_identifier(support::nhs_number(static_cast<unsigned>(random_.below(10))));
  // By its own clock it may be older than what came before it.
  event.said = support::kNoon + seconds(static_cast<int64_t>(100 + made_));
  if (random_.chance(150))
    event.said = event.said - seconds(static_cast<int64_t>(random_.below(60)));
  const Message::World world = this->world();
  const bool chosen = world == Message::World::kLive && random_.chance(80);
  if (chosen) choose_id(event);
  Message message{.item = {}, .agency = agency, .id = event.id(), .world = world};
  message.chosen = chosen;
  message.trial = message.world >= Message::World::kTrial;
  // A concern without words: quarantined.
  if (!message.trial && random_.chance(30)) event.summary.clear_text();
  if (message.world == Message::World::kTest) h.set_environment(v1::ENVIRONMENT_TEST);
  if (message.world == Message::World::kTrialAndLive) {
    twins_.push_back(message);
    twins_.back().item = event.item();
    twins_.back().trial = false;
  }
  h.set_shadow(message.trial);
  message.item = event.item();
  if (chosen) chosen_.push_back(message);
  return message;
}

void Messages::choose_id(Event& event) {
  event.header.set_id_origin(v1::ID_ORIGIN_CHOSEN);
  const Id id = make_id(event.said, hash("chosen " + std::to_string(made_)));
  event.header.set_event_id(std::string(id.view()));
}

std::optional<Message> Messages::conflict(const std::string& agency) {
  if (chosen_.empty()) return std::nullopt;
  Message again = chosen_[random_.below(chosen_.size())];
  if (again.agency != agency) return std::nullopt;
  for (auto& section : *again.item.mutable_sections()) {
    v1::Summary summary;
    if (section.kind() != v1::SECTION_KIND_SUMMARY) continue;
    if (!summary.ParseFromString(section.body())) continue;
    summary.set_text("Seen again, version " + std::to_string(++made_) + ".");
    section.set_body(summary.SerializeAsString());
    return again;
  }
  return std::nullopt;
}

Message Messages::probe(Time now) {
  const std::array<const char*, 3> kTeams{"X99-HV", "X99-MASH", "X26-SAFETY"};
  const std::string id = "probe " + std::to_string(++made_);
  const auto header = support::probe(kTeams[random_.below(kTeams.size())], id, now, seconds(3600));
  Message message{.item = support::probe_item(header), .agency = "X26"};
  message.id = *id_from_bytes(header.event_id());
  message.probe = true;
  return message;
}

std::string Messages::words_of(const Message& message) {
  v1::EventHeader header;
  if (!header.ParseFromString(message.item.header())) return "bytes nobody can read";
  std::string words = header.kind() + " " + header.source_message_id();
  for (const auto& section : message.item.sections()) {
    v1::Identity identity;
    if (section.kind() != v1::SECTION_KIND_IDENTITY || !identity.ParseFromString(section.body())) {
      continue;
    }
    if (!identity.identifiers().empty()) words += " about " + identity.identifiers(0).value();
  }
  if (message.world == Message::World::kTest) words += " (a test)";
  return message.trial ? words + " (on trial)" : words;
}

}  // namespace switchboard::sim
