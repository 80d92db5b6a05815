#include "broker/store/member_rows.h"

#include <algorithm>

namespace switchboard::store {
namespace {

using kv::Family;

constexpr size_t kListKeyBytes = 1 + 4 + 1;
constexpr size_t kHashKeyBytes = 16;
constexpr size_t kPlaceBytes = 1 + 4;

Error corrupt(const char* what) {
  return error(v1::CODE_INTERNAL, std::string("corrupt row of ") + what);
}

std::optional<ListId> read_list_key(std::string_view key) {
  if (key.size() < kListKeyBytes) return std::nullopt;
  return ListId{get_u32(key.substr(1)), static_cast<v1::MemberList>(key[5])};
}

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text);
}
std::optional<std::string_view> take_text(std::string_view& in) {
  const auto size = take_varint(in);
  if (!size || *size > in.size()) return std::nullopt;
  const auto text = in.substr(0, *size);
  in.remove_prefix(*size);
  return text;
}

bool parse(std::optional<std::string_view> bytes, google::protobuf::MessageLite& into) {
  return bytes && into.ParseFromArray(bytes->data(), static_cast<int>(bytes->size()));
}

std::optional<ListWork> parse_work(const ListId& id, std::string_view row) {
  if (row.empty()) return std::nullopt;
  ListWork work{.id = id,
                .phase = static_cast<ListPhase>(row.front()),
                .cursor = {},
                .principal = {},
                .record = {},
                .report = {}};
  row.remove_prefix(1);
  const auto cursor = take_text(row);
  const auto principal = take_text(row);
  if (!parse(take_text(row), work.record) || !parse(take_text(row), work.report)) {
    return std::nullopt;
  }
  work.cursor = *cursor;
  work.principal = *principal;
  return work;
}

void set_other_lists(Journal& journal, std::string_view hash, const std::vector<ListId>& lists) {
  if (lists.empty()) return journal.erase(Family::kIndex, key::other_lists(hash));
  std::string row;
  for (const auto& id : lists) {
    put_u8(row, static_cast<uint8_t>(id.list));
    put_u32(row, id.team);
  }
  journal.put(Family::kIndex, key::other_lists(hash), row);
}

enum class Is { kOn, kOff };
void look_up_as(Journal& journal, const ListId& id, std::string_view hash, Is is) {
  if (id.list == v1::MEMBER_LIST_CASELOAD) {
    auto teams = caseload_teams(journal, &journal, hash);
    std::erase(teams, id.team);
    if (is == Is::kOn) teams.push_back(id.team);
    return set_caseload_teams(journal, hash, teams);
  }
  auto lists = other_lists(journal, &journal, hash);
  std::erase(lists, id);
  if (is == Is::kOn) lists.push_back(id);
  set_other_lists(journal, hash, lists);
}

// Every list that has any row, each once: one seek a list, however many rows.
Result<std::vector<ListId>> lists_there(const Reads& reads) {
  std::vector<ListId> all;
  std::string from = key::list_prefix();
  const std::string until = kv::prefix_end(from);
  while (true) {
    const auto rows = reads.scan(Family::kState, from, until);
    TRY_DO(rows->status());
    if (!rows->valid()) return all;
    const auto id = read_list_key(rows->key());
    if (!id) return corrupt("a list");
    all.push_back(*id);
    from = kv::prefix_end(key::list(*id));
  }
}

}  // namespace

Result<v1::MembersRecord> read_list(const Reads& reads, const ListId& id) {
  TRY(auto record, read_record<v1::MembersRecord>(reads, Family::kState, key::list(id)));
  return std::move(record).value_or(v1::MembersRecord{});
}
void write_list(Journal& journal, const ListId& id, const v1::MembersRecord& record) {
  journal.put(Family::kState, key::list(id), record.SerializeAsString());
}
Result<std::vector<List>> read_lists(const Reads& reads) {
  std::vector<List> all;
  TRY(const auto there, lists_there(reads));
  for (const auto& id : there) {
    TRY(auto record, read_record<v1::MembersRecord>(reads, Family::kState, key::list(id)));
    if (record) all.push_back({id, std::move(*record)});
  }
  return all;
}

