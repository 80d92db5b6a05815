#include "broker/store/keys.h"

#include <algorithm>

#include "broker/base/hash.h"

namespace switchboard::store::key {
namespace {

// Agency codes are short and public; eight bytes of their hash keep the key's length fixed.
std::string_view cut8(const Hash& h) { return view(h).substr(0, 8); }

std::string tagged(char tag, std::string_view rest) {
  std::string k(1, tag);
  k.append(rest);
  return k;
}

std::string numbered(char tag, std::string_view middle, uint64_t number) {
  std::string k(1, tag);
  k.append(middle);
  put_u64(k, number);
  return k;
}

}  // namespace

std::string position(uint64_t position) {
  std::string k;
  put_u64(k, position);
  return k;
}
std::string added_prefix(uint64_t position) { return numbered('A', {}, position); }
std::string added_recipients(uint64_t position, uint64_t adding) {
  return numbered('A', key::position(position), adding);
}
std::string_view AgencyCut::of(std::string_view agency) {
  if (cut_.empty() || agency_ != agency) {
    agency_.assign(agency);
    cut_.assign(cut8(hash(agency)));
  }
  return cut_;
}
std::string event_id(const Id& id, std::string_view agency, AgencyCut& cut) {
  std::string k(id.view());
  k.append(cut.of(agency));
  return k;
}
std::string event_id(const Id& id, std::string_view agency) {
  AgencyCut cut;
  return event_id(id, agency, cut);
}
std::string act_id(const Id& id) { return tagged('A', id.view()); }
std::string escalation_id(const Id& id) { return tagged('X', id.view()); }

std::string inbox(LogId log, uint64_t number) {
  std::string k;
  put_u32(k, log.packed());
  put_u64(k, number);
  return k;
}

std::string cursor_prefix() { return "C"; }
std::string cursor(LogId log, std::string_view endpoint) {
  std::string k = "C";
  put_u32(k, log.packed());
  k.append(endpoint);
  return k;
}
std::string receipt_prefix(LogId log, std::string_view endpoint) {
  std::string k = "M";
  put_u32(k, log.packed());
  k.append(cut8(hash(endpoint)));
  return k;
}
std::string receipt(LogId log, std::string_view endpoint, uint64_t through) {
  std::string k = receipt_prefix(log, endpoint);
  put_u64(k, through);
  return k;
}
std::string delivery(TeamHandle team, uint64_t number) {
  std::string k = "D";
  put_u32(k, team);
  put_u64(k, number);
  return k;
}

std::string corrected_delivery(TeamHandle team, uint64_t number) {
  std::string k = "K";
  put_u32(k, team);
  put_u64(k, number);
  return k;
}

std::string due_from(int64_t at_us) {
  std::string k = "T";
  put_u64(k, static_cast<uint64_t>(at_us));
  return k;
}
std::string due_until(int64_t at_us) { return due_from(at_us + 1); }
std::string due(const Due& d) {
  std::string k = due_from(d.at_us);
  put_u8(k, static_cast<uint8_t>(d.kind));
  put_u32(k, d.team);
  put_u64(k, d.number);
  put_u8(k, d.level);
  return k;
}
std::optional<Due> read_due(std::string_view k) {
  if (k.size() != 1 + 8 + 1 + 4 + 8 + 1 || k[0] != 'T') return std::nullopt;
  Due d;
  d.at_us = static_cast<int64_t>(get_u64(k.substr(1)));
  d.kind = static_cast<DueKind>(k[9]);
  d.team = get_u32(k.substr(10));
  d.number = get_u64(k.substr(14));
  d.level = static_cast<uint8_t>(k[22]);
  return d;
}

std::string queue_prefix(Queue q) { return std::string{'Q', static_cast<char>(q)}; }
std::string queue(Queue q, uint64_t position) {
  std::string k = queue_prefix(q);
  put_u64(k, position);
  return k;
}
std::string open_floor(TeamHandle team) {
  std::string k = "F";
  put_u32(k, team);
  return k;
}

std::string task(std::string_view id) { return tagged('J', id); }
std::string open_task_prefix(TeamHandle team) {
  std::string k = "O";
  put_u32(k, team);
  return k;
}
std::string open_task(TeamHandle team, int64_t due_us, std::string_view id) {
  std::string k = open_task_prefix(team);
  put_u64(k, static_cast<uint64_t>(due_us));
  k.append(id);
  return k;
}
std::string event_task_prefix(uint64_t p) { return numbered('j', {}, p); }
std::string event_task(uint64_t p, std::string_view id) {
  std::string k = event_task_prefix(p);
  k.append(id);
  return k;
}
std::string_view trailing_task(std::string_view k) {
  constexpr size_t kIdBytes = 16;
  const bool open = k.starts_with('O') && k.size() == 1 + 4 + 8 + kIdBytes;
  const bool of_event = k.starts_with('j') && k.size() == 1 + 8 + kIdBytes;
  return open || of_event ? k.substr(k.size() - kIdBytes) : std::string_view();
}
std::string nudge_prefix() { return "N"; }
std::string nudge(const Id& id) { return tagged('N', id.view()); }
std::string waiting_nudge_from(int64_t next_try_us) {
  return numbered('W', {}, static_cast<uint64_t>(next_try_us));
}
std::string waiting_nudge(int64_t next_try_us, const Id& id) {
  return waiting_nudge_from(next_try_us).append(id.view());
}
std::optional<Id> read_waiting_nudge(std::string_view k) {
  if (k.size() != 1 + 8 + 16 || k[0] != 'W') return std::nullopt;
  return id_from_bytes(k.substr(1 + 8));
}
std::string gathering_nudge(std::string_view h) { return tagged('n', h); }

std::string outbox_prefix() { return "U"; }
std::string outbox(std::string_view principal, std::string_view outbox16) {
  std::string k = outbox_prefix();
  k.append(cut8(hash(principal)));
  k.append(outbox16);
  return k;
}
std::optional<std::string_view> read_outbox(std::string_view k) {
  if (k.size() != 1 + 8 + 16 || k[0] != 'U') return std::nullopt;
  return k.substr(1 + 8);
}
std::string ledger_prefix(Day day) {
  std::string k = "L";
  put_u32(k, static_cast<uint32_t>(day.number));
  return k;
}
std::string ledger(const LedgerKey& line) {
  std::string k = ledger_prefix(line.day);
  put_u8(k, static_cast<uint8_t>(line.bucket));
  k.append(line.agency);
  k.push_back('\0');  // ids of agencies hold no NUL
  k.append(line.system);
  return k;
}
std::optional<LedgerKey> read_ledger(std::string_view k) {
  constexpr size_t kFixed = 1 + 4 + 1;
  const size_t end = k.find('\0', std::min(k.size(), kFixed));
  if (k.size() < kFixed || k[0] != 'L' || end == std::string_view::npos) return std::nullopt;
  LedgerKey line;
  line.day = {static_cast<int32_t>(get_u32(k.substr(1)))};
  line.bucket = static_cast<v1::LedgerBucket>(k[5]);
  line.agency = k.substr(kFixed, end - kFixed);
  line.system = k.substr(end + 1);
  return line;
}
std::string adapter_ledger_prefix(Day day) {
  std::string k = ledger_prefix(day);
  k[0] = 'B';
  return k;
}
std::string adapter_ledger(const LedgerKey& line, std::string_view listener) {
  std::string k = ledger(line);
  k[0] = 'B';
  k.push_back('\0');
  k.append(listener);
  return k;
}

std::string probe_prefix() { return "P"; }
std::string probe_prefix(TeamHandle team) {
  std::string k = probe_prefix();
  put_u32(k, team);
  return k;
}
std::string probe(TeamHandle team, std::string_view agency, std::string_view system) {
  std::string k = probe_prefix(team);
  k.append(agency);
  k.push_back('\0');  // ids of agencies hold no NUL
  k.append(system);
  return k;
}

std::string stay(std::string_view thread) { return tagged('S', "\1").append(thread); }
std::string expected_birth(std::string_view pregnancy) {
  return tagged('S', "\2").append(pregnancy);
}
std::string birth_watch(uint64_t position) {
  return tagged('S', "\4").append(key::position(position));
}
std::string pregnancy_end(std::string_view pregnancy) {
  return tagged('S', "\3").append(pregnancy);
}

std::string identifier(std::string_view h) { return tagged('i', h); }
std::string subject_number(std::string_view subject) { return tagged('v', subject); }
std::string subject_position(std::string_view subject, uint64_t p) {
  return numbered('s', subject, p);
}
std::string thread_prefix(std::string_view h) { return tagged('t', h); }
std::string thread_position(std::string_view h, uint64_t p) { return numbered('t', h, p); }
std::string source_id(std::string_view h) { return tagged('m', h); }
std::string routed_fields(std::string_view h) { return tagged('r', h); }
std::string held_prefix(std::string_view h) { return tagged('h', h); }
std::string held(std::string_view h, uint64_t p) { return numbered('h', h, p); }
std::string caseload(std::string_view h) { return tagged('c', h); }

// Teams' handles begin at 1: what belongs to no list stands under 0.
static std::string of_list(char tag, const ListId& list) {
  std::string k(1, tag);
  put_u32(k, list.team);
  put_u8(k, static_cast<uint8_t>(list.list));
  return k;
}
std::string list_prefix() { return "E"; }
std::string list(const ListId& id) { return of_list('E', id); }
std::string list_work(const ListId& id) { return list(id) + "w"; }
std::string list_part_prefix(const ListId& id) { return list(id) + "s"; }
std::string list_part(const ListId& id, uint32_t part) {
  std::string k = list_part_prefix(id);
  put_u32(k, part);
  return k;
}
std::string enquiry_prefix(TeamHandle team) { return list({team, v1::MEMBER_LIST_ENQUIRY}) + "q"; }
std::string enquiry(TeamHandle team, uint64_t position) {
  std::string k = enquiry_prefix(team);
  put_u64(k, position);
  return k;
}
std::string join_prefix() { return list({0, v1::MEMBER_LIST_UNSPECIFIED}) + "j"; }
std::string join(std::string_view h, const ListId& id) {
  std::string k = join_prefix();
  k.append(h);
  put_u32(k, id.team);
  put_u8(k, static_cast<uint8_t>(id.list));
  return k;
}
std::string member_prefix(const ListId& id) { return of_list('e', id); }
std::string member(const ListId& id, std::string_view h) {
  std::string k = member_prefix(id);
  k.append(h);
  return k;
}
std::string other_lists(std::string_view h) { return tagged('p', h); }

std::string corrected_prefix(uint64_t p) { return numbered('b', {}, p); }
std::string corrected_by(uint64_t p, uint64_t by) { return numbered('b', position(p), by); }

std::string directory_prefix(uint8_t type, std::string_view id) {
  std::string k;
  put_u8(k, type);
  k.append(id);
  k.push_back('\0');  // ids hold no NUL, so no id is a prefix of another's key
  return k;
}
std::string directory(uint8_t type, std::string_view id, uint64_t position) {
  std::string k = directory_prefix(type, id);
  put_u64(k, ~position);  // descending: the first row of an id is its newest
  return k;
}

std::string head() { return "head"; }
std::string format() { return "format"; }
std::string master_check() { return "master"; }
std::string next_handle() { return "handle"; }
std::string indexed() { return "indexed"; }
std::string newest_sources() { return "sources"; }
std::string open_count(TeamHandle team) {
  std::string k = "G";
  put_u32(k, team);
  return k;
}
std::string counted() { return "counted"; }
std::string opening_prefix() { return "open"; }
std::string opening(uint64_t epoch) {
  std::string k = opening_prefix();
  put_u64(k, epoch);
  return k;
}
std::string first_number(LogId log, uint64_t epoch) {
  std::string k = "F";
  put_u32(k, log.packed());
  put_u64(k, epoch);
  return k;
}
std::string loss_prefix() { return "loss"; }
std::string loss(uint64_t position) {
  std::string k = loss_prefix();
  put_u64(k, position);
  return k;
}

uint64_t trailing_u64(std::string_view k) {
  return k.size() < 8 ? 0 : get_u64(k.substr(k.size() - 8));
}

}  // namespace switchboard::store::key
