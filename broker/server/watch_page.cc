#include "broker/server/watch_page.h"

#include "broker/base/limits.h"

namespace switchboard::server {

Result<v1::WatchRows> watch_rows(const View& view, const core::Presence& presence) {
  TRY(auto watched, core::watch(view.reads, view.directory, presence, view.now));
  if (watched.size() > limits::kWatchRowsMax) watched.resize(limits::kWatchRowsMax);
  v1::WatchRows out;
  for (auto& w : watched) *out.add_rows() = std::move(w.row);
  return out;
}

}  // namespace switchboard::server
