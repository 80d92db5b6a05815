#include "broker/core/snapshot.h"

#include <algorithm>
#include <cstring>

#include "broker/base/limits.h"
#include "broker/base/london.h"
#include "broker/core/join.h"

namespace switchboard::core {
namespace {

constexpr size_t kHashBytes16 = 16;
constexpr size_t kComparedPerTurn = 2048;
constexpr size_t kPartsPerTurn = 4;

MembersAnswer refused(v1::Code code, std::string text) { return {code, std::move(text), {}}; }

// What is wrong with the date a list is said to be true on, or nothing.
std::string wrong_date(const std::string& as_of, const v1::MembersRecord& in_force, Time now) {
  const auto day = day_from_string(as_of);
  if (!day) return "say when the list was true: as_of, a date like 2026-03-01";
  if (*day > london_day(now)) return "the list's date is still to come";
  if (in_force.as_of() > as_of) {
    return "a newer list is in force, as of " + in_force.as_of() + ": send one at least as new";
  }
  return {};
}

// More than a tenth.
bool vanishes(const v1::MembersReport& report) { return report.removed() * 10 > report.before(); }

std::string vanishing_words(const v1::MembersReport& report) {
  return std::to_string(report.removed()) + " of " + std::to_string(report.before()) +
         " children would vanish, more than a tenth: see that the file is whole, and if it is, "
         "confirm it";
}

void add_line(google::protobuf::RepeatedField<uint32_t>& lines, uint32_t line) {
  if (lines.size() < static_cast<int>(limits::kMemberLinesMax)) lines.Add(line);
}

}  // namespace

Status Snapshots::load(store::Journal& journal) {
  TRY(undecided_, store::read_undecided(journal));
  TRY(const auto works, store::read_list_works(journal));
  for (const auto& work : works) {
    TRY(const std::string hashes, store::read_list_parts(journal, work.id));
    Job job;
    job.list = work.id;
    job.principal = work.principal;
    job.person = work.record.by();
    job.as_of = work.record.as_of();
    job.report = work.report;
    job.execute = job.confirmed = true;
    const bool adding = work.phase == store::ListPhase::kAdding;
    job.phase = adding ? Phase::kAdding : Phase::kRemoving;
    job.rows.resize(hashes.size() / kHashBytes16);
    for (size_t i = 0; i < job.rows.size(); ++i) {
      std::memcpy(job.rows[i].hash.data(), hashes.data() + i * kHashBytes16, kHashBytes16);
    }
    const auto after = std::upper_bound(job.rows.begin(), job.rows.end(), work.cursor,
                                        [](const auto& c, const Row& r) { return c < r.view(); });
    if (adding && !work.cursor.empty()) job.at = static_cast<size_t>(after - job.rows.begin());
    job.cursor = adding ? std::string() : work.cursor;
    jobs_.push_back(std::move(job));
  }
  return ok();
}

bool Snapshots::busy(const store::ListId& list) const {
  return std::any_of(jobs_.begin(), jobs_.end(), [&](const auto& j) { return j.list == list; });
}

Snapshots::Upload* Snapshots::find_upload(const std::string& id) {
  const auto it = std::find_if(uploads_.begin(), uploads_.end(),
                               [&](const auto& upload) { return upload.id == id; });
  return it == uploads_.end() ? nullptr : &*it;
}

std::optional<MembersAnswer> Snapshots::add_part(Turn& turn, const MembersCommand& command,
                                                 Upload& upload) {
  const auto& change = command.change;
  if (change.part() + 1 == upload.parts) return std::nullopt;  // said again: it is here
  if (change.part() != upload.parts || command.list() != upload.list) {
    return refused(v1::CODE_CONFLICT, "parts are missing: begin again, with part 0");
  }
  if (upload.rows.size() + static_cast<size_t>(change.rows_size()) > limits::kMembersMax) {
    return refused(v1::CODE_OVERSIZE, "a list has at most " + std::to_string(limits::kMembersMax) +
                                          " children: split the team's list");
  }
  ++upload.parts;
  for (const auto& member : change.rows()) {
    Row row;
    row.line = member.line();
    if (const auto hash = member_hash(turn.secrets, member)) {
      std::memcpy(row.hash.data(), hash->data(), kHashBytes16);
      upload.rows.push_back(row);
    } else {
      add_line(*upload.report.mutable_invalid_lines(), member.line());
    }
  }
  return std::nullopt;
}

std::optional<MembersAnswer> Snapshots::take(Turn& turn, const MembersCommand& command,
                                             uint64_t ticket) {
  const auto& change = command.change;
  if (list_name(change.list()).empty() || change.list() == v1::MEMBER_LIST_ENQUIRY) {
    return refused(v1::CODE_INVALID, "only a caseload or a list of open plans comes as a whole");
  }
  if (change.upload().size() != kHashBytes16) {
    return refused(v1::CODE_INVALID, "upload must be 16 bytes, the same in each part");
  }
  const std::string id = command.who.id() + '\0' + change.upload();
  for (auto& job : jobs_) {  // the last part was said again: it is being worked on
    if (job.upload == id && change.last()) {
      job.ticket = ticket;
      return std::nullopt;
    }
  }
  Upload* upload = find_upload(id);
  if (upload == nullptr) {
    if (change.part() != 0) {
      return refused(v1::CODE_CONFLICT, "the parts before are not here: begin again, with part 0");
    }
    if (uploads_.size() >= limits::kUploadsMax) uploads_.pop_front();  // it begins again
    upload = &uploads_.emplace_back(Upload{id, command.list(), 0, {}, {}});
  }
  auto wrong = add_part(turn, command, *upload);
  if (!wrong && !change.last()) return MembersAnswer{};
  Upload whole = std::move(*upload);
  std::erase_if(uploads_, [&](const auto& u) { return u.id == id || u.id.empty(); });
  if (wrong) return wrong;
  whole.id = id;
  return begin(turn, command, ticket, std::move(whole));
}

std::optional<MembersAnswer> Snapshots::begin(Turn& turn, const MembersCommand& command,
                                              uint64_t ticket, Upload upload) {
  const auto& change = command.change;
  const auto in_force = turn.journal.take_or_default(store::read_list(turn.journal, upload.list));
  if (auto why = wrong_date(change.as_of(), in_force, turn.now); !why.empty()) {
    return refused(in_force.as_of() > change.as_of() && day_from_string(change.as_of())
                       ? v1::CODE_CONFLICT
                       : v1::CODE_INVALID,
                   std::move(why));
  }
  if (busy(upload.list) || jobs_.size() >= limits::kUploadsMax) {
    return refused(v1::CODE_BUSY, "another list is being applied: try again in a minute");
  }
  Job job;
  job.ticket = ticket;
  job.upload = std::move(upload.id);
  job.list = upload.list;
  job.team = command.team.id();
  job.principal = command.who.id();
  job.person = command.person.empty() ? command.who.id() : command.person;
  job.as_of = change.as_of();
  job.execute = change.execute();
  job.confirmed = change.confirm_vanishing();
  job.report = std::move(upload.report);
  std::sort(upload.rows.begin(), upload.rows.end());
  for (const Row& row : upload.rows) {
    if (!job.rows.empty() && job.rows.back().hash == row.hash) {
      add_line(*job.report.mutable_duplicate_lines(), row.line);
    } else {
      job.rows.push_back(row);
    }
  }
  std::sort(job.report.mutable_duplicate_lines()->begin(),
            job.report.mutable_duplicate_lines()->end());
  jobs_.push_back(std::move(job));
  return std::nullopt;
}

void Snapshots::work(Turn& turn) {
  if (!undecided_.empty()) {  // nobody was told that it would be applied
    store::erase_list_work(turn.journal, undecided_.back());
    turn.audit.next(v1::AUDIT_KIND_DIRECTORY)
        .set_text(list_words(undecided_.back()) + ": a snapshot that came to no end is forgotten");
    return undecided_.pop_back();
  }
  if (jobs_.empty()) return;
  Job& job = jobs_.front();
  switch (job.phase) {
    case Phase::kComparing:
      return compare(turn, job);
    case Phase::kLookingUp:
      return look_up(turn, job);
    case Phase::kKeeping:
      return keep(turn, job);
    case Phase::kAdding:
      return add(turn, job);
    case Phase::kRemoving:
      return remove(turn, job);
  }
}

bool Snapshots::has(const Job& job, std::string_view hash) {
  const auto it = std::lower_bound(job.rows.begin(), job.rows.end(), hash,
                                   [](const Row& r, std::string_view h) { return r.view() < h; });
  return it != job.rows.end() && it->view() == hash;
}

v1::AuditEntry& Snapshots::audit(Turn& turn, const Job& job, const std::string& words) {
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_DIRECTORY);
  const v1::Team* team = turn.directory.team(job.list.team);
  entry.set_principal(job.principal);
  entry.set_person(job.person);
  if (team != nullptr) entry.set_team(team->id());
  entry.set_text(list_words(job.list) + ", snapshot as of " + job.as_of + ": " + words);
  return entry;
}