std::optional<Member> find_member(Journal& journal, const ListId& id, std::string_view hash) {
  const auto row = journal.take(journal.get(Family::kIndex, key::member(id, hash)));
  if (!row) return std::nullopt;
  return Member{row->size() == 8 ? get_u64(*row) : 0};
}
void add_member(Journal& journal, const ListId& id, std::string_view hash, const Member& member) {
  std::string row;
  if (member.enquiry != 0) put_u64(row, member.enquiry);
  journal.put(Family::kIndex, key::member(id, hash), row);
  look_up_as(journal, id, hash, Is::kOn);
}
void remove_member(Journal& journal, const ListId& id, std::string_view hash) {
  journal.erase(Family::kIndex, key::member(id, hash));
  look_up_as(journal, id, hash, Is::kOff);
}
Result<std::vector<std::string>> read_members(const Reads& reads, const ListId& id,
                                              std::string_view after, size_t most) {
  const auto prefix = key::member_prefix(id);
  // A hash that a zero byte follows comes right after the hash.
  const auto from = after.empty() ? prefix : key::member(id, after) + std::string(1, '\0');
  const auto rows = reads.scan(Family::kIndex, from, kv::prefix_end(prefix));
  std::vector<std::string> hashes;
  for (; rows->valid() && hashes.size() < most; rows->next()) {
    hashes.emplace_back(rows->key().substr(prefix.size()));
  }
  TRY_DO(rows->status());
  return hashes;
}

std::vector<ListId> other_lists(const Reads& reads, Journal* journal, std::string_view hash) {
  std::vector<ListId> lists;
  const std::string at = key::other_lists(hash);
  const auto row = journal != nullptr ? journal->get_remembered(Family::kIndex, at)
                                      : reads.get(Family::kIndex, at);
  if (!row.ok()) {
    if (journal != nullptr) journal->fail(row.error());
    return lists;
  }
  if (!*row) return lists;
  for (std::string_view rest = **row; rest.size() >= kPlaceBytes; rest.remove_prefix(kPlaceBytes)) {
    lists.push_back({get_u32(rest.substr(1)), static_cast<v1::MemberList>(rest.front())});
  }
  return lists;
}

static Result<Enquiry> parse_enquiry(uint64_t position, std::string_view row) {
  if (row.size() != kHashKeyBytes + 8 + 8) return corrupt("an enquiry");
  return Enquiry{position, std::string(row.substr(0, kHashKeyBytes)),
                 static_cast<int64_t>(get_u64(row.substr(kHashKeyBytes))),
                 static_cast<int64_t>(get_u64(row.substr(kHashKeyBytes + 8)))};
}
void write_enquiry(Journal& journal, TeamHandle team, const Enquiry& enquiry) {
  std::string row = enquiry.hash;
  put_u64(row, static_cast<uint64_t>(enquiry.opened_us));
  put_u64(row, static_cast<uint64_t>(enquiry.until_us));
  journal.put(Family::kState, key::enquiry(team, enquiry.position), row);
}
void erase_enquiry(Journal& journal, TeamHandle team, uint64_t position) {
  journal.erase(Family::kState, key::enquiry(team, position));
}
Result<std::optional<Enquiry>> read_enquiry(const Reads& reads, TeamHandle team,
                                            uint64_t position) {
  TRY(const auto row, reads.get(Family::kState, key::enquiry(team, position)));
  if (!row) return std::optional<Enquiry>{};
  TRY(auto enquiry, parse_enquiry(position, *row));
  return std::optional<Enquiry>(std::move(enquiry));
}
Result<std::vector<Enquiry>> read_enquiries(const Reads& reads, TeamHandle team, size_t most) {
  std::vector<Enquiry> all;
  const auto prefix = key::enquiry_prefix(team);
  const auto rows = reads.scan(Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid() && all.size() < most; rows->next()) {
    TRY(auto enquiry, parse_enquiry(key::trailing_u64(rows->key()), rows->value()));
    all.push_back(std::move(enquiry));
  }
  TRY_DO(rows->status());
  return all;
}

