#include "tests/bench/shape.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/base/ids.h"
#include "tests/bench/fields.h"

namespace switchboard::bench {

using support::Arguments;
using support::die;

ShapeOptions::ShapeOptions(Arguments& a)
    : teams(static_cast<int>(a.number("teams", 1))),
      header(!a.flag("no-header")),
      digest(!a.flag("no-digest")),
      dedupe(!a.flag("no-dedupe")),
      subject(!a.flag("no-subject")),
      record(!a.flag("no-record")),
      inbox(!a.flag("no-inbox")),
      index(!a.flag("no-index")),
      audit(!a.flag("no-audit")),
      act(a.text("attention", "file") == "act"),
      seal(a.flag("no-seal")      ? SealUnit::kNone
           : a.flag("seal-whole") ? SealUnit::kWhole
                                  : SealUnit::kSections),
      index_delta(static_cast<size_t>(a.number("index-delta", 30'000))) {
  store.directory = a.text("dir", ".");
  store.durability = a.flag("no-store")  ? Durability::kNone
                     : a.flag("no-sync") ? Durability::kNoSync
                                         : Durability::kSync;
  store.one_family = a.flag("one-family");
  store.one_writer = !a.flag("many-writers");
  store.hash_index = !a.flag("skip-list-index") && index_delta == 0;
  store.index_buffer_mb = a.number("index-buffer-mb", 0);
  store.pages = !a.flag("no-pages");
  store.insert_hints = !a.flag("no-hints");
  store.bloom_in_memory = !a.flag("no-memory-bloom");
}

bool ItemView::parse(std::string_view item) {
  header = {};
  sections.clear();
  Fields fields(item);
  for (Field field; fields.next(field);) {
    if (field.number == 1) header = field.bytes;
    if (field.number != 2) continue;
    Section section;
    Fields inner(field.bytes);
    for (Field part; inner.next(part);) {
      if (part.number == 1) section.kind = part.value;
      if (part.number == 2) section.body = part.bytes;
    }
    if (!inner.ok()) return false;
    sections.push_back(section);
  }
  return fields.ok() && !header.empty();
}

Shape::Shape(const ShapeOptions& options, Stopwatch& stopwatch)
    : options_(options),
      stopwatch_(stopwatch),
      store_(options.store),
      index_key_(os_random_32()),
      digest_key_(os_random_32()),
      witness_key_(os_random_32()),
      master_key_(os_random_32()),
      entropy_(os_random_32()) {
  promise_.set_epoch(1);
  promise_.set_head(std::string(view(head_)));
}

bool Shape::accept(const ItemView& item, int64_t now_us) {
  if (options_.header) {
    if (!header_.ParseFromArray(item.header.data(), static_cast<int>(item.header.size())))
      return false;
    identity_.Clear();
    for (const auto& section : item.sections) {
      if (section.kind != v1::SECTION_KIND_IDENTITY) continue;
      if (!identity_.ParseFromArray(section.body.data(), static_cast<int>(section.body.size())))
        return false;
    }
  }
  ++position_;
  stopwatch_.lap(Part::kHeader);
  if (options_.digest) {
    Hasher hasher(digest_key_);
    hasher.add(item.header);
    for (const auto& section : item.sections) hasher.add(section.kind).add(section.body);
    digest_ = hasher.finish();
  }
  stopwatch_.lap(Part::kDigest);
  put_dedupe();
  stopwatch_.lap(Part::kDedupe);
  put_subject();
  stopwatch_.lap(Part::kSubject);
  put_payload(item);
  stopwatch_.lap(Part::kSeal);
  put_inboxes(now_us);
  stopwatch_.lap(Part::kInbox);
  put_record(now_us);
  stopwatch_.lap(Part::kRecord);
  put_indexes();
  stopwatch_.lap(Part::kIndex);
  put_audit();
  stopwatch_.lap(Part::kAudit);
  auto& live = live_.emplace_back();
  live.position = position_;
  live.accepted_us = now_us;
  live.event_id = header_.event_id();
  live.body.reserve(item.header.size() + 700);
  put_field(live.body, 3, item.header);
  for (const auto& section : item.sections) {
    row_.clear();
    put_field(row_, 1, section.kind);
    put_field(row_, 2, section.body);
    put_field(live.body, 4, row_);
  }
  stopwatch_.lap(Part::kDeliver);
  return true;
}

void Shape::put_dedupe() {
  if (!options_.dedupe) return;
  key_.assign(header_.event_id()).append(header_.agency());
  if (store_.get(kv::Family::kDedupe, key_, found_)) die("the workload repeats an event id");
  row_.clear();
  put_u64(row_, position_);
  row_.append(view(digest_));
  store_.put(kv::Family::kDedupe, key_, row_);
}

// A verified NHS number names the subject; the first event of a child makes its row.
void Shape::put_subject() {
  if (!options_.subject || identity_.identifiers().empty()) return;
  const auto& id = identity_.identifiers(0);
  const Hash h =
      Hasher(index_key_).add(uint64_t(id.type())).add(id.authority()).add(id.value()).finish();
  key_.assign(1, 'i').append(view(h));
  if (store_.get(kv::Family::kIndex, key_, found_)) {
    subject_ = found_;
    return;
  }
  const auto fresh = entropy_.bytes<16>();
  subject_.assign(reinterpret_cast<const char*>(fresh.data()), fresh.size());
  store_.put(kv::Family::kIndex, key_, subject_);
}

void Shape::put_payload(const ItemView& item) {
  key_.clear();
  put_u64(key_, position_);
  row_.clear();
  if (options_.seal == SealUnit::kNone) {
    put_field(row_, v1::SECTION_KIND_HEADER, item.header);
    for (const auto& s : item.sections) put_field(row_, static_cast<uint32_t>(s.kind), s.body);
    store_.put(kv::Family::kPayload, key_, row_);
    return;
  }
  const auto random = entropy_.bytes<kSealKeyBytes>();
  const std::string_view key_row(reinterpret_cast<const char*>(random.data()), random.size());
  const SealKey event_key = event_key_of(key_, key_row);
  const auto seal_one = [&](uint64_t kind, std::string_view body) {
    put_u8(row_, static_cast<uint8_t>(kind));
    put_u32(row_, static_cast<uint32_t>(body.size() + kSealOverhead));
    seal(event_key, entropy_, body, key_, row_);
  };
  if (options_.seal == SealUnit::kSections) {
    seal_one(v1::SECTION_KIND_HEADER, item.header);
    for (const auto& section : item.sections) seal_one(section.kind, section.body);
  } else {
    found_.clear();
    put_field(found_, v1::SECTION_KIND_HEADER, item.header);
    for (const auto& s : item.sections) put_field(found_, static_cast<uint32_t>(s.kind), s.body);
    seal_one(0, found_);
  }
  store_.put(kv::Family::kPayload, key_, row_);
  store_.put(kv::Family::kKey, key_, key_row);
}

SealKey Shape::event_key_of(std::string_view position_key, std::string_view row) const {
  return Hasher(master_key_).add("event key").add_raw(position_key).add(row).finish();
}

Result<std::string> Shape::open_payload(std::string_view position_key, std::string_view key_row,
                                        std::string_view sealed) {
  const SealKey event_key = event_key_of(position_key, key_row);
  std::string body;
  std::string section;
  const auto add = [&](uint64_t kind, std::string_view plain) {
    if (kind == v1::SECTION_KIND_HEADER) return put_field(body, 3, plain);
    section.clear();
    put_field(section, 1, kind);
    put_field(section, 2, plain);
    put_field(body, 4, section);
  };
  while (sealed.size() >= 5) {
    const auto kind = static_cast<uint8_t>(sealed[0]);
    const uint32_t size = get_u32(sealed.substr(1));
    TRY(const std::string plain, unseal(event_key, sealed.substr(5, size), position_key));
    sealed.remove_prefix(5 + size);
    if (kind != 0) {
      add(kind, plain);
      continue;
    }
    Fields parts(plain);  // all in one seal
    for (Field part; parts.next(part);) add(part.number, part.bytes);
  }
  return body;
}

void Shape::put_inboxes(int64_t now_us) {
  if (!options_.inbox) return;
  for (int team = 0; team < options_.teams; ++team) {
    key_.clear();
    put_u32(key_, static_cast<uint32_t>(team));
    put_u8(key_, v1::LOG_KIND_INBOX);
    put_u64(key_, position_);
    row_.clear();
    put_u8(row_, v1::ENTRY_TYPE_DELIVERY);
    put_u64(row_, position_);
    put_u64(row_, static_cast<uint64_t>(now_us));
    put_u8(row_, options_.act ? v1::ATTENTION_ACT : v1::ATTENTION_FILE);
    put_u32(row_, 7);  // route
    store_.put(kv::Family::kInbox, key_, row_);
    if (!options_.act) continue;
    key_.insert(0, 1, 'o');
    store_.put(kv::Family::kState, key_, "");
    found_.assign(1, 'd');
    put_u64(found_, static_cast<uint64_t>(now_us + 86'400'000'000));
    found_.append(key_, 1);
    store_.put(kv::Family::kState, found_, "");
  }
}

void Shape::put_record(int64_t now_us) {
  if (!options_.record) return;
  record_.Clear();
  record_.set_event_id(header_.event_id());
  record_.set_id_origin(header_.id_origin());
  record_.set_agency(header_.agency());
  record_.set_system(header_.system());
  record_.set_source_message_id(header_.source_message_id());
  record_.set_kind(header_.kind());
  record_.set_kind_version(header_.kind_version());
  record_.set_accepted_us(now_us);
  record_.set_occurred_earliest_us(header_.occurred().earliest_us());
  record_.set_occurred_latest_us(header_.occurred().latest_us());
  record_.set_urgency(header_.urgency());
  record_.set_environment(header_.environment());
  record_.set_subject(subject_);
  record_.set_subject_type(header_.subject().type());
  record_.set_from_team(header_.from_team());
  *record_.mutable_call_back() = header_.call_back();
  *record_.mutable_out_of_hours() = header_.out_of_hours();
  record_.set_digest(std::string(view(digest_)));
  record_.set_payload_bytes(1024);
  record_.set_disposition(v1::DISPOSITION_ROUTED);
  record_.set_policy_version(12);
  record_.set_principal("X26/PAS adapter");
  record_.set_traceparent(header_.traceparent());
  for (int team = 0; team < options_.teams; ++team) {
    auto& recipient = *record_.add_recipients();
    recipient.set_team("X26-team");
    recipient.set_team_handle(static_cast<uint32_t>(team + 1));
    recipient.set_number(position_);
    recipient.set_cause(v1::CAUSE_ROUTE);
    recipient.set_route("route-ed-under-5");
    recipient.set_rule_version(12);
    recipient.set_facts("kind ed_attendance, area E09000033");
    recipient.set_attention(options_.act ? v1::ATTENTION_ACT : v1::ATTENTION_FILE);
    recipient.set_added_us(now_us);
    if (options_.act) recipient.set_acknowledge_by_us(now_us + 86'400'000'000);
  }
  key_.clear();
  put_u64(key_, position_);
  row_.clear();
  record_.AppendToString(&row_);
  store_.put(kv::Family::kEvent, key_, row_);
  if (options_.audit) record_hash_ = hash(row_);
}

void Shape::put_indexes() {
  if (!options_.index) return;
  const auto put = [&](char what, std::string_view name) {
    key_.assign(1, what).append(name);
    put_u64(key_, position_);
    if (options_.index_delta > 0) {
      index_delta_.push_back(key_);
    } else {
      store_.put(kv::Family::kIndex, key_, "");
    }
  };
  put('s', subject_);
  for (const auto& thread : header_.threads()) {
    const Hash h = Hasher(index_key_)
                       .add(uint64_t(thread.type()))
                       .add(thread.authority())
                       .add(thread.value())
                       .finish();
    put('t', view(h).substr(0, 16));
  }
  const Hash h = Hasher(index_key_)
                     .add(header_.agency())
                     .add(header_.system())
                     .add(header_.source_message_id())
                     .finish();
  put('m', view(h).substr(0, 16));
}

void Shape::put_audit() {
  if (!options_.audit) return;
  auto& entry = *block_.add_entries();
  entry.set_kind(v1::AUDIT_KIND_ACCEPTED);
  entry.set_position(position_);
  entry.set_event_position(position_);
  entry.set_digest(std::string(view(record_hash_)));
  entry.set_principal("X26/PAS adapter");
}

void Shape::received(int team, std::string_view endpoint, uint64_t through, int64_t now_us) {
  v1::CursorRecord cursor;
  cursor.set_through(through);
  cursor.set_at_us(now_us);
  cursor.set_epoch(1);
  cursor.set_endpoint(std::string(endpoint));
  key_.assign(1, 'c');
  put_u32(key_, static_cast<uint32_t>(team));
  key_.append(endpoint);
  row_.clear();
  cursor.AppendToString(&row_);
  store_.put(kv::Family::kState, key_, row_);
}

// P10: every state change has its entry in the same commit.
void Shape::put_audit_block(int64_t now_us) {
  if (!options_.audit || position_ == committed_) return;
  block_.set_epoch(1);
  block_.set_first(committed_ + 1);
  block_.set_last(position_);
  block_.set_time_us(now_us);
  block_.set_previous(std::string(view(head_)));
  row_.clear();
  block_.AppendToString(&row_);
  block_.clear_entries();
  key_.clear();
  put_u64(key_, committed_ + 1);
  store_.put(kv::Family::kAudit, key_, row_);
  head_ = Hasher().add_raw(view(head_)).add_raw(row_).finish();
  v1::HeadRecord record;
  record.set_epoch(1);
  record.set_position(position_);
  record.set_head(std::string(view(head_)));
  record.set_time_us(now_us);
  record.set_block_first(committed_ + 1);
  row_.clear();
  record.AppendToString(&row_);
  store_.put(kv::Family::kMeta, "head", row_);
  promise_.set_head(std::string(view(head_)));
  promise_.set_mac(
      std::string(view(Hasher(witness_key_).add(1).add(position_).add(view(head_)).finish())));
}

// Index rows follow from event rows: a crash loses none, as those since the last delta are read
// again.
void Shape::put_index_delta() {
  if (index_delta_.empty() || index_delta_.size() < options_.index_delta) return;
  std::sort(index_delta_.begin(), index_delta_.end());
  for (const auto& key : index_delta_) store_.put(kv::Family::kIndex, key, "");
  index_delta_.clear();
}

void Shape::commit(int64_t now_us) {
  put_index_delta();
  stopwatch_.lap(Part::kIndex);
  put_audit_block(now_us);
  promise_.set_position(position_);
  stopwatch_.lap(Part::kAudit);
  store_.write();
  stopwatch_.lap(Part::kWrite);
  store_.sync();
  stopwatch_.lap(Part::kSync);
  committed_ = position_;
}

void Shape::put_notice(std::string& out, const LiveEvent& event, int) {
  notice_.set_type(v1::ENTRY_TYPE_DELIVERY);
  notice_.set_position(event.position);
  notice_.set_event_id(event.event_id);
  notice_.set_disclosure(v1::DISCLOSURE_FULL);
  notice_.set_attention(options_.act ? v1::ATTENTION_ACT : v1::ATTENTION_FILE);
  notice_.set_urgency(v1::URGENCY_ROUTINE);
  notice_.set_cause(v1::CAUSE_ROUTE);
  notice_.set_route("route-ed-under-5");
  notice_.set_rule_version(12);
  notice_.set_accepted_us(event.accepted_us);
  if (options_.act) notice_.set_acknowledge_by_us(event.accepted_us + 86'400'000'000);
  notice_.mutable_call_back()->set_name("ED safeguarding lead nurse");
  notice_.mutable_call_back()->set_phone("020 7946 0101");
  notice_.mutable_out_of_hours()->set_name("Site manager");
  notice_.mutable_out_of_hours()->set_phone("020 7946 0102");
  put_varint(out, 2 << 3 | 2);
  put_varint(out, notice_.ByteSizeLong());
  notice_.AppendToString(&out);
}

}  // namespace switchboard::bench