void Snapshots::compare(Turn& turn, Job& job) {
  const auto hashes = turn.journal.take_or_default(
      store::read_members(turn.journal, job.list, job.cursor, kComparedPerTurn));
  auto& report = job.report;
  for (const auto& hash : hashes) {
    if (has(job, hash)) {
      report.set_unchanged(report.unchanged() + 1);
    } else {
      report.set_removed(report.removed() + 1);
    }
  }
  if (!hashes.empty()) job.cursor = hashes.back();
  if (hashes.size() == kComparedPerTurn) return;
  report.set_before(report.unchanged() + report.removed());
  report.set_after(job.rows.size());
  report.set_added(job.rows.size() - report.unchanged());
  job.phase = Phase::kLookingUp;
}

void Snapshots::look_up(Turn& turn, Job& job) {
  const size_t until = std::min(job.rows.size(), job.at + kComparedPerTurn);
  for (; job.at < until; ++job.at) {
    const Row& row = job.rows[job.at];
    if (store::find_subject(turn.journal, row.view())) continue;
    add_line(*job.report.mutable_unknown_lines(), row.line);
  }
  if (job.at < job.rows.size()) return;
  std::sort(job.report.mutable_unknown_lines()->begin(), job.report.mutable_unknown_lines()->end());
  decide(turn, job);
}

