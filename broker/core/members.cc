#include "broker/core/members.h"

#include <set>

#include "broker/base/limits.h"
#include "broker/base/nhs_number.h"
#include "broker/core/enquiry.h"
#include "broker/core/join.h"
#include "broker/core/stale_list.h"
#include "broker/core/subject.h"

namespace switchboard::core {
namespace {

MembersAnswer refused(v1::Code code, std::string text) { return {code, std::move(text), {}}; }

// One command's rows, looked at before anything is written.
class Change {
 public:
  Change(Turn& turn, const MembersCommand& command)
      : turn_(turn), command_(command), list_(command.list()) {}

  MembersAnswer run();

 private:
  std::optional<MembersAnswer> wrong() const;
  void look();
  void look_at(const std::string& hash, uint32_t line);
  void write();
  void add(const std::string& hash, uint64_t position);
  void remove(const std::string& hash);
  bool adds() const { return command_.change.mode() == v1::MEMBERS_MODE_ADD; }
  bool enquiry() const { return list_.list == v1::MEMBER_LIST_ENQUIRY; }

  Turn& turn_;
  const MembersCommand& command_;
  store::ListId list_;
  std::set<std::string> hashes_;
  v1::MembersReport report_;
};

std::optional<MembersAnswer> Change::wrong() const {
  const auto& change = command_.change;
  if (list_name(list_.list).empty()) return refused(v1::CODE_INVALID, "name a list");
  if (change.rows().empty()) return refused(v1::CODE_INVALID, "no child is named");
  if (change.rows_size() > static_cast<int>(limits::kMembersAtOnceMax)) {
    return refused(v1::CODE_OVERSIZE, "too many at once: send the whole list as a snapshot");
  }
  if (!enquiry() || !adds()) return std::nullopt;
  if (auto why = enquiry_problem(turn_, command_); !why.empty()) {
    return refused(v1::CODE_INVALID, std::move(why));
  }
  return std::nullopt;
}

void Change::look_at(const std::string& hash, uint32_t line) {
  if (!hashes_.insert(hash).second) return report_.add_duplicate_lines(line);
  if (!store::find_subject(turn_.journal, hash)) report_.add_unknown_lines(line);
  const bool on = store::find_member(turn_.journal, list_, hash).has_value();
  if (on == adds()) {
    report_.set_unchanged(report_.unchanged() + 1);
  } else if (adds()) {
    report_.set_added(report_.added() + 1);
  } else {
    report_.set_removed(report_.removed() + 1);
  }
}

void Change::look() {
  const auto list = turn_.journal.take_or_default(store::read_list(turn_.journal, list_));
  report_.set_before(list.count());
  for (const auto& row : command_.change.rows()) {
    if (const auto hash = member_hash(turn_.secrets, row)) {
      look_at(*hash, row.line());
    } else {
      report_.add_invalid_lines(row.line());
    }
  }
  report_.set_after(report_.before() + report_.added() - report_.removed());
}

void Change::add(const std::string& hash, uint64_t position) {
  if (enquiry()) {
    open_enquiry(turn_, command_, hash, position);
  } else if (store::find_member(turn_.journal, list_, hash)) {
    return;
  } else {
    store::add_member(turn_.journal, list_, hash, {});
  }
  // Open plans decide what is asked of others; they bring nothing to the team that keeps them.
  if (!enquiry() && list_.list != v1::MEMBER_LIST_CASELOAD) return;
  report_.set_joined(report_.joined() + join_or_queue(turn_, {hash, list_}).brought);
}

void Change::remove(const std::string& hash) {
  if (!store::find_member(turn_.journal, list_, hash)) return;
  if (enquiry()) return close_enquiry(turn_, list_.team, hash);
  store::remove_member(turn_.journal, list_, hash);
}

void Change::write() {
  std::string words = std::to_string(report_.added()) + " added, " +
                      std::to_string(report_.removed()) + " removed, " +
                      std::to_string(report_.unchanged()) + " unchanged";
  if (enquiry()) words += enquiry_words(command_.change);
  const uint64_t position = audit_list(turn_, command_, words).position();
  for (const auto& hash : hashes_) {
    if (adds()) {
      add(hash, position);
    } else {
      remove(hash);
    }
  }
  count_members(turn_, list_,
                static_cast<int64_t>(report_.added()) - static_cast<int64_t>(report_.removed()),
                command_.person.empty() ? command_.who.id() : command_.person);
  report_.set_executed(true);
}

MembersAnswer Change::run() {
  if (auto answer = wrong()) return std::move(*answer);
  look();
  if (!report_.invalid_lines().empty()) {
    report_.set_problem("not an NHS number, or not a birth date: see it on the child's record");
    return {v1::CODE_INVALID, report_.problem(), report_};
  }
  if (command_.change.execute()) write();
  return {v1::CODE_OK, {}, report_};
}

}  // namespace

std::string_view list_name(v1::MemberList list) {
  switch (list) {
    case v1::MEMBER_LIST_CASELOAD:
      return "caseload";
    case v1::MEMBER_LIST_EARLY_HELP:
      return "early-help";
    case v1::MEMBER_LIST_CHILD_IN_NEED:
      return "child-in-need";
    case v1::MEMBER_LIST_CHILD_PROTECTION:
      return "child-protection";
    case v1::MEMBER_LIST_LOOKED_AFTER:
      return "looked-after";
    case v1::MEMBER_LIST_ENQUIRY:
      return "enquiry";
    default:
      return {};
  }
}

std::string list_words(const store::ListId& list) { return std::string(list_name(list.list)); }

std::optional<std::string> member_hash(const Secrets& secrets, const v1::Member& member) {
  if (member.identifier().type() != v1::IDENTIFIER_TYPE_NHS_NUMBER) return std::nullopt;
  if (check_nhs_number(member.identifier().value()) != NhsNumberCheck::kValid) return std::nullopt;
  if (!member.birth_date().empty() && !day_from_string(member.birth_date())) return std::nullopt;
  v1::Identifier id;
  id.set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  id.set_verification(v1::VERIFICATION_VERIFIED);
  id.set_value(nhs_number_digits(member.identifier().value()));
  return identifier_hash(secrets, id, {}, {});
}

void count_members(Turn& turn, const store::ListId& list, int64_t change, const std::string& by) {
  auto record = turn.journal.take_or_default(store::read_list(turn.journal, list));
  record.set_count(static_cast<uint64_t>(static_cast<int64_t>(record.count()) + change));
  record.set_applied_us(turn.now.us);
  record.set_version(turn.audit.position());
  record.set_by(by);
  store::write_list(turn.journal, list, record);
}

v1::AuditEntry& audit_list(Turn& turn, const MembersCommand& command, const std::string& words) {
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_DIRECTORY);
  entry.set_principal(command.who.id());
  entry.set_person(command.person);
  entry.set_team(command.team.id());
  entry.set_text(list_words(command.list()) + ": " + words);
  return entry;
}

MembersAnswer change_members(Turn& turn, const MembersCommand& command) {
  return Change(turn, command).run();
}

Result<MembersAnswer> look_at_members(const store::Reads& reads, const Directory& directory,
                                      const MembersCommand& command, Time now) {
  if (list_name(command.change.list()).empty()) return error(v1::CODE_INVALID, "name a list");
  TRY(const auto record, store::read_list(reads, command.list()));
  MembersAnswer answer;
  answer.text = record.as_of();
  answer.report.set_before(record.count());
  answer.report.set_after(record.count());
  const auto age = age_of_list(directory.policy().row, record, now);
  if (age.stale) answer.report.set_problem(age.words);
  if (command.change.list() != v1::MEMBER_LIST_ENQUIRY) return answer;
  TRY(const auto running,
      store::read_enquiries(reads, command.team.handle(), limits::kPageItemsMax));
  for (const auto& enquiry : running) {
    answer.text += "since " + london_words({enquiry.opened_us}) + ", until " +
                   london_words({enquiry.until_us}) + "\n";
  }
  return answer;
}

}  // namespace switchboard::core
