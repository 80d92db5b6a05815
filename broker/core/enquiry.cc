#include "broker/core/enquiry.h"

#include "broker/base/limits.h"
#include "broker/base/london.h"

namespace switchboard::core {
namespace {

store::ListId list_of(store::TeamHandle team) { return {team, v1::MEMBER_LIST_ENQUIRY}; }

store::Due due_of(store::TeamHandle team, const store::Enquiry& enquiry) {
  return {enquiry.until_us, store::DueKind::kEnquiry, team, enquiry.position, 1};
}

// The enquiry without the child's place on the list.
void forget(Turn& turn, store::TeamHandle team, uint64_t position) {
  const auto enquiry = turn.journal.take(store::read_enquiry(turn.journal, team, position));
  if (!enquiry) return;
  store::remove_due(turn.journal, due_of(team, *enquiry));
  store::erase_enquiry(turn.journal, team, position);
}

}  // namespace

std::string enquiry_problem(Turn& turn, const MembersCommand& command) {
  const auto& change = command.change;
  if (change.rows_size() != 1) return "an enquiry is about one child";
  if (change.reason().empty()) return "say why: an enquiry needs a reason, without names";
  if (change.reason().size() > limits::kTextBytesMax) return "the reason is too long";
  if (change.until_us() <= turn.now.us) return "say until when: a time that is still to come";
  if (change.until_us() > turn.now.us + limits::kEnquiryUsMax) {
    return "an enquiry runs for 90 days at most; open it anew when it ends";
  }
  const auto list = turn.journal.take_or_default(store::read_list(turn.journal, command.list()));
  if (list.count() >= limits::kEnquiriesMax) return "the team has too many enquiries: end some";
  return {};
}

std::string enquiry_words(const v1::MembersChange& change) {
  std::string words;
  if (change.until_us() > 0) words += "; until " + london_words({change.until_us()});
  if (!change.reason().empty()) words += ": " + change.reason();
  return words;
}

void open_enquiry(Turn& turn, const MembersCommand& command, const std::string& hash,
                  uint64_t position) {
  const auto list = command.list();
  if (const auto runs = store::find_member(turn.journal, list, hash)) {
    forget(turn, list.team, runs->enquiry);
  }
  const store::Enquiry enquiry{position, hash, turn.now.us, command.change.until_us()};
  store::write_enquiry(turn.journal, list.team, enquiry);
  store::add_member(turn.journal, list, hash, {position});
  store::add_due(turn.journal, due_of(list.team, enquiry));
}

void close_enquiry(Turn& turn, store::TeamHandle team, const std::string& hash) {
  const auto runs = store::find_member(turn.journal, list_of(team), hash);
  if (!runs) return;
  forget(turn, team, runs->enquiry);
  store::remove_member(turn.journal, list_of(team), hash);
}

void ring_enquiry(Turn& turn, const store::Due& due) {
  const auto enquiry = turn.journal.take(store::read_enquiry(turn.journal, due.team, due.number));
  if (!enquiry) return;  // ended before, or runs on under a later time
  const v1::Team* team = turn.directory.team(due.team);
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CLOCK);
  if (team != nullptr) entry.set_team(team->id());
  entry.set_text("enquiry: its time is over; it was opened at position " +
                 std::to_string(due.number));
  close_enquiry(turn, due.team, enquiry->hash);
  count_members(turn, list_of(due.team), -1, "the clock");
}

}  // namespace switchboard::core