void Snapshots::decide(Turn& turn, Job& job) {
  const bool asks = vanishes(job.report) && !job.confirmed;
  if (asks) job.report.set_problem(vanishing_words(job.report));
  const auto in_force = turn.journal.take_or_default(store::read_list(turn.journal, job.list));
  if (in_force.as_of() > job.as_of) job.report.set_problem("a newer list came meanwhile");
  if (!job.execute) return end({v1::CODE_OK, {}, job.report});
  if (!job.report.problem().empty()) {
    return end({v1::CODE_CONFLICT, job.report.problem(), job.report});
  }
  job.phase = Phase::kKeeping;
  job.at = 0;
}

// Hashes go beside the list, and with the last of them the decision.
void Snapshots::keep(Turn& turn, Job& job) {
  for (size_t n = 0; n < kPartsPerTurn && job.at < job.rows.size(); ++n) {
    std::string part;
    const auto number = static_cast<uint32_t>(job.at / limits::kMembersPerPart);
    const size_t until = std::min(job.rows.size(), job.at + limits::kMembersPerPart);
    for (; job.at < until; ++job.at) part.append(job.rows[job.at].view());
    store::write_list_part(turn.journal, job.list, number, part);
  }
  const bool all = job.at == job.rows.size();
  audit(turn, job, std::to_string(job.at) + " children kept" + (all ? ", decided" : ""));
  if (!all) return;
  job.phase = Phase::kAdding;
  job.at = 0;
  job.report.set_added(0);
  job.report.set_removed(0);
  job.report.set_unchanged(0);
  save(turn, job);
}

