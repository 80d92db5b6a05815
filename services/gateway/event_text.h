// One server-sent event, and a comment that only keeps a connection awake, as a browser reads them.
//
// Pure. A line end in `data` begins a new data line; `event` and `id` lose theirs, so that nothing
// that was said can end an event early. Thread: any. Fails: not at all.
#pragma once

#include <string>
#include <string_view>

namespace switchboard::gateway {

inline constexpr std::string_view kStreamComment = ":\n\n";
void append_event(std::string& out, std::string_view event, std::string_view id,
                  std::string_view data);

}  // namespace switchboard::gateway
