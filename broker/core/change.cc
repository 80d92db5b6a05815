#include "broker/core/change.h"

#include <algorithm>
#include <set>

#include "broker/base/limits.h"
#include "broker/base/nhs_number.h"
#include "broker/core/subject.h"

namespace switchboard::core {
namespace {

constexpr size_t kRowOverhead = 256;  // keys, audit entry

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

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
  bool has_team(const std::string& id) const;
  bool has_agency(const std::string& id) const;
  const v1::Team* find_team(const std::string& id) const;
  void check_once(const char* type, const auto& rows);
  void check_agency(const v1::Agency& agency);
  void check_team(const v1::Team& team);
  void check_person(const v1::Person& person);
  void check_principal(const v1::PrincipalRow& principal);
  void check_route(const v1::Route& route);
  void check_member(const v1::CaseloadMember& member);
  void check_policy(const v1::Policy& policy);
  void check_disclosure(const v1::DisclosureMatrix& matrix);
  void check_rows();
  void stage_rows();
  template <typename Message>
  void stage(store::RowType type, const std::string& name, const std::string& id,
             const Message& wanted, const Message* in_force);
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

bool Change::has_team(const std::string& id) const {
  return now_.team(id) != nullptr || std::any_of(wanted_.teams().begin(), wanted_.teams().end(),
                                                 [&](const auto& t) { return t.id() == id; });
}
bool Change::has_agency(const std::string& id) const {
  return now_.agency(id) != nullptr ||
         std::any_of(wanted_.agencies().begin(), wanted_.agencies().end(),
                     [&](const auto& a) { return a.id() == id; });
}

// As it will be: of this file, else in force.
const v1::Team* Change::find_team(const std::string& id) const {
  for (const auto& team : wanted_.teams()) {
    if (team.id() == id) return &team;
  }
  return now_.team(id);
}

void Change::check_once(const char* type, const auto& rows) {
  std::set<std::string> seen;
  for (const auto& row : rows) {
    if (!seen.insert(row.id()).second) {
      problem(std::string(type) + " '" + row.id() + "': named twice in one file");
    }
  }
}

void Change::check_agency(const v1::Agency& a) {
  const std::string who = "agency '" + a.id() + "': ";
  if (!is_id(a.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (!has_team(a.safety_net_team())) {
    problem(who + "safety_net_team must name a team: what reaches nobody goes there");
  }
}

void Change::check_team(const v1::Team& t) {
  const std::string who = "team '" + t.id() + "': ";
  if (!is_id(t.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (!has_agency(t.agency())) problem(who + "agency '" + t.agency() + "' is not known");
  if (t.kind().empty()) problem(who + "kind is missing");
  if (t.office().phone().empty()) problem(who + "office.phone is missing: whom to ring?");
  if (!t.deputy_team().empty() && !has_team(t.deputy_team())) {
    problem(who + "deputy_team '" + t.deputy_team() + "' is not known");
  }
  const v1::Team* deputy = find_team(t.deputy_team());
  if (deputy != nullptr && (deputy->environment() == v1::ENVIRONMENT_TEST) !=
                               (t.environment() == v1::ENVIRONMENT_TEST)) {
    problem(who + "deputy_team is of the other environment and would never be told");
  }
  if (t.deputy_team() == t.id()) problem(who + "a team cannot be its own deputy");
}

void Change::check_person(const v1::Person& p) {
  const std::string who = "person '" + p.id() + "': ";
  if (!is_id(p.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (p.name().empty()) problem(who + "name is missing");
  for (const auto& team : p.teams()) {
    if (!has_team(team)) problem(who + "team '" + team + "' is not known");
  }
}

void Change::check_principal(const v1::PrincipalRow& p) {
  const std::string who = "principal '" + p.id() + "': ";
  if (!is_id(p.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (p.public_key().size() != 40) problem(who + "public_key must be 40 characters of Z85");
  if (p.roles().empty()) problem(who + "roles is empty");
  if (!p.agency().empty() && !has_agency(p.agency())) {
    problem(who + "agency '" + p.agency() + "' is not known");
  }
  for (const int role : p.roles()) {
    if (role == v1::ROLE_PUBLISHER && (p.agency().empty() || p.system().empty())) {
      problem(who + "a publisher needs agency and system");
    }
    if (role == v1::ROLE_ENDPOINT && p.teams().empty()) {
      problem(who + "an endpoint needs teams");
    }
  }
  for (const auto& team : p.teams()) {
    if (!has_team(team)) problem(who + "team '" + team + "' is not known");
  }
  const auto* other = now_.principal_by_key(p.public_key());
  if (other != nullptr && other->id() != p.id() && !other->revoked()) {
    problem(who + "public_key is already enrolled as '" + other->id() + "'");
  }
  for (const auto& row : wanted_.principals()) {
    if (row.id() == p.id()) break;
    if (row.public_key() != p.public_key() || row.revoked()) continue;
    problem(who + "public_key is already enrolled as '" + row.id() + "'");
  }
}

void Change::check_route(const v1::Route& r) {
  const std::string who = "route '" + r.id() + "': ";
  if (!is_id(r.id())) problem(who + "id must be letters, digits, '-', '_', '.'");
  if (!has_team(r.team())) problem(who + "team '" + r.team() + "' is not known");
  if (r.clause().by_case() == v1::Clause::BY_NOT_SET) {
    problem(who + "clause must be one of caseload, area, practice, place");
  }
  if (r.has_ages() && r.ages().below_months() > 0 &&
      r.ages().below_months() <= r.ages().from_months()) {
    problem(who + "ages: below_months must be greater than from_months");
  }
}

void Change::check_member(const v1::CaseloadMember& m) {
  // The identifier itself is never repeated in a problem.
  const std::string who = "caseload of team '" + m.team() + "': ";
  if (!has_team(m.team())) problem(who + "the team is not known");
  if (m.identifier().type() != v1::IDENTIFIER_TYPE_NHS_NUMBER) {
    problem(who + "identifier.type must be nhs_number");
  } else if (check_nhs_number(m.identifier().value()) != NhsNumberCheck::kValid) {
    problem(who + "an NHS number fails its check digit");
  }
}

void Change::check_policy(const v1::Policy& p) {
  int n = 0;
  for (const auto& row : p.rows()) {
    ++n;
    if (row.attention() == v1::ATTENTION_UNSPECIFIED) {
      problem("policy row " + std::to_string(n) + ": attention is missing");
    }
    if (row.attention() == v1::ATTENTION_ACT && row.acknowledge_within_s() == 0) {
      problem("policy row " + std::to_string(n) + ": act needs acknowledge_within_s");
    }
  }
}

void Change::check_disclosure(const v1::DisclosureMatrix& matrix) {
  int n = 0;
  for (const auto& row : matrix.rows()) {
    ++n;
    if (row.disclosure() == v1::DISCLOSURE_UNSPECIFIED) {
      problem("disclosure row " + std::to_string(n) + ": disclosure is missing");
    }
  }
}

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
  check_rows();
  if (applied.problems_size() == 0) stage_rows();
}

void Change::check_rows() {
  check_once("agency", wanted_.agencies());
  check_once("team", wanted_.teams());
  check_once("person", wanted_.people());
  check_once("principal", wanted_.principals());
  check_once("route", wanted_.routes());
  for (const auto& row : wanted_.agencies()) check_agency(row);
  for (const auto& row : wanted_.teams()) check_team(row);
  for (const auto& row : wanted_.people()) check_person(row);
  for (const auto& row : wanted_.principals()) check_principal(row);
  for (const auto& row : wanted_.routes()) check_route(row);
  for (const auto& row : wanted_.caseload()) check_member(row);
  if (wanted_.has_policy()) check_policy(wanted_.policy());
  if (wanted_.has_disclosure()) check_disclosure(wanted_.disclosure());
}

void Change::stage_rows() {
  using store::RowType;
  for (const auto& row : wanted_.agencies()) {
    stage(RowType::kAgency, "agency", row.id(), row, now_.agency(row.id()));
  }
  for (const auto& row : wanted_.teams()) stage_team(row);
  for (const auto& row : wanted_.people()) {
    stage(RowType::kPerson, "person", row.id(), row, now_.person(row.id()));
  }
  for (const auto& row : wanted_.principals()) {
    stage(RowType::kPrincipal, "principal", row.id(), row, now_.principal(row.id()));
  }
  for (const auto& row : wanted_.routes()) {
    const auto* in_force = now_.route(row.id());
    stage(RowType::kRoute, "route", row.id(), row, in_force ? &in_force->row : nullptr);
  }
  if (wanted_.has_policy()) {
    stage(RowType::kPolicy, "policy", "default", wanted_.policy(),
          now_.policy().version == 0 ? nullptr : &now_.policy().row);
  }
  if (wanted_.has_disclosure()) {
    stage(RowType::kDisclosure, "disclosure", "default", wanted_.disclosure(),
          now_.disclosure().version == 0 ? nullptr : &now_.disclosure().row);
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
  auto teams = store::caseload_teams(turn_.journal, &turn_.journal, hash);
  const v1::Team* team = now_.team(m.team());
  store::TeamHandle handle = team == nullptr ? 0 : team->handle();
  for (const auto& row : rows_) {  // a team of this same change
    v1::Team staged;
    if (row.type == store::RowType::kTeam && row.id == m.team() &&
        staged.ParseFromString(row.bytes)) {
      handle = staged.handle();
    }
  }
  std::erase(teams, handle);
  if (!m.removed()) teams.push_back(handle);
  store::set_caseload_teams(turn_.journal, hash, teams);
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
