#include "broker/core/newest_sources.h"

#include "broker/base/limits.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

using Named = std::pair<std::string_view, std::string_view>;

Named source_of(const v1::EventRecord& event) { return {event.agency(), event.system()}; }

// Nothing is newer than it.
const std::string& never_newer() {
  static const std::string kLongest(limits::kNewestSourceBytesMax + 1, '\xff');
  return kLongest;
}

bool is_longer_or_after(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() > b.size() : a > b;
}

bool is_long(const Named& source) {
  return source.first.size() + source.second.size() > limits::kNewestSourceBytesMax;
}

}  // namespace

Status NewestSources::load(const store::Journal& journal) {
  TRY(const uint64_t indexed, store::read_indexed(journal));
  TRY(const auto kept, store::read_newest_sources(journal));
  complete_ = indexed == 0 || kept.has_value();
  newest_.clear();
  if (!kept) return ok();
  for (const auto& one : *kept) newest_[{one.agency, one.system}] = one.message_id;
  return ok();
}

bool NewestSources::is_newer(const v1::EventRecord& event) const {
  const auto& id = event.source_message_id();
  if (!complete_ || id.size() > limits::kNewestSourceBytesMax) return false;
  const auto newest = newest_.find(source_of(event));
  return newest != newest_.end() && is_longer_or_after(id, newest->second);
}

void NewestSources::accepted(const v1::EventRecord& event) {
  const Named source = source_of(event);
  const auto& id = event.source_message_id();
  if (id.empty() || is_long(source)) return;
  const bool kept = id.size() <= limits::kNewestSourceBytesMax;
  const auto newest = newest_.find(source);
  if (newest != newest_.end()) {
    if (!kept) newest->second = never_newer();
    if (kept && is_longer_or_after(id, newest->second)) newest->second = id;
  } else if (newest_.size() < limits::kNewestSourcesMax) {
    newest_.emplace(source, kept ? id : never_newer());
  }
}

void NewestSources::write(store::Journal& journal) const {
  std::vector<store::NewestSource> all;
  for (const auto& [source, id] : newest_) all.push_back({source.first, source.second, id});
  store::write_newest_sources(journal, all);
}

}  // namespace switchboard::core