void write_list_work(Journal& journal, const ListWork& work) {
  std::string row;
  put_u8(row, static_cast<uint8_t>(work.phase));
  put_text(row, work.cursor);
  put_text(row, work.principal);
  put_text(row, work.record.SerializeAsString());
  put_text(row, work.report.SerializeAsString());
  journal.put(Family::kState, key::list_work(work.id), row);
}
void erase_list_work(Journal& journal, const ListId& id) {
  journal.erase(Family::kState, key::list_work(id));
  const auto prefix = key::list_part_prefix(id);
  std::vector<std::string> keys;
  const auto rows = journal.scan(Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) keys.emplace_back(rows->key());
  if (!rows->status().ok()) journal.fail(rows->status().error());
  for (const auto& key : keys) journal.erase(Family::kState, key);
}
Result<std::vector<ListWork>> read_list_works(const Reads& reads) {
  std::vector<ListWork> all;
  TRY(const auto there, lists_there(reads));
  for (const auto& id : there) {
    TRY(const auto row, reads.get(Family::kState, key::list_work(id)));
    if (!row) continue;
    auto work = parse_work(id, *row);
    if (!work) return corrupt("a snapshot under way");
    all.push_back(std::move(*work));
  }
  return all;
}
void write_list_part(Journal& journal, const ListId& id, uint32_t part, std::string_view hashes) {
  journal.put(Family::kState, key::list_part(id, part), hashes);
}
Result<std::string> read_list_parts(const Reads& reads, const ListId& id) {
  std::string hashes;
  const auto prefix = key::list_part_prefix(id);
  const auto rows = reads.scan(Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid(); rows->next()) hashes.append(rows->value());
  TRY_DO(rows->status());
  if (hashes.size() % kHashKeyBytes != 0) return corrupt("a snapshot");
  return hashes;
}
Result<std::vector<ListId>> read_undecided(const Reads& reads) {
  std::vector<ListId> all;
  TRY(const auto there, lists_there(reads));
  for (const auto& id : there) {
    TRY(const auto work, reads.get(Family::kState, key::list_work(id)));
    const auto prefix = key::list_part_prefix(id);
    const auto parts = reads.scan(Family::kState, prefix, kv::prefix_end(prefix));
    TRY_DO(parts->status());
    if (!work && parts->valid()) all.push_back(id);
  }
  return all;
}

void queue_join(Journal& journal, const Joining& joining) {
  journal.put(Family::kState, key::join(joining.hash, joining.list), "");
}
void erase_join(Journal& journal, const Joining& joining) {
  journal.erase(Family::kState, key::join(joining.hash, joining.list));
}
Result<std::vector<Joining>> read_joins(const Reads& reads, size_t most) {
  std::vector<Joining> all;
  const auto prefix = key::join_prefix();
  const auto rows = reads.scan(Family::kState, prefix, kv::prefix_end(prefix));
  for (; rows->valid() && all.size() < most; rows->next()) {
    const auto rest = rows->key().substr(prefix.size());
    if (rest.size() != kHashKeyBytes + kPlaceBytes) return corrupt("a join");
    all.push_back({std::string(rest.substr(0, kHashKeyBytes)),
                   {get_u32(rest.substr(kHashKeyBytes)),
                    static_cast<v1::MemberList>(rest[kHashKeyBytes + 4])}});
  }
  TRY_DO(rows->status());
  return all;
}

}  // namespace switchboard::store
