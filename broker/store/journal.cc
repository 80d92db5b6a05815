#include "broker/store/journal.h"

namespace switchboard::store {

std::string Journal::overlay_key(kv::Family family, std::string_view key) {
  std::string k(1, static_cast<char>(family));
  k.append(key);
  return k;
}

void Journal::put(kv::Family family, std::string_view key, std::string_view value) {
  pending_.put(family, key, value);
  overlay_[overlay_key(family, key)] = std::string(value);
}
void Journal::erase(kv::Family family, std::string_view key) {
  pending_.erase(family, key);
  overlay_[overlay_key(family, key)] = std::nullopt;
}
void Journal::append(kv::Family family, std::string_view key, std::string_view value) {
  pending_.put(family, key, value);
}

Result<std::optional<std::string>> Journal::get(kv::Family family, std::string_view key) const {
  if (!overlay_.empty()) {
    const auto it = overlay_.find(overlay_key(family, key));
    if (it != overlay_.end()) return it->second;
  }
  return kv_.get(family, key);
}
std::unique_ptr<kv::Scan> Journal::scan(kv::Family family, std::string_view from,
                                        std::string_view until) const {
  return kv_.scan(family, from, until);
}
std::unique_ptr<kv::Scan> Journal::scan_back(kv::Family family, std::string_view from,
                                             std::string_view until) const {
  return kv_.scan_back(family, from, until);
}

void Journal::fail(const Error& error) {
  if (!failure_) failure_ = error;
}
void Journal::written() {
  pending_.clear();
  overlay_.clear();
}

}  // namespace switchboard::store
