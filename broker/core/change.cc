#include "broker/core/change.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/members.h"
#include "broker/core/row_check.h"
#include "broker/core/subject.h"

namespace switchboard::core {
namespace {

constexpr size_t kRowOverhead = 256;  // keys, audit entry

class Change {
 public:
  Change(Turn& turn, const v1::PrincipalRow& who, const std::string& person,
         const v1::Directory& wanted)
      : turn_(turn), who_(who), person_(person), wanted_(wanted), now_(turn.directory) {}

  void check();
  void write();
  v1::Applied applied;

 private:
  struct Row {
    store::RowType type;
    std::string id;
    std::string bytes;
    std::string words;
  };

  void problem(std::string text) { applied.add_problems(std::move(text)); }
  void stage_rows();
  template <typename Message>
  void stage(store::RowType type, const std::string& name, const std::string& id,
             const Message& wanted, const Message* in_force);
  void stage_all(store::RowType type, const std::string& name, const auto& rows,
                 const auto& in_force);
  void stage_team(v1::Team team);
  void check_size();
  void audit(const std::string& words, std::string_view bytes, uint64_t& position);
  void write_member(const v1::CaseloadMember& member);

  Turn& turn_;
  const v1::PrincipalRow& who_;
  const std::string& person_;
  const v1::Directory& wanted_;
  const Directory& now_;
  std::vector<Row> rows_;
  uint32_t next_handle_ = 0;
  bool handles_taken_ = false;
};

template <typename Message>
void Change::stage(store::RowType type, const std::string& name, const std::string& id,
                   const Message& wanted, const Message* in_force) {
  std::string bytes = wanted.SerializeAsString();
  const std::string words = name + " " + id;
  if (in_force != nullptr && in_force->SerializeAsString() == bytes) {
    applied.add_unchanged(words);
    return;
  }
  const std::string how = in_force == nullptr ? " (new)" : " (changed)";
  applied.add_changed(words + how);
  rows_.push_back({type, id, std::move(bytes), words + how});
}

void Change::stage_all(store::RowType type, const std::string& name, const auto& rows,
                       const auto& in_force) {
  for (const auto& row : rows) {
    const auto known = in_force.find(row.id());
    stage(type, name, row.id(), row, known == in_force.end() ? nullptr : &known->second.row);
  }
}

void Change::stage_team(v1::Team team) {
  const v1::Team* in_force = now_.team(team.id());
  if (in_force != nullptr) {
    team.set_handle(in_force->handle());
  } else {
    if (!handles_taken_) {
      next_handle_ = turn_.journal.take_or_default(store::read_next_handle(turn_.journal));
    }
    handles_taken_ = true;
    team.set_handle(next_handle_++);
  }
  stage(store::RowType::kTeam, "team", team.id(), team, in_force);
}

void Change::check() {
  for (auto& words : row_problems(now_, wanted_, turn_.now)) problem(std::move(words));
  if (applied.problems_size() == 0) stage_rows();
}

void Change::stage_rows() {
  using store::RowType;
  stage_all(RowType::kAgency, "agency", wanted_.agencies(), now_.agencies());
  for (const auto& row : wanted_.teams()) stage_team(row);
  stage_all(RowType::kPerson, "person", wanted_.people(), now_.people());
  stage_all(RowType::kPrincipal, "principal", wanted_.principals(), now_.principals());
  stage_all(RowType::kRoute, "route", wanted_.routes(), now_.routes());
  if (wanted_.has_policy()) {
    stage(RowType::kPolicy, "policy", "default", wanted_.policy(),
          now_.policy().version == 0 ? nullptr : &now_.policy().row);
  }
  if (wanted_.has_disclosure()) {
    stage(RowType::kDisclosure, "disclosure", "default", wanted_.disclosure(),
          now_.disclosure().version == 0 ? nullptr : &now_.disclosure().row);
  }
  stage_all(RowType::kCalendar, "calendar", wanted_.calendars(), now_.calendars());
  stage_all(RowType::kGroup, "group", wanted_.groups(), now_.groups());
  stage_all(RowType::kRota, "rota", wanted_.rotas(), now_.rotas());
  stage_all(RowType::kArea, "area", wanted_.areas(), now_.areas());
  stage_all(RowType::kPractice, "practice", wanted_.practices(), now_.practices());
  if (wanted_.has_postcodes()) {
    stage(RowType::kPostcodes, "postcodes", "postcodes", wanted_.postcodes(),
          now_.postcodes().version == 0 ? nullptr : &now_.postcodes().row);
  }
  check_size();
  if (wanted_.caseload_size() > 0) {
    applied.add_changed("caseload: " + std::to_string(wanted_.caseload_size()) + " member rows");
  }
}

// One commit holds the whole change: what does not fit must come as several files.
void Change::check_size() {
  size_t bytes = static_cast<size_t>(wanted_.caseload_size()) * kRowOverhead;
  for (const auto& row : rows_) bytes += row.bytes.size() + row.words.size() + kRowOverhead;
  if (bytes > limits::kTurnBatchBytesMax) {
    problem("the change is too large for one commit: split the file and apply the parts");
  }
}

void Change::audit(const std::string& words, std::string_view bytes, uint64_t& position) {
  v1::AuditEntry& entry = turn_.audit.next(v1::AUDIT_KIND_DIRECTORY);
  position = entry.position();
  entry.set_principal(who_.id());
  entry.set_person(person_);
  entry.set_text(words);
  entry.set_digest(std::string(view(keyed_hash(turn_.secrets.digest, bytes))));
}

void Change::write_member(const v1::CaseloadMember& m) {
  v1::Identifier id = m.identifier();
  id.set_verification(v1::VERIFICATION_VERIFIED);
  const auto hash = identifier_hash(turn_.secrets, id, {}, {});
  const v1::Team* team = now_.team(m.team());
  store::TeamHandle handle = team == nullptr ? 0 : team->handle();
  for (const auto& row : rows_) {  // a team of this same change
    v1::Team staged;
    if (row.type == store::RowType::kTeam && row.id == m.team() &&
        staged.ParseFromString(row.bytes)) {
      handle = staged.handle();
    }
  }
  const store::ListId list{handle, v1::MEMBER_LIST_CASELOAD};
  const bool on = store::find_member(turn_.journal, list, hash).has_value();
  if (m.removed()) {
    store::remove_member(turn_.journal, list, hash);
  } else {
    store::add_member(turn_.journal, list, hash, {});
  }
  if (on == !m.removed()) return;
  count_members(turn_, list, m.removed() ? -1 : 1, person_);
  if (m.removed()) return;
  store::queue_join(turn_.journal, {hash, list});  // what there is of the child: in a later turn
  turn_.joins_wait = true;
}

void Change::write() {
  uint64_t position = 0;
  for (const auto& row : rows_) {
    audit(row.words, row.bytes, position);
    store::write_directory_row(turn_.journal, row.type, row.id, position, row.bytes);
  }
  if (handles_taken_) store::write_next_handle(turn_.journal, next_handle_);
  if (wanted_.caseload_size() == 0) return;
  audit("caseload, " + std::to_string(wanted_.caseload_size()) + " members", {}, position);
  for (const auto& member : wanted_.caseload()) write_member(member);
}

}  // namespace

v1::Applied apply_directory(Turn& turn, const v1::PrincipalRow& who, const std::string& person,
                            const v1::Apply& apply) {
  Change change(turn, who, person, apply.directory());
  change.check();
  if (change.applied.problems_size() == 0 && !apply.dry_run()) change.write();
  return change.applied;
}

}  // namespace switchboard::core