void Snapshots::save(Turn& turn, const Job& job) {
  const bool adding = job.phase == Phase::kAdding;
  store::ListWork work;
  work.id = job.list;
  work.phase = adding ? store::ListPhase::kAdding : store::ListPhase::kRemoving;
  work.cursor = !adding ? job.cursor : std::string(job.at == 0 ? "" : job.rows[job.at - 1].view());
  work.principal = job.principal;
  work.record.set_by(job.person);
  work.record.set_as_of(job.as_of);
  work.report = job.report;
  store::write_list_work(turn.journal, work);
}

void Snapshots::add(Turn& turn, Job& job) {
  auto& report = job.report;
  const auto full = [&] { return turn.journal.pending().bytes() > limits::kMemberBytesPerTurnMax; };
  size_t done = 0;
  for (; done < limits::kMembersPerTurnMax && job.at < job.rows.size() && !full(); ++done) {
    const std::string hash(job.rows[job.at++].view());
    if (store::find_member(turn.journal, job.list, hash)) {
      report.set_unchanged(report.unchanged() + 1);
      continue;
    }
    store::add_member(turn.journal, job.list, hash, {});
    report.set_added(report.added() + 1);
    if (job.list.list != v1::MEMBER_LIST_CASELOAD) continue;
    report.set_joined(report.joined() + join_or_queue(turn, {hash, job.list}).brought);
  }
  audit(turn, job, std::to_string(report.added()) + " added so far");
  if (job.at == job.rows.size()) {
    job.phase = Phase::kRemoving;
    job.cursor.clear();
  }
  save(turn, job);
}

void Snapshots::remove(Turn& turn, Job& job) {
  auto& report = job.report;
  const auto hashes = turn.journal.take_or_default(
      store::read_members(turn.journal, job.list, job.cursor, limits::kMembersPerTurnMax));
  for (const auto& hash : hashes) {
    if (has(job, hash)) continue;
    store::remove_member(turn.journal, job.list, hash);
    report.set_removed(report.removed() + 1);
  }
  if (!hashes.empty()) job.cursor = hashes.back();
  if (hashes.size() < limits::kMembersPerTurnMax) return complete(turn, job);
  audit(turn, job, std::to_string(report.removed()) + " removed so far");
  save(turn, job);
}

void Snapshots::complete(Turn& turn, Job& job) {
  const auto& report = job.report;
  const v1::AuditEntry& entry =
      audit(turn, job,
            std::to_string(report.added()) + " added, " + std::to_string(report.removed()) +
                " removed, " + std::to_string(report.unchanged()) + " unchanged, " +
                std::to_string(report.joined()) + " earlier events brought");
  v1::MembersRecord record;
  record.set_as_of(job.as_of);
  record.set_applied_us(turn.now.us);
  record.set_count(job.rows.size());
  record.set_by(job.person);
  record.set_version(entry.position());
  store::write_list(turn.journal, job.list, record);
  store::erase_list_work(turn.journal, job.list);
  job.report.set_executed(true);
  end({v1::CODE_OK, {}, job.report});
}

void Snapshots::end(MembersAnswer answer) {
  if (jobs_.front().ticket != 0) finished_.push_back({jobs_.front().ticket, std::move(answer)});
  jobs_.pop_front();
}

std::optional<Snapshots::Finished> Snapshots::take_finished() {
  if (finished_.empty()) return std::nullopt;
  Finished first = std::move(finished_.front());
  finished_.pop_front();
  return first;
}

}  // namespace switchboard::core
