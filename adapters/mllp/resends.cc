#include "adapters/mllp/resends.h"

namespace switchboard::mllp {

uint32_t Resends::count(size_t listener, std::string_view bytes) {
  PerListener& own = per_listener_[listener];
  const Hash key = hash(bytes);
  if (const auto known = own.at.find(key); known != own.at.end()) {
    own.newest_first.splice(own.newest_first.begin(), own.newest_first, known->second);
    return ++known->second->times;
  }
  if (own.newest_first.size() == kKept) {
    own.at.erase(own.newest_first.back().bytes);
    own.newest_first.pop_back();
  }
  own.newest_first.push_front({.bytes = key, .times = 1});
  own.at.emplace(key, own.newest_first.begin());
  return 1;
}

uint32_t Resends::times(size_t listener, std::string_view bytes) const {
  const auto known = per_listener_[listener].at.find(hash(bytes));
  return known == per_listener_[listener].at.end() ? 0 : known->second->times;
}

}  // namespace switchboard::mllp
