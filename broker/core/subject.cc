#include "broker/core/subject.h"

namespace switchboard::core {
namespace {

std::string cut16(const Hash& h) { return std::string(view(h).substr(0, 16)); }

bool verified_number(const v1::Identifier& id) {
  return id.type() == v1::IDENTIFIER_TYPE_NHS_NUMBER &&
         id.verification() == v1::VERIFICATION_VERIFIED && !id.value().empty();
}

}  // namespace

std::string identifier_hash(const Secrets& secrets, const v1::Identifier& id,
                            std::string_view agency, std::string_view system) {
  if (id.value().empty()) return {};
  if (verified_number(id)) {
    return cut16(Hasher(secrets.index).add("nhs").add(id.value()).finish());
  }
  if (id.type() != v1::IDENTIFIER_TYPE_LOCAL) return {};
  return cut16(Hasher(secrets.index)
                   .add("local")
                   .add(agency)
                   .add(system)
                   .add(id.authority())
                   .add(id.value())
                   .finish());
}

std::string thread_hash(const Secrets& secrets, const v1::Thread& thread, std::string_view agency) {
  return cut16(Hasher(secrets.index)
                   .add("thread")
                   .add(agency)
                   .add(uint64_t(thread.type()))
                   .add(thread.authority())
                   .add(thread.value())
                   .finish());
}

// What the index says of this event's identifiers.
struct Seen {
  std::string number_hash;                            // the verified number's
  std::string by_number;                              // subject it points to
  std::string by_local;                               // subject a local id points to
  std::vector<std::pair<std::string, bool>> unknown;  // and whether it is on a list
};

static Seen look_up(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity,
                    Subject& subject) {
  Seen seen;
  std::vector<bool> is_number;
  for (const auto& id : identity.identifiers()) {
    std::string h = identifier_hash(turn.secrets, id, header.agency(), header.system());
    if (h.empty()) continue;
    store::expect_identifier(turn.journal, h);
    subject.identifier_hashes.push_back(std::move(h));
    is_number.push_back(verified_number(id));
  }
  for (size_t i = 0; i < is_number.size(); ++i) {
    const std::string& h = subject.identifier_hashes[i];
    const bool number = is_number[i];
    if (number) seen.number_hash = h;
    auto known = store::identify(turn.journal, h);
    subject.on_lists = subject.on_lists || known.on_lists;
    if (known.subject.empty()) {
      seen.unknown.emplace_back(h, known.on_lists);
    } else if (std::string& by = number ? seen.by_number : seen.by_local; by.empty()) {
      by = std::move(known.subject);
    }
  }
  return seen;
}

// A local id whose subject has another verified number may be a reused or a wrong id: the number
// decides, and a person looks.
static bool other_number(Turn& turn, const Seen& seen) {
  if (seen.number_hash.empty() || seen.by_local.empty() || !seen.by_number.empty()) return false;
  const auto number = store::find_subject_number(turn.journal, seen.by_local);
  return number && *number != seen.number_hash;
}

static Subject decide(Turn& turn, const Seen& seen, Subject subject) {
  subject.verified = !seen.number_hash.empty();
  const bool two_subjects =
      !seen.by_number.empty() && !seen.by_local.empty() && seen.by_number != seen.by_local;
  const bool reused = other_number(turn, seen);
  subject.clash = two_subjects || reused;
  if (!seen.by_number.empty()) {
    subject.reference = seen.by_number;
  } else if (!reused) {
    subject.reference = seen.by_local;
  }
  return subject;
}

Subject known_subject(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity) {
  Subject subject;
  const Seen seen = look_up(turn, header, identity, subject);
  return decide(turn, seen, std::move(subject));
}

Subject match_subject(Turn& turn, const v1::EventHeader& header, const v1::Identity& identity) {
  Subject subject;
  const Seen seen = look_up(turn, header, identity, subject);
  subject = decide(turn, seen, std::move(subject));
  const bool known = !subject.reference.empty();
  if (!known) {
    const auto fresh = turn.entropy.bytes<16>();
    subject.reference.assign(reinterpret_cast<const char*>(fresh.data()), fresh.size());
  }
  // Known identifiers keep their subject until a person has looked: nothing is merged here.
  for (const auto& [h, on_lists] : seen.unknown) {
    store::index_subject(turn.journal, h, {subject.reference, on_lists});
  }
  if (subject.verified && seen.by_number.empty()) {
    store::index_subject_number(turn.journal, subject.reference, seen.number_hash);
    if (known) subject.linked = seen.number_hash;
  }
  return subject;
}

std::string subject_name(const Secrets& secrets, store::TeamHandle team,
                         std::string_view reference) {
  if (reference.empty()) return {};
  return cut16(Hasher(secrets.subject).add(uint64_t{team}).add(reference).finish());
}

}  // namespace switchboard::core
